#include <eigencoder/evaluation/sample_losses.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <limits>
#include <numeric>
#include <type_traits>

#include "laws/list.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace sample_losses_test {
namespace {

using Matrix = MatrixX<double>;

constexpr Index count = 300;  // more than a batch of inference

/// Samples that every loss accepts: those of three channels sum to 1 over them, and so do flat ones.
Matrix values(Shape shape, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  Matrix x(shape.channels, shape.height * shape.width * count);
  for (double& value : x.reshaped()) value = random.uniform();
  for (Index j = 0; j < x.cols(); ++j) x.col(j) /= x.col(j).sum();
  return x.reshaped(shape.size(), count);
}

/// Gives a model parameters with which samples differ in their losses.
template <class Model>
void perturb(Model& model) {
  Random random(3, Purpose::user);
  for (auto& value : model.parameters()) value += static_cast<typename Model::Scalar>(0.3 * random.normal());
}

/// The model's loss, at its learned values.
template <class Model>
auto learned_loss(const Model& model) {
  if constexpr (LearnedLoss<std::remove_cvref_t<decltype(model.loss())>>) {
    const Index last = model.layout().blocks().back().offset;
    REQUIRE(model.parameters()[static_cast<std::size_t>(last)] != 0);
    return model.loss().at(model.parameters().data() + last);
  } else {
    return model.loss();
  }
}

/// The losses are those of the model's outputs, and agree with `evaluate`, of inputs and of pairs.
template <class Model>
void check(Model model) {
  perturb(model);
  const Matrix x = values(model.input_shape(), 1), t = values(model.input_shape(), 2);
  const Matrix outputs = model.activation(x, model.layer_count() - 1);
  const auto agrees = [&](const std::vector<double>& losses, const Matrix& targets, const auto& evaluate) {
    REQUIRE(losses.size() == static_cast<std::size_t>(count));
    const double mean = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(count);
    const double expected = evaluate(0, count).loss;
    CHECK(std::abs(mean - expected) <= 1e-12 * std::abs(expected));
    for (const Index j : {0, 1, 255, 256, 299}) {
      const double loss = losses[static_cast<std::size_t>(j)];
      CHECK(std::abs(loss - evaluate(j, 1).loss) <= 1e-11 * std::abs(loss));
    }
    for (Index j = 0; j < count; ++j) {
      const double expected_loss = learned_loss(model).value_and_gradient(
          outputs.col(j).data(), targets.col(j).data(), static_cast<double*>(nullptr), outputs.rows(),
          model.input_shape().channels, 1.0);
      REQUIRE(losses[static_cast<std::size_t>(j)] == Approx(expected_loss).epsilon(1e-12));
    }
    CHECK(*std::max_element(losses.begin(), losses.end()) > *std::min_element(losses.begin(), losses.end()));
  };
  agrees(sample_losses(model, x), x,
         [&](Index first, Index n) { return model.evaluate(x.middleCols(first, n)); });
  agrees(sample_losses(model, x, t), t,
         [&](Index first, Index n) { return model.evaluate(x.middleCols(first, n), t.middleCols(first, n)); });
}

using Flat = Encoder<Input<6>, Dense<5>, Tanh, Dense<2>>;
using Images = Encoder<Image<4, 5, 3>, Conv2d<4, 3, Stride<2>, Same>, BatchNorm, Gelu, Dropout, Dense<3>>;

template <class Loss>
void check_loss() {
  INFO(Loss::name);
  check(Autoencoder<Flat, Decoder<Mirror>, Loss, Precision<double>>());
  check(Autoencoder<Images, Decoder<Mirror>, Loss, Precision<double>>());
}

using Plain = Autoencoder<Encoder<Input<6>, Dense<3>, Tanh>, Decoder<Mirror>, SquaredError>;

}  // namespace

TEST_CASE("the mean of the samples' losses is the loss of the evaluation") {
  laws::each(laws::Losses{}, []<class L>() { check_loss<L>(); });
  laws::each(laws::LearnedLosses{}, []<class L>() { check_loss<L>(); });
}

