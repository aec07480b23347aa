// Which labels a classifier takes, and how it refuses the others.
#include <eigencoder/classification.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/optimizers/adam.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classification/blobs.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace labels_test {
namespace {

using Small = Classifier<Encoder<Input<5>, Dense<8>, Tanh>, Classes<3>>;

}  // namespace

TEST_CASE("labels are whole numbers of any type, in any array") {
  const Small classifier;
  const MatrixX<float> expected = classifier.targets(std::vector<int>{2, 0, 1});
  CHECK((expected.rows() == 1 && expected(0, 0) == 2 && expected(0, 1) == 0 && expected(0, 2) == 1));
  const std::vector<std::uint8_t> bytes{2, 0, 1};
  CHECK(classifier.targets(bytes) == expected);
  CHECK(classifier.targets(std::span(bytes)) == expected);
  CHECK(classifier.targets(std::array<std::uint64_t, 3>{2, 0, 1}) == expected);
  CHECK(classifier.targets(std::array<std::int64_t, 3>{2, 0, 1}) == expected);
  CHECK(classifier.targets(std::array<double, 3>{2, 0, 1}) == expected);
  CHECK(classifier.targets(Eigen::Vector3i(2, 0, 1)) == expected);
  CHECK(classifier.targets(Eigen::RowVector3f(2, 0, 1)) == expected);
  CHECK(classifier.targets(MatrixX<float>(expected).row(0)) == expected);
  CHECK(classifier.targets(std::array<std::int8_t, 3>{2, 0, 1}) == expected);
  CHECK(classifier.targets(std::array<char, 3>{2, 0, 1}) == expected);
  CHECK(classifier.targets(std::vector<std::int16_t>{2, 0, 1}) == expected);
  CHECK(classifier.targets(std::vector<std::uint32_t>{2, 0, 1}) == expected);
  CHECK(classifier.targets(std::vector<bool>{true, false}) == classifier.targets(std::vector<int>{1, 0}));
  CHECK(classifier.targets(std::array<bool, 2>{true, false}) == classifier.targets(std::vector<int>{1, 0}));
}

TEST_CASE("labels in braces are those of a vector") {
  const Blobs data = blobs(3, 1);
  Small classifier{Classes<3>{{"cat", "dog", "bird"}}}, other = classifier;
  CHECK(classifier.targets({2, 0, 1}) == classifier.targets(std::vector<int>{2, 0, 1}));
  CHECK(classifier.targets({"bird", "cat"}) == classifier.targets(std::vector<int>{2, 0}));
  classifier.fit(data.samples, {0, 1, 2}, Adam{}, {.epochs = 1});
  other.fit(data.samples, std::vector<int>{0, 1, 2}, Adam{}, {.epochs = 1});
  CHECK(std::ranges::equal(classifier.parameters(), other.parameters()));
  CHECK(classifier.evaluate(data.samples, {0, 1, 2}).confusion ==
        classifier.evaluate(data.samples, std::vector<int>{0, 1, 2}).confusion);
  const auto three = [&] { classifier.fit(data.samples, {0, 1, 3}, Adam{}); };
  CHECK(says(thrown<DataError>(three), {"sample 2", "label 3"}));
}

TEST_CASE("labels are names where the classes have some") {
  const Small classifier{Classes<3>{{"cat", "dog", "bird"}}};
  CHECK(classifier.targets(std::vector<std::string>{"bird", "cat"}) == classifier.targets(std::vector<int>{2, 0}));
  CHECK(classifier.targets(std::array<std::string_view, 1>{"dog"})(0, 0) == 1);
  CHECK(classifier.targets(std::array<const char*, 1>{"dog"})(0, 0) == 1);
  CHECK(classifier.classes().names[2] == "bird");
  const auto fish = [&] { classifier.targets(std::vector<std::string>{"cat", "fish"}); };
  CHECK(says(thrown<DataError>(fish), {"sample 1", "'fish'", "the name of no class"}));
  const auto unnamed = [] { Small().targets(std::vector<std::string>{"cat"}); };
  CHECK(says(thrown<DataError>(unnamed), {"sample 0", "'cat'", "no names"}));
}

TEST_CASE("a label that is no class is refused by name, and nothing changes") {
  const Blobs data = blobs(4, 1);
  Small classifier;
  const std::vector<float> before(classifier.parameters().begin(), classifier.parameters().end());
  const auto message = [&](auto... labels) {
    return thrown<DataError>([&] { classifier.fit(data.samples, std::vector{labels...}, Adam{}); });
  };
  CHECK(says(message(0, 1, 3, 1), {"fit", "sample 2", "label 3", "from 0 to 2"}));
  CHECK(says(message(0, -1, 1, 1), {"sample 1", "label -1"}));
  CHECK(says(message(0.0, 1.0, 1.5, 1.0), {"sample 2", "label 1.5", "whole number"}));
  CHECK(says(message(0.0, 1.0, 1.0, std::nan("")), {"sample 3", "nan"}));
  CHECK(says(message(std::uint64_t{0}, std::uint64_t{1} << 63, std::uint64_t{0}, std::uint64_t{0}), {"sample 1"}));
  const auto three = [&] { classifier.fit(data.samples, std::vector{0, 1, 2}, Adam{}); };
  CHECK(says(thrown<ShapeError>(three), {"3 labels for 4 samples"}));
  const auto none = [&] { classifier.fit(data.samples, std::vector<int>(), Adam{}); };
  CHECK(says(thrown<ShapeError>(none), {"0 labels for 4 samples"}));
  const auto evaluated = [&] { classifier.evaluate(data.samples, std::vector{0, 1, 2, 7}); };
  CHECK(says(thrown<DataError>(evaluated), {"evaluate", "sample 3", "label 7"}));
  CHECK_THROWS_AS(classifier.evaluate(MatrixX<float>(5, 0), std::vector<int>()), DataError);
  CHECK(std::ranges::equal(before, classifier.parameters()));
  CHECK(classifier.epochs().empty());
}

TEST_CASE("classes that make no classifier are refused") {
  const Encoder encoder{Input{5}, Dense{8}};
  const auto message = [&](const Classes<>& classes) {
    return thrown<OptionError>([&] { Classifier{encoder, classes}; });
  };
  CHECK(says(message(Classes{1}), {"Classes.count", "at least 2"}));
  CHECK(says(message(Classes{-3}), {"Classes.count"}));
  CHECK(says(message(Classes{std::vector<std::string>{"a", "b", "a"}}), {"Classes.names", "differ"}));
  CHECK(says(message(Classes{std::vector<std::string>{"a", ""}}), {"Classes.names", "empty"}));
  CHECK(says(thrown<OptionError>([] { Small{Classes<3>{{"a", "b"}}}; }), {"Classes.names", "as many"}));
  Classes<3> miscounted;
  miscounted.count = 100000;
  CHECK(says(thrown<OptionError>([&] { Small{miscounted}; }), {"Classes.count", "agree with the type"}));
  CHECK_THROWS_AS((Classifier{encoder, Classes{3, {1, 2}}}), CompositionError);
}

}  // namespace labels_test
