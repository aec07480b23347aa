// A denoising autoencoder learns to take noise off handwritten digits. MNIST's 60,000 training images are parted into
// 48,000 to learn from and 12,000 held out; normal noise of deviation 0.22 is added, the sum cut to [0, 1].
//
// All that the model knows of an image passes through its code of 7 x 7 x 8 = 392 values, half of the image's own.
#include <cmath>
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <utility>
#include <vector>
#include "common/denoising.hpp"
#include "common/mnist.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 15, .batch_size = 64, .learning_rate = 3e-3};

/// Two strided convolutions, a third that makes the code, and their mirror image: 57,257 parameters.
auto digit_model(const GaussianNoise& noise) {
  const LeakyRelu activation{.negative_slope = 0.1};
  const Stride<2> half;
  return Autoencoder{Encoder{Image{28, 28, 1},
                             Conv2d{32, 4, half, Same{}}, activation,
                             Conv2d{48, 4, half, Same{}}, activation,
                             Conv2d{8, 3, Same{}}},
                     Decoder{Mirror{}}, Bernoulli{}, Denoising{noise}};
}

/// The cross-entropy of images with themselves, in nats per value: gray is uncertain even to who knows it.
double own_entropy(const MatrixX<float>& images) {
  double sum = 0;
  for (Index i = 0; i < images.size(); ++i) {
    const double p = static_cast<double>(images.data()[i]);
    if (p > 0 && p < 1) sum -= p * std::log(p) + (1 - p) * std::log(1 - p);
  }
  return sum / static_cast<double>(images.size());
}

/// The digits to learn from and those held out, with noise.
std::pair<Specimens, Specimens> specimens(const Options& options, const GaussianNoise& noise) {
  const Dataset<float> digits = load_mnist(options).train;
  const Split parts = split(digits.size(), 0.2, options.seed);
  return {corrupt(take(digits, parts.train), noise, options.seed),
          corrupt(take(digits, parts.test), noise, options.seed)};
}

void run(const Options& options, const GaussianNoise& noise) {
  const auto [training, held_out] = specimens(options, noise);
  const double values = static_cast<double>(training.clean.shape.size());
  std::printf("Noise of deviation %g is added to each image, anew each epoch.\n", noise.stddev);
  auto model = digit_model(noise);
  const History history = train(model, training.clean, options, recipe);

  Report report = report_of(options, training.clean.size() + held_out.clean.size());
  describe(report, model, history);
  const std::vector<Restored> rows = measure_restoration(report, model, training, held_out);
  const double cross_entropy = model.evaluate(held_out.corrupted, held_out.clean).loss / values;
  const double floor = own_entropy(held_out.clean.samples);
  report.more.insert(report.more.end(), {{"cross_entropy", cross_entropy}, {"cross_entropy_floor", floor}});
  write_restorations(options, held_out, {model.reconstruct(held_out.corrupted)});
  write_loss(options, per_value(history, training.clean.shape.size()), {}, "cross-entropy in nats per value");
  finish_with(to_table(report, rows), options, report);
  std::printf("Held-out cross-entropy: %.5f nats per value; perfect images would have %.5f.\n"
              "Rows of reconstructions.png: with noise, restored, clean.\n", cross_entropy, floor);
}

}  // namespace

int main(int argc, char** argv) {
  GaussianNoise noise{.stddev = 0.22, .clipped = true};
  return run_example(
      argc, argv,
      {"mnist_denoising",
       "Trains an autoencoder to take noise off handwritten digits and compares it with PCA."},
      [&](CommandLine& line) {
        explain_mnist(line);
        line.show_defaults(recipe);
        line.number("--noise", noise.stddev, 0, "Standard deviation of the noise; images lie in [0, 1]");
      },
      [&](const Options& options) { run(options, noise); });
}
