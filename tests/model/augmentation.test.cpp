// Augmentation and dropout in a model: what they change, and when.
#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <set>

using namespace eigencoder;

namespace augmentation_test {
namespace {

constexpr Shape shape{4, 5, 2};
template <class... Policies>
using Model = Autoencoder<Encoder<Image<4, 5, 2>, Dense<12>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError,
                          Policies...>;

template <class M>
double objective(const M& model, const MatrixX<float>& x, const MatrixX<float>& t, std::uint64_t step = 0,
                 std::uint64_t seed = 0) {
  std::vector<float> gradient(model.parameters().size());
  return model.gradient(x, t, gradient, seed, step);
}

MatrixX<float> flipped(const MatrixX<float>& x) {
  MatrixX<float> out(x.rows(), x.cols());
  for (Index j = 0; j < x.cols(); ++j)
    for (Index row = 0; row < shape.height; ++row)
      for (Index col = 0; col < shape.width; ++col)
        for (Index c = 0; c < shape.channels; ++c)
          out((row * shape.width + col) * shape.channels + c, j) =
              x((row * shape.width + shape.width - 1 - col) * shape.channels + c, j);
  return out;
}

}  // namespace

TEST_CASE("inputs and targets of a sample change alike") {
  const MatrixX<float> x = unit_samples(40, 16, 1), t = unit_samples(40, 16, 2);
  const Model<> plain;
  const Model<Augmented<HorizontalFlip>> certain{Augmented{HorizontalFlip{.probability = 1}}};
  CHECK(objective(certain, x, x) == objective(plain, flipped(x), flipped(x)));
  CHECK(objective(certain, x, t) == objective(plain, flipped(x), flipped(t)));

  // Each sample has its own draw: its objective is that of the flipped pair or that of the original one.
  const Model<Augmented<HorizontalFlip>> drawn;
  int flips = 0;
  for (std::uint64_t step = 0; step < 40; ++step) {
    const double got = objective(drawn, x.leftCols(1), t.leftCols(1), step);
    const double as_is = objective(plain, x.leftCols(1), t.leftCols(1));
    const double turned = objective(plain, flipped(x.leftCols(1)), flipped(t.leftCols(1)));
    CHECK((got == as_is || got == turned));
    flips += got == turned ? 1 : 0;
  }
  CHECK(flips > 4);  // 20 expected; the bound is 5 standard errors below
  CHECK(flips < 36);
}

TEST_CASE("draws are fresh at each step and under each seed, and repeat under the same") {
  const MatrixX<float> x = unit_samples(40, 8);
  const Model<Augmented<Shift>> model{Augmented{Shift{.pixels = 3}}};
  std::set<double> seen;
  for (std::uint64_t step = 0; step < 20; ++step) seen.insert(objective(model, x, x, step));
  for (std::uint64_t seed = 1; seed < 20; ++seed) seen.insert(objective(model, x, x, 0, seed));
  CHECK(seen.size() == 39);
  CHECK(objective(model, x, x, 3) == objective(model, x, x, 3));
}

TEST_CASE("evaluation, validation and codes are on clean samples") {
  const MatrixX<float> x = unit_samples(40, 30), held_out = unit_samples(40, 10, 2);
  Model<Augmented<HorizontalFlip, Shift>> model;
  Model<> plain;
  const auto history = model.fit(x, Adam{}, {.epochs = 3, .validation = held_out});
  CHECK(history.epochs.back().validation_loss == model.evaluate(held_out).loss);
  std::copy(model.parameters().begin(), model.parameters().end(), plain.parameters().begin());
  CHECK(model.evaluate(x).loss == plain.evaluate(x).loss);
  CHECK(model.encode(x) == plain.encode(x));
  CHECK(model.reconstruct(x) == plain.reconstruct(x));
}

TEST_CASE("a model learns from augmented samples, drawn anew in each epoch") {
  const MatrixX<float> x = unit_samples(40, 16);
  Model<Augmented<Shift>> model{Augmented{Shift{.pixels = 2}}};
  // At a learning rate of 0 only the draws differ between epochs.
  const auto history = model.fit(x, Sgd{.learning_rate = 0}, {.epochs = 6});
  std::set<double> losses;
  for (const auto& report : history.epochs) losses.insert(report.train_loss);
  CHECK(losses.size() == 6);
  Model<> plain;
  const auto still = plain.fit(x, Sgd{.learning_rate = 0}, {.epochs = 2, .shuffle = false});
  CHECK(still.epochs[0].train_loss == still.epochs[1].train_loss);
}

TEST_CASE("what dropout draws does not depend on the division into batches") {
  // A sample's draws do not depend on the other samples of its batch, so the objective is a mean over the samples.
  using Dropping =
      Autoencoder<Encoder<Input<40>, Dropout, Dense<3>>, Decoder<Mirror>, SquaredError, Precision<double>>;
  const Dropping model;
  const MatrixX<double> x = laws::samples(40, 12, false);
  std::vector<double> all(model.parameters().size()), half = all;
  const double together = model.gradient(x, x, all, 3);
  CHECK(together != model.gradient(x, x, half, 4));
  // Sample 0 alone, then the whole batch: the rest is the share of the other samples.
  const double first = model.gradient(x.leftCols(6), x.leftCols(6), half, 3);
  MatrixX<double> same_first = x;
  same_first.rightCols(6) = laws::samples(40, 6, false, 7);
  std::vector<double> other(all.size());
  const double changed = model.gradient(same_first, same_first, other, 3);
  MatrixX<double> same_last = x;
  same_last.leftCols(6) = laws::samples(40, 6, false, 8);
  const double last_and_other = model.gradient(same_last, same_last, other, 3);
  MatrixX<double> neither = same_first;
  neither.leftCols(6) = same_last.leftCols(6);
  CHECK(together + model.gradient(neither, neither, other, 3) == Approx(changed + last_and_other));
  CHECK(first != together);
}

TEST_CASE("new pixels are drawn by step and seed, and never in evaluation") {
  using Colored = Encoder<Image<6, 5, 3>, Conv2d<4, 3, Stride<2>, Same>, Tanh, Dense<5>>;
  using Changing = Autoencoder<Colored, Decoder<Mirror>, SquaredError,
                               Augmented<Crop, Rotation, Hue, Saturation, Brightness, VerticalFlip>>;
  const Changing model;
  const Autoencoder<Colored, Decoder<Mirror>, SquaredError> plain;
  const MatrixX<float> x = unit_samples(90, 12);
  std::set<double> seen;
  for (std::uint64_t step = 0; step < 10; ++step) seen.insert(objective(model, x, x, step));
  for (std::uint64_t seed = 1; seed < 10; ++seed) seen.insert(objective(model, x, x, 0, seed));
  CHECK(seen.size() == 19);
  CHECK(seen.count(objective(plain, x, x)) == 0);
  CHECK(objective(model, x, x, 3) == objective(model, x, x, 3));
  CHECK(model.evaluate(x).loss == plain.evaluate(x).loss);
  CHECK(model.reconstruct(x) == plain.reconstruct(x));
}

TEST_CASE("augmented images stay in the loss's range") {
  // The Bernoulli loss refuses targets outside [0, 1], so any value beyond black or white would throw.
  Autoencoder<Encoder<Image<6, 5, 3>, Dense<4>>, Decoder<Mirror>, Bernoulli,
              Augmented<Crop, Rotation, Hue, Saturation, Brightness>> model;
  const MatrixX<float> x = unit_samples(90, 40).array().round().matrix();
  const auto history = model.fit(x, Adam{}, {.epochs = 10});
  CHECK(std::isfinite(history.epochs.back().train_loss));
  CHECK(history.epochs.back().train_loss >= 0);
}

}  // namespace augmentation_test