TEST_CASE("samples' losses are those of the mean code, without a bottleneck's terms") {
  using Decoded = Decoder<Mirror>;
  check(Autoencoder<Flat, Decoded, Bernoulli, Variational<>, Precision<double>>());
  check(Autoencoder<Flat, Decoded, Gaussian, ImportanceWeighted, Precision<double>>());
  check(Autoencoder<Flat, Decoded, SquaredError, VectorQuantized<9>, Precision<double>>());

  Autoencoder<Flat, Decoded, SquaredError, Variational<>, Precision<double>> model;
  perturb(model);
  const Matrix x = values(model.input_shape(), 1);
  const std::vector<double> losses = sample_losses(model, x), errors = squared_errors(x, model.reconstruct(x));
  for (std::size_t j = 0; j < losses.size(); ++j) CHECK(losses[j] == Approx(errors[j]).epsilon(1e-12));
}

TEST_CASE("policies that change training alone do not change samples' losses") {
  check(Autoencoder<Flat, Decoder<Mirror>, SquaredError, Denoising<Masking>, Sparse<L1>, WeightDecay<>,
                    Precision<double>>());
}

TEST_CASE("samples' losses of blocks, data sets and streams have the same bits, for any number of threads") {
  Plain model;
  perturb(model);
  const MatrixX<float> x = values(model.input_shape(), 1).cast<float>();
  const std::vector<double> losses = sample_losses(model, x);
  Dataset<float> set;
  set.samples = x;
  CHECK(sample_losses(model, set) == losses);
  MatrixX<float> wide(9, count);
  wide.bottomRows(6) = x;
  CHECK(sample_losses(model, wide.bottomRows(6)) == losses);
  CHECK(sample_losses(model, x, x) == losses);
  CHECK(sample_losses(model, Stream{AnyOrder{x}}) == losses);
  Stream in_order{InOrder{x}, {.shuffle_window = 70}};
  CHECK(sample_losses(model, in_order) == losses);
  for (const int threads : {1, 2, 3}) {
    set_threads(threads);
    CHECK(sample_losses(model, x) == losses);
  }
  set_threads(0);
}

TEST_CASE("samples' losses refuse what the evaluation refuses") {
  const Plain model;
  MatrixX<float> x = MatrixX<float>::Constant(6, 4, 0.5F);
  const MatrixX<float> wide = MatrixX<float>::Zero(7, 4), few = x.leftCols(3), none(6, 0);
  CHECK(says(thrown<ShapeError>([&] { sample_losses(model, wide); }), {"sample_losses: inputs", "7 x 4"}));
  CHECK(says(thrown<ShapeError>([&] { sample_losses(model, x, wide); }), {"sample_losses: targets", "7 x 4"}));
  CHECK(says(thrown<ShapeError>([&] { sample_losses(model, x, few); }), {"sample_losses: targets", "3", "4"}));
  CHECK(says(thrown<DataError>([&] { sample_losses(model, none); }), {"sample_losses: inputs", "no samples"}));
  const Autoencoder<Encoder<Input<6>, Dense<3>>, Decoder<Mirror>, Bernoulli> binary;
  x(1, 2) = 2;
  CHECK(says(thrown<DataError>([&] { sample_losses(binary, x); }), {"sample_losses", "sample 2", "Bernoulli"}));
  CHECK(says(thrown<DataError>([&] { sample_losses(binary, Stream{AnyOrder{x}}); }), {"sample 2", "Bernoulli"}));
  x(1, 2) = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(thrown<DataError>([&] { sample_losses(model, x); }), {"sample_losses", "sample 2", "NaN", "value 1"}));
  Plain moved;
  const Plain taken = std::move(moved);
  CHECK(says(thrown<OptionError>([&] { sample_losses(moved, few); }), {"moved from"}));
}

}  // namespace sample_losses_test
