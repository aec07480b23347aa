// A denoising autoencoder learns to give back Pokemon sprites, or any folder of images, of which three pixels in ten
// are lost; the same network without corruption in its training shows that this is not learned by itself.
//
// All that a model knows of an image passes through its code, a quarter of the size in 16 channels: 1600 values for
// the 4800 of a sprite of 40 x 40. A fifth of the images is held out.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <vector>
#include "common/denoising.hpp"
#include "common/images.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 240, .batch_size = 32, .learning_rate = 6e-3};

/// Two strided convolutions, a third that makes the code, and their mirror image. `policies` say how it is trained.
template <class... Policies>
auto sprite_model(Shape image, Index code_channels, Policies... policies) {
  const LeakyRelu activation{.negative_slope = 0.1};
  const Stride<2> half;
  return Autoencoder{
      Encoder{Image{image.height, image.width, image.channels},
              Conv2d{32, 4, half, Same{}}, BatchNorm{}, activation,
              Conv2d{64, 4, half, Same{}}, BatchNorm{}, activation,
              Conv2d{code_channels, 3, Same{}}},
      Decoder{Mirror{}, Sigmoid{}},
      SquaredError{},
      Augmented{HorizontalFlip{}, Shift{.pixels = 2}},
      policies...};
}

/// Trains both models on four fifths of the images and lets them restore the others.
void run(const Options& options, const Dataset<float>& images, Index code_channels, double rate) {
  const Masking lost{.rate = rate, .whole_pixels = true};
  const Split parts = split(images.size(), 0.2, options.seed);
  const Specimens training = corrupt(take(images, parts.train), lost, options.seed);
  const Specimens held_out = corrupt(take(images, parts.test), lost, options.seed);

  std::printf("\nFirst the denoising model. Of each image it meets, %.0f%% of the pixels are black, others each time;\n"
              "images are flipped and shifted a little as well.\n", 100 * rate);
  auto model = sprite_model(images.shape, code_channels, Denoising{lost});
  const History history = train(model, training.clean, options, recipe);
  std::printf("\nNow the same network without corruption, for comparison.\n");
  auto plain = sprite_model(images.shape, code_channels);
  train(plain, training.clean, options, recipe);

  Report report = report_of(options, images.size());
  describe(report, model, history);
  std::vector<Restored> rows = measure_restoration(report, model, training, held_out);
  const double plain_error = plain.evaluate(held_out.corrupted, held_out.clean).mse;
  rows.insert(rows.begin() + 1, {"the same, trained without corruption", plain_error});
  report.more.push_back({"plain_test_mse", plain_error});
  write_restorations(options, held_out,
                     {model.reconstruct(held_out.corrupted), plain.reconstruct(held_out.corrupted)});
  write_loss(options, per_value(history, images.shape.size()), {}, "squared error per value");
  finish_with(to_table(report, rows), options, report);
  std::cout << "Rows of reconstructions.png: corrupted, restored, restored without such training, clean.\n";
}

}  // namespace

int main(int argc, char** argv) {
  ImageSize size;
  Index code_channels = 16;
  double rate = 0.3;
  return run_example(
      argc, argv,
      {"pokemon_denoising",
       "Trains an autoencoder to restore sprites with lost pixels and compares it with PCA."},
      [&](CommandLine& line) {
        add_sprite_options(line, size, recipe);
        line.explain("--seconds", "Time to train each of two models; 0 for no limit");
        line.whole("--code-channels", code_channels, 1, "Channels of the code, which has a quarter of the size");
        line.number("--rate", rate, 0, "Probability that a pixel is lost, at most 1");
      },
      [&](const Options& options) {
        if (rate > 1) throw UsageError("--rate: a probability is at most 1");
        run(options, load_images(options, size.height, size.width), code_channels, rate);
      });
}
