// Convolutional autoencoders learn to reconstruct Pokemon sprites, or any folder of images at its own size.
//
// --architecture deep, the default, passes each image through a code of 64 values; --architecture classic is the
// well-known small network with a code of 32 channels at a quarter of the size. A fifth of the images is held out.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include "common/images.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/strided_encoder.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe deep_recipe{.epochs = 800, .batch_size = 32, .learning_rate = 6e-3};
constexpr Recipe classic_recipe{.epochs = 1000, .batch_size = 24, .learning_rate = 1e-3};

/// What a sprite may look like as well. Pixels are moved, not blended: a model that learns from blurred images
/// draws blurred ones.
auto sprites_vary() {
  const Crop zoom{.smallest = 0.8, .largest = 1.2, .probability = 0.5, .interpolation = InterpolationMode::nearest};
  const Rotation turn{.degrees = 15, .probability = 0.5, .interpolation = InterpolationMode::nearest};
  return Augmented{HorizontalFlip{}, Shift{.pixels = 2}, zoom, turn, Hue{.degrees = 20}, Saturation{.amount = 0.3}};
}

/// Strided convolutions down to an eighth of the size, and their mirror image up again.
auto deep_model(Shape image, Index code_size) {
  return Autoencoder{strided_encoder(image, Dense{code_size}), Decoder{Mirror{}, Sigmoid{}}, SquaredError{},
                     sprites_vary()};
}

/// As it is known: two convolutions with max pooling, two transposed ones with repeated pixels.
auto classic_model(Shape image) {
  return Autoencoder{
      Encoder{Image{image.height, image.width, image.channels},
              Conv2d{16, 3, Same{}}, MaxPool2d{2},
              Conv2d{32, 3, Same{}}, MaxPool2d{2}},
      Decoder{ConvTranspose2d{16, 3, Same{}}, Sigmoid{}, Upsample{2},
              ConvTranspose2d{image.channels, 3, Same{}}, Sigmoid{}, Upsample{2}},
      SquaredError{}};
}

/// The error of the best images that consist of blocks of 2 x 2 equal pixels.
double block_floor(const Dataset<float>& images) {
  const Shape half{images.shape.height / 2, images.shape.width / 2, images.shape.channels};
  double sum = 0;
  for (Index j = 0; j < images.size(); ++j)
    for (Index row = 0; row < half.height; ++row)
      for (Index i = 0; i < half.width * half.channels; ++i) {
        const Index line = images.shape.width * images.shape.channels;
        const Index first = 2 * row * line + i / half.channels * 2 * half.channels + i % half.channels;
        const Index block[] = {first, first + half.channels, first + line, first + line + half.channels};
        double mean = 0;
        for (const Index at : block) mean += static_cast<double>(images.samples(at, j)) / 4;
        for (const Index at : block) sum += (images.samples(at, j) - mean) * (images.samples(at, j) - mean);
      }
  return sum / static_cast<double>(images.samples.size());
}

/// Trains the model on four fifths of the images and reports the error on the others.
template <class Optimizer, class Model>
void run(const Options& options, const Recipe& recipe, const Optimizer& optimizer, Model model,
         const Dataset<float>& images, Report report) {
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), held_out = take(images, parts.test);
  const History history = train(model, training, options, recipe, optimizer);

  describe(report, model, history);
  measure(report, model, training, held_out);
  const auto pca = measure_baselines(report, training, held_out, report.code_size);
  write_reconstructions(options, images.shape, held_out, model.reconstruct(held_out), pca.reconstruct(held_out));
  write_loss(options, per_value(history, images.shape.size()), {}, "squared error per value");
  finish(options, report);
}

void run_deep(const Options& options, const Dataset<float>& images, Index code_size) {
  std::cout << "Training images are flipped, shifted, zoomed, turned and colored a little, anew each epoch.\n";
  run(options, deep_recipe, AdamW{.beta2 = 0.99, .weight_decay = 0.05}, deep_model(images.shape, code_size), images,
      report_of(options, images.size()));
}

void run_classic(const Options& options, const Dataset<float>& images) {
  if (images.shape.height % 4 != 0 || images.shape.width % 4 != 0)
    throw UsageError("--size: the classic architecture halves images twice, so both have to be multiples of 4");
  Report report = report_of(options, images.size());
  const double floor = block_floor(images);
  report.more.push_back({"block_floor", floor});
  std::printf("The last step repeats pixels in 2 x 2 blocks: no training brings the error of these images "
              "below %.5f.\n", floor);
  run(options, classic_recipe, Adam{}, classic_model(images.shape), images, report);
}

}  // namespace

int main(int argc, char** argv) {
  std::string architecture = "deep";
  ImageSize size;
  Index code_size = 0;
  return run_example(
      argc, argv,
      {"pokemon_conv",
       "Trains a convolutional autoencoder to reconstruct sprites and compares it with PCA."},
      [&](CommandLine& line) {
        line.choice("--architecture", architecture, {"deep", "classic"}, "Ours, or the well-known small network");
        line.size("--size", size, "Width and height of the images; others are fitted in");
        line.show_default("--epochs", "800, classic 1000");
        line.show_default("--batch-size", "32, classic 24");
        line.whole("--code-size", code_size, 1, "Values in the code of an image (deep only)");
        line.show_default("--code-size", "64");
      },
      [&](const Options& options) {
        const bool classic = architecture == "classic";
        if (classic && code_size > 0)
          throw UsageError("--code-size: the code of the classic architecture follows from the size of the images");
        const Dataset<float> images = load_images(options, size.height, size.width);
        classic ? run_classic(options, images) : run_deep(options, images, code_size > 0 ? code_size : 64);
      });
}
