#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"
#include "support/thrown.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

using namespace eigencoder;

namespace top_k_test {
namespace {

// The values that a full sort keeps: all from the k-th largest on (there are no ties).
VectorX<double> by_sorting(const VectorX<double>& x, Index k) {
  std::vector<double> sorted(x.data(), x.data() + x.size());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double smallest = sorted.at(static_cast<std::size_t>(k) - 1);
  return x.unaryExpr([=](double v) { return v >= smallest ? v : 0.0; });
}

template <class Code>
using Model = Autoencoder<Encoder<Input<20>, Dense<40>, Code>, Decoder<Dense<20>>, SquaredError, Precision<double>>;

}  // namespace

TEST_CASE("the k largest values of a sample stay, as they are, and exactly k") {
  for (const Shape shape : {Shape::flat(1), Shape::flat(37), Shape{5, 4, 3}, Shape::flat(500)})
    for (const Index k : {Index{1}, Index{2}, Index{7}, shape.size() / 2, shape.size() - 1, shape.size()}) {
      if (k < 1 || k > shape.size()) continue;
      INFO(shape.text().view() << ", k = " << k);
      for (const bool training : {true, false}) {
        Fixture<TopK<>> fixture(TopK{k}, shape, 9);
        fixture.training = training;
        const MatrixX<double> x = centered(shape.size(), 9), y = fixture.forward(x);
        for (Index j = 0; j < 9; ++j) {
          CHECK(y.col(j) == by_sorting(x.col(j), k));
          CHECK((y.col(j).array() != 0).count() == k);
        }
      }
    }
}

TEST_CASE("of equal values the first stay") {
  Fixture<TopK<>> fixture(TopK{3}, Shape::flat(6), 2);
  const MatrixX<double> x = (MatrixX<double>(6, 2) << 2, -1, 5, -1, 2, -1, 2, -1, 1, -1, 2, -1).finished();
  const MatrixX<double> kept = (MatrixX<double>(6, 2) << 2, -1, 5, -1, 2, -1, 0, 0, 0, 0, 0, 0).finished();
  CHECK(fixture.forward(x) == kept);
  for (const double constant : {0.0, 3.0}) {
    Fixture<TopK<>> wide(TopK{2}, Shape::flat(200), 1);
    const MatrixX<double> same = MatrixX<double>::Constant(200, 1, constant);
    MatrixX<double> expected = MatrixX<double>::Zero(200, 1);
    expected.topRows(2).setConstant(constant);
    CHECK(wide.forward(same) == expected);
    const MatrixX<double> ones = MatrixX<double>::Ones(200, 1), passed = wide.jvp(same, ones);
    CHECK(passed.sum() == 2);
    CHECK(passed.topRows(2).sum() == 2);
  }
}

TEST_CASE("NaN is kept, so that it is not hidden") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (const Index n : {4, 64}) {
    Fixture<TopK<>> fixture(TopK{2}, Shape::flat(n), 1);
    MatrixX<double> x = MatrixX<double>::Constant(n, 1, nan);
    CHECK((fixture.forward(x).array() != fixture.forward(x).array()).count() == 2);
    x.setConstant(-inf);
    x(1) = inf;
    x(3) = nan;
    const MatrixX<double> y = fixture.forward(x);
    CHECK(y(1) == inf);
    CHECK(std::isnan(y(3)));
    CHECK((y.array() == 0).count() == n - 2);
  }
}

TEST_CASE("the gradient passes through what stays") {
  const MatrixX<double> x = centered(30, 8), dy = centered(30, 8, 2);
  Fixture<TopK<6>> fixture({}, Shape::flat(30), 8);
  const MatrixX<double> y = fixture.forward(x);
  Collected none;
  CHECK(fixture.backward(x, dy, none) == MatrixX<double>((y.array() != 0).select(dy, 0.0)));
  CHECK(none.blocks[0].empty());
}

TEST_CASE("a model with a code of k values: gradient, code and name") {
  const MatrixX<double> x = centered(20, 7);
  Model<TopK<5>> model;
  CHECK(gradient_error(model, x).worst <= 1e-7);
  const MatrixX<double> codes = model.encode(x);
  for (Index j = 0; j < 7; ++j) CHECK((codes.col(j).array() != 0).count() == 5);
  CHECK(codes == Model<TopK<>>(Encoder<Input<20>, Dense<40>, TopK<>>({}, {}, TopK{5})).encode(x));
  CHECK(says(model.summary(), {"TopK<5>"}));
  CHECK(TopK{5}.name().view() == "TopK{5}");
}

TEST_CASE("a mirrored decoder leaves out the code's selection, but not one inside the encoder") {
  using Last = Autoencoder<Encoder<Input<20>, Dense<40>, TopK<5>>, Decoder<Mirror>, SquaredError>;
  STATIC_REQUIRE(Last::layer_count() == 3);  // Dense, TopK and the mirrored Dense
  using Within = Autoencoder<Encoder<Input<20>, Dense<40>, TopK<5>, Dense<3>>, Decoder<Mirror>, SquaredError>;
  STATIC_REQUIRE(Within::layer_count() == 6);
}

TEST_CASE("more values than there are, or none, are refused") {
  constexpr Encoder<Input<20>, Dense<4>, TopK<5>> encoder;
  constexpr Diagnosis many = detail::diagnose_layers(detail::assemble(encoder, Decoder<Dense<20>>{}));
  CHECK(many.case_text().view() == "TopK<5>: got 4 values, expected at least 5 values");
  for (const Index k : {5, 0, -1, -2, -7}) {
    const auto message = thrown<CompositionError>([=] {
      Autoencoder model{Encoder{Input{20}, Dense{4}, TopK{k}}, Decoder{Dense{20}}, SquaredError{}};
    });
    INFO(k << ": " << message);
    CHECK(says(message, {"TopK"}));
  }
  CHECK_NOTHROW(Autoencoder{Encoder{Input{20}, Dense{4}, TopK{4}}, Decoder{Dense{20}}, SquaredError{}});
  CHECK_NOTHROW(Autoencoder{Encoder{Input<20>{}, Dense<4>{}, TopK{4}}, Decoder{Dense<20>{}}, SquaredError{}});
  CHECK_THROWS_AS((Autoencoder{Encoder{Input<20>{}, Dense<4>{}, TopK{5}}, Decoder{Dense<20>{}}, SquaredError{}}),
                  CompositionError);
}

}  // namespace top_k_test
