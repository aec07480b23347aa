// What is unknown enters as 0, costs nothing and gives no gradient.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/testing.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws/samples.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace missing_values_test {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
using Layers = Encoder<Input<7>, Dense<6>, Tanh, Dense<3>>;

// Samples in (0, 1) with a fifth of the values unknown, differently in every sample.
MatrixX<double> with_gaps(MatrixX<double> x) {
  for (Index j = 0; j < x.cols(); ++j)
    for (Index i = 0; i < x.rows(); ++i)
      if ((i + 2 * j) % 5 == 0) x(i, j) = unknown;
  return x;
}
MatrixX<double> without_gaps(const MatrixX<double>& x, double value) {
  return x.unaryExpr([&](double v) { return std::isnan(v) ? value : v; });
}

template <class... P>
void check_same_bits() {
  const MatrixX<double> x = laws::samples(7, 9, false);
  Autoencoder<Layers, Decoder<Mirror>, P...> plain;
  Autoencoder<Layers, Decoder<Mirror>, P..., MissingValues<>> model;
  const FitOptions<double> options{.epochs = 3, .batch_size = 4};
  plain.fit(x, Adam{}, options);
  model.fit(x, Adam{}, options);
  CHECK(std::ranges::equal(plain.parameters(), model.parameters()));
  CHECK(plain.reconstruct(x) == model.reconstruct(x));
  const Evaluation before = plain.evaluate(x), now = model.evaluate(x);
  CHECK(before.loss == now.loss);
  CHECK(before.mse == now.mse);
}

// The gradient with unknown values is that of a model that gets 0 for them, and whose targets there are its outputs.
template <class Loss>
void check_gradient_by_hand() {
  const MatrixX<double> x = with_gaps(laws::samples(7, 5, false));
  Autoencoder<Layers, Decoder<Mirror>, Loss, Precision<double>> plain;
  Autoencoder<Layers, Decoder<Mirror>, Loss, Precision<double>, MissingValues<>> model;
  const MatrixX<double> inputs = without_gaps(x, 0), outputs = plain.reconstruct(inputs);
  MatrixX<double> targets = x;
  for (Index i = 0; i < x.size(); ++i)
    if (std::isnan(x.data()[i])) targets.data()[i] = outputs.data()[i];
  std::vector<double> expected(plain.parameters().size()), gradient(expected.size());
  plain.gradient(inputs, targets, expected);
  const double objective = model.gradient(x, x, gradient);
  CHECK(relative_error(gradient, expected) < 1e-14);

  double sum = 0, squares = 0;
  Index known = 0;
  for (Index i = 0; i < x.size(); ++i) {
    if (std::isnan(x.data()[i])) continue;
    const double output = model.activation(x, 5).data()[i], mean = outputs.data()[i] - x.data()[i];
    sum += Loss{}.value_and_gradient(&output, x.data() + i, static_cast<double*>(nullptr), 1, 1, 1.0);
    squares += mean * mean;
    ++known;
  }
  CHECK(objective == Approx(sum / 5).epsilon(1e-13));
  CHECK(model.evaluate(x).loss == Approx(sum / 5).epsilon(1e-13));
  CHECK(model.evaluate(x).mse == Approx(squares / static_cast<double>(known)).epsilon(1e-13));
  CHECK(model.encode(x) == plain.encode(inputs));
}

}  // namespace

TEST_CASE("where nothing is missing, the bits are those of a model without the policy") {
  check_same_bits<SquaredError, Precision<double>>();
  check_same_bits<Bernoulli, Precision<double>, Denoising<Masking>>();
  check_same_bits<LearnedGaussian, Precision<double>, Variational<>>();
}

TEST_CASE("an unknown value enters as 0, costs nothing and gives no gradient") {
  check_gradient_by_hand<SquaredError>();
  check_gradient_by_hand<Gaussian>();
  check_gradient_by_hand<Huber>();
  check_gradient_by_hand<Bernoulli>();
}

TEST_CASE("inputs and targets may have gaps of their own") {
  const MatrixX<double> x = laws::samples(7, 5, false), y = laws::samples(7, 5, false, 2);
  Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>> plain;
  Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>, MissingValues<>> model;
  std::vector<double> expected(plain.parameters().size()), gradient(expected.size());
  plain.gradient(without_gaps(with_gaps(x), 0), y, expected);
  model.gradient(with_gaps(x), y, gradient);
  CHECK(gradient == expected);
  CHECK_NOTHROW(model.fit(x, with_gaps(y), Adam{}, {.epochs = 1}));
  CHECK(std::ranges::none_of(model.parameters(), [](double value) { return std::isnan(value); }));
}

