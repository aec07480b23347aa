// The classic experiment: a multilayer perceptron learns to reconstruct Pokemon sprites.
//
// By default the whole image goes through a small code, and the figure that counts is the error on images never
// seen. --classic repeats the well-known experiment instead: each color channel of each sprite is a sample of its
// own, 1600-1024-512-256 and back, and nothing is held out.
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include "common/images.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Index side = 40;

const LeakyRelu held_out_activation{.negative_slope = 0.1}, classic_activation{.negative_slope = 0.2};
constexpr Recipe held_out_recipe{.epochs = 200, .batch_size = 64, .learning_rate = 3e-3};
constexpr Recipe classic_recipe{.epochs = 680, .batch_size = 144, .learning_rate = 4e-3};

void run_held_out(const Options& options, Index code_size) {
  const Dataset<float> images = load_images(options, side, side);
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), held_out = take(images, parts.test);

  Autoencoder model{Encoder{Image{side, side, 3}, Dense{512}, BatchNorm{}, held_out_activation, Dense{code_size}},
                    Decoder{Mirror{}, Sigmoid{}}, SquaredError{}, Augmented{HorizontalFlip{}, Shift{.pixels = 2}}};
  std::cout << "Training images are flipped and shifted by up to 2 pixels, anew each epoch.\n";
  const History history = train(model, training, options, held_out_recipe);

  Report report = report_of(options, images.size());
  describe(report, model, history);
  measure(report, model, training, held_out);
  const auto pca = measure_baselines(report, training, held_out, code_size);
  write_reconstructions(options, images.shape, held_out, model.reconstruct(held_out), pca.reconstruct(held_out));
  write_loss(options, per_value(history, images.shape.size()), {}, "squared error per value");
  finish(options, report);
}

void run_classic(const Options& options) {
  const Dataset<float> images = load_images(options, side, side, 1);
  const MatrixX<float> channels = split_channels(images.samples, images.shape);

  Autoencoder model{Encoder{Input{channels.rows()}, Dense{1024}, BatchNorm{}, classic_activation,
                            Dense{512}, BatchNorm{}, classic_activation, Dense{256}},
                    Decoder{Mirror{}, Sigmoid{}}, SquaredError{}};
  const History history = train(model, channels, options, classic_recipe);

  Report report = report_of(options, images.size());
  describe(report, model, history);
  report.train_images = images.size();
  report.code_size = 256 * images.shape.channels;
  report.train_mse = model.evaluate(channels).mse;
  const auto pca = measure_baselines(report, channels, {}, 256);
  write_reconstructions(options, images.shape, images,
                        join_channels(model.reconstruct(channels), images.shape),
                        join_channels(pca.reconstruct(channels), images.shape));
  write_loss(options, per_value(history, channels.rows()), {}, "squared error per value");
  finish(options, report);
}

}  // namespace

int main(int argc, char** argv) {
  bool classic = false;
  Index code_size = 0;
  return run_example(
      argc, argv,
      {"pokemon_mlp",
       "Trains a multilayer perceptron to reconstruct 40 x 40 sprites and compares it with PCA."},
      [&](CommandLine& line) {
        line.flag("--classic", classic, "1600-1024-512-256 on each color channel of every image");
        line.show_default("--epochs", "200, with --classic 680");
        line.show_default("--batch-size", "64, with --classic 144");
        line.whole("--code-size", code_size, 1, "Values in the code of an image (not with --classic)");
        line.show_default("--code-size", "32");
      },
      [&](const Options& options) {
        require_batches_of_two(options);
        if (classic && code_size > 0) throw UsageError("--code-size: the code of --classic has 256 values a channel");
        classic ? run_classic(options) : run_held_out(options, code_size > 0 ? code_size : 32);
      });
}