TEST_CASE("the mask follows the values of each pixel") {
  Workspace<double> workspace(1);
  MatrixX<double> x(6, 1), to(12, 1);
  x << 5, unknown, 7, 8, unknown, unknown;
  const Pass<double> pass{workspace, 1};
  const MatrixX<double> before = x;
  CHECK(detail::feed_known<true>(pass, Shape{1, 2, 3}, x.data(), to.data()) == to.data());
  CHECK(to == (MatrixX<double>(12, 1) << 5, 0, 7, 1, 0, 1, 8, 0, 0, 1, 0, 0).finished());
  x = before;
  detail::feed_known<true>(pass, Shape::flat(6), x.data(), to.data());
  CHECK(to == (MatrixX<double>(12, 1) << 5, 0, 7, 8, 0, 0, 1, 0, 1, 1, 0, 0).finished());
  CHECK(x == (MatrixX<double>(6, 1) << 5, 0, 7, 8, 0, 0).finished());
}

TEST_CASE("with the mask, an unknown value is not a 0") {
  Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>, MissingValues<MaskAsInput>> model;
  const MatrixX<double> x = with_gaps(laws::samples(7, 5, false));
  CHECK(model.encode(x) != model.encode(without_gaps(x, 0)));
  CHECK(model.input_shape() == Shape::flat(7));
  CHECK(model.layout().block(0).rows * model.layout().block(0).cols == 14 * 6);
  CHECK(model.reconstruct(x).rows() == 7);
  Workspace<double> workspace;
  for (int again = 0; again < 2; ++again) CHECK(model.encode(x, workspace).matrix() == model.encode(x));
  // By value, and for images.
  const Autoencoder by_value{Encoder{Input{7}, Dense{6}, Tanh{}, Dense{3}}, Mirror{}, SquaredError{},
                             MissingValues<MaskAsInput>{.drop_rate = 0.5}, Precision<double>{}};
  CHECK(by_value.parameter_count() == model.parameter_count());
  // What comes before the first linear layer keeps the mask; the mirror still ends with the values alone.
  const Autoencoder<Encoder<Input<7>, Dropout, Dense<6>, Tanh>, Decoder<Mirror>, SquaredError, Precision<double>,
                    MissingValues<MaskAsInput>>
      dropped;
  CHECK(dropped.reconstruct(x).rows() == 7);
  const Autoencoder<Encoder<Image<4, 4, 2>, Conv2d<3, 3, Same>, Relu, Conv2d<1, 3>>, Decoder<Mirror>, SquaredError,
                    Precision<double>, MissingValues<MaskAsInput>>
      images;
  CHECK(images.reconstruct(with_gaps(laws::samples(32, 3, false))).rows() == 32);
}

TEST_CASE("values are hidden from inputs alone, in groups") {
  const MissingValues<> policy{.drop_rate = 0.3, .groups = {2, 1, 3}};
  const Shape shape = Shape::flat(8);
  std::vector<int> hidden(8, 0);
  for (std::uint32_t j = 0; j < 2000; ++j) {
    double sample[8] = {1, 2, unknown, 4, 5, 6, 7, 8}, known[8] = {};
    Random random(3, Purpose::hiding, 0, 0, j), same = random;
    policy.hide(sample, shape, random);
    policy.hide(known, shape, same);
    REQUIRE(random.next() == same.next());  // as many draws, whatever the values
    for (std::size_t i = 0; i < 8; ++i) {
      hidden[i] += std::isnan(known[i]) ? 1 : 0;
      REQUIRE(std::isnan(sample[i]) == (std::isnan(known[i]) || i == 2));
    }
    REQUIRE(std::isnan(known[0]) == std::isnan(known[1]));
    REQUIRE((std::isnan(known[3]) == std::isnan(known[4]) && std::isnan(known[4]) == std::isnan(known[5])));
  }
  for (const int count : hidden) CHECK(std::abs(count - 600) < 4 * std::sqrt(2000 * 0.3 * 0.7));
  CHECK(hidden[6] != hidden[7]);
  // The targets of what is hidden count: with everything but the first value hidden, the loss is that of all values.
  using Model = Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>, MissingValues<>>;
  const MatrixX<double> x = laws::samples(7, 3, false);
  Model hides{MissingValues{.drop_rate = 1 - 1e-12}}, knows;
  std::vector<double> gradient(hides.parameters().size());
  const double objective = hides.gradient(x, x, gradient);
  CHECK(objective == Approx(knows.evaluate(MatrixX<double>::Zero(7, 3).eval(), x).loss).epsilon(1e-14));
}

TEST_CASE("corruptions leave unknown values unknown, and emphasis skips them") {
  using Policy = Denoising<Masking>;
  const Policy policy{Masking{.rate = 1 - 1e-12}, 2, 0.5};
  const MatrixX<double> x = with_gaps(laws::samples(7, 4, false));
  Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>, Policy, MissingValues<MaskAsInput>> model{
      policy};
  std::vector<double> gradient(model.parameters().size());
  // All known values are masked, and still known: the mask says so.
  const double objective = model.gradient(x, x, gradient);
  const MatrixX<double> masked = x.unaryExpr([](double v) { return std::isnan(v) ? v : 0.0; });
  CHECK(objective == Approx(2 * model.evaluate(masked, x).loss).epsilon(1e-14));
}

TEST_CASE("what is infinite, wholly unknown, or out of range is refused, with its place") {
  const MatrixX<double> x = laws::samples(7, 4, false);
  Autoencoder<Layers, Decoder<Mirror>, Bernoulli, Precision<double>, MissingValues<>> model;
  const auto fit = [&](const MatrixX<double>& data) {
    return thrown<DataError>([&] { model.fit(data, Adam{}, {.epochs = 1}); });
  };
  const std::vector<double> before(model.parameters().begin(), model.parameters().end());
  MatrixX<double> bad = x;
  bad(2, 1) = std::numeric_limits<double>::infinity();
  CHECK(says(fit(bad), {"fit: inputs: sample 1 holds infinity at value 2"}));
  bad = x;
  bad.col(3).setConstant(unknown);
  CHECK(says(fit(bad), {"fit: inputs: sample 3 has no known value"}));
  CHECK(says(thrown<DataError>([&] { model.encode(bad); }), {"encode: sample 3 has no known value"}));
  bad = x;
  bad.row(5).setConstant(unknown);
  CHECK(says(fit(bad), {"fit: inputs: value 5 is unknown in all samples"}));
  CHECK_NOTHROW(model.evaluate(bad));
  bad(1, 2) = 1.5;
  CHECK(says(fit(bad), {"sample 2 is outside the range of Bernoulli"}));
  bad = x;
  bad(1, 2) = unknown;
  CHECK(std::ranges::equal(before, model.parameters()));
  CHECK_NOTHROW(model.fit(bad, Adam{}, {.epochs = 1}));
  const Autoencoder<Layers, Decoder<Mirror>, Bernoulli, Precision<double>> plain;
  CHECK(says(thrown<DataError>([&] { plain.encode(bad); }),
             {"encode: sample 2 holds NaN at value 1; unknown values need the policy MissingValues"}));
  CHECK(says(thrown<OptionError>([&] { decltype(model){MissingValues{.drop_rate = 1}}; }), {"less than 1"}));
  CHECK(says(thrown<OptionError>([&] { decltype(model){MissingValues<>{.groups = {2, 0}}}; }),
             {"MissingValues.groups"}));
}

TEST_CASE("a sample with gaps is trimmed by the loss of its known values") {
  MatrixX<double> x = laws::samples(7, 10, false);
  x.col(4) *= 100;
  x.col(4).tail(6).setConstant(unknown);
  x.col(6) *= 50;
  Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>, MissingValues<>> model, of_weights;
  const std::vector<double> weights{1, 1, 1, 1, 1, 1, 0, 1, 1, 1};  // that of the largest loss
  model.fit(x, Adam{}, {.epochs = 1, .batch_size = 10, .shuffle = false, .trim = 0.1});
  of_weights.fit(x, Adam{}, {.epochs = 1, .batch_size = 10, .shuffle = false, .sample_weights = weights});
  CHECK(std::ranges::equal(model.parameters(), of_weights.parameters()));
}

TEST_CASE("the derivative of a code by an unknown value is 0") {
  const Autoencoder<Layers, Decoder<Mirror>, SquaredError, Precision<double>, MissingValues<>> model;
  MatrixX<double> x = laws::samples(7, 1, false);
  x(2) = unknown;
  const MatrixX<double> derivatives = jacobian(model, x);
  CHECK(derivatives.allFinite());
  CHECK(derivatives.col(2).isZero(0));
  CHECK_FALSE(derivatives.col(3).isZero(0));
}

TEST_CASE("imputed samples keep what is known") {
  const MatrixX<double> x = with_gaps(laws::samples(7, 6, false));
  Autoencoder<Layers, Decoder<Mirror>, Gaussian, Precision<double>, MissingValues<>, Variational<>> model;
  const MatrixX<double> filled = impute(model, x), reconstructed = model.reconstruct(x), drawn = impute(model, x, 3, 9);
  REQUIRE(drawn.cols() == 18);
  for (Index j = 0; j < 6; ++j)
    for (Index i = 0; i < 7; ++i) {
      const bool known = !std::isnan(x(i, j));
      CHECK(filled(i, j) == (known ? x(i, j) : reconstructed(i, j)));
      for (Index k = 0; k < 3; ++k) CHECK((drawn(i, 3 * j + k) == filled(i, j)) == known);
    }
  CHECK(drawn.col(0) != drawn.col(1));
  CHECK((impute(model, View<double>(x).columns(0, 2), 3, 9) - drawn.leftCols(6)).norm() < 1e-14);
  CHECK(impute(model, without_gaps(x, 0.5)) == without_gaps(x, 0.5));
  CHECK(says(thrown<OptionError>([&] { impute(model, x, 0); }), {"impute: 0 draws"}));
  CHECK(says(thrown<DataError>([&] { impute(model, MatrixX<double>::Constant(7, 1, unknown).eval()); }),
             {"no known value"}));
}

}  // namespace missing_values_test
