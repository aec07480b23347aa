// A convolutional variational autoencoder learns Pokemon sprites, or any folder of images, and draws new ones: from the
// prior, on the way from one held-out sprite to another, and along single values of the code.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include "common/results.hpp"
#include "common/training.hpp"
#include "common/variational.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 400, .batch_size = 32, .learning_rate = 2e-3};

/// Strided convolutions down to an eighth of the size, a dense layer that sees them all, and their mirror image up
/// again. The model learns how far its pixels are off, and weighs the divergence by that; `beta` asks for more order in
/// the codes.
auto sprite_model(Shape image, Index code_size, double beta) {
  const LeakyRelu activation{.negative_slope = 0.1};
  const Stride<2> half;
  return Autoencoder{
      Encoder{Image{image.height, image.width, image.channels},
              Conv2d{32, 3, half, Same{}}, BatchNorm{}, activation,
              Conv2d{64, 3, half, Same{}}, BatchNorm{}, activation,
              Conv2d{128, 3, half, Same{}}, BatchNorm{}, activation,
              Dense{256}, BatchNorm{}, activation,
              Dense{code_size}},
      Decoder{Mirror{}, Sigmoid{}},
      LearnedGaussian{.initial_variance = 0.1},
      Variational{KullbackLeibler<LinearAnnealing>{.beta = beta, .annealing = {.steps = 2000}}},
      Augmented{HorizontalFlip{}, Shift{.pixels = 2}}};
}

/// Rows of pictures, one sample a column of each matrix.
void write_rows(const Options& options, const std::string& name, Shape image, const std::vector<MatrixX<float>>& rows) {
  const std::vector<View<float>> views(rows.begin(), rows.end());
  write_png(options.result(name), comparison(views, image, {.scale = 2, .gap = 4}));
}

/// Sprites that there never were.
template <class Model>
void draw_new(const Options& options, const Model& model, const MatrixX<float>& held_out) {
  constexpr Index columns = 9, rows = 8;
  const Shape image = model.input_shape();
  write_png(options.result("samples.png"),
            image_grid(model.sample(100, options.seed), image, {.columns = 10, .scale = 2, .gap = 4}));

  std::vector<MatrixX<float>> ways, changes;
  const std::vector<Index> ends = evenly(2 * rows, held_out.cols());
  for (std::size_t i = 0; i + 1 < ends.size(); i += 2)
    ways.push_back(model.interpolate(held_out.col(ends[i]), held_out.col(ends[i + 1]), columns));
  write_rows(options, "interpolations.png", image, ways);

  const MatrixX<float> code = model.encode(held_out.col(0));
  std::vector<Index> telling = by_divergence(divergences(model.posterior(held_out)));
  telling.resize(std::min<std::size_t>(telling.size(), rows));
  for (const Index dimension : telling) changes.push_back(model.traverse(code, dimension, columns));
  write_rows(options, "traversals.png", image, changes);
}

/// Trains the model on four fifths of the images and reports on the others.
void run(const Options& options, const Dataset<float>& images, Index code_size, double beta) {
  std::cout << "Training images are flipped and shifted a little, anew each epoch.\n";
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), held_out = take(images, parts.test);
  auto model = sprite_model(images.shape, code_size, beta);
  const History history = train(model, training, options, recipe, AdamW{.beta2 = 0.99, .weight_decay = 0.05});

  Report report = report_of(options);
  describe(report, model, history);
  report.images = images.size();
  report.train_images = training.size();
  report.test_images = held_out.size();
  report.code_size = model.code_size();
  report.train_mse = model.evaluate(training).mse;
  report.test_mse = model.evaluate(held_out).mse;
  report.more.push_back({"beta", beta});
  describe_likelihood(report, model, held_out, options.seed);
  const auto pca = measure_baselines(report, training, held_out, report.code_size);
  write_reconstructions(options, images.shape, held_out, model.reconstruct(held_out), pca.reconstruct(held_out));
  write_loss(options, per_value(history, images.shape.size()), {}, "objective in nats per value");
  draw_new(options, model, held_out);
  finish(options, report, {"samples.png", "interpolations.png", "traversals.png"});
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.program = "pokemon_variational";
  options.about = "Trains a variational autoencoder on sprites and draws new ones.";
  options.epochs = options.batch_size = 0;
  ImageSize size{.width = 40, .height = 40};
  Index code_size = 32;
  double beta = 2;
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        line.size("--size", size, "Width and height of the images; others are fitted in");
        line.show_default("--epochs", "400");
        line.show_default("--batch-size", "32");
        line.whole("--code-size", code_size, 1, "Values in the code of an image");
        line.number("--beta", beta, 0, "Weight of the divergence: more for better samples, less for better copies");
      },
      [&] { run(options, load_images(options, size.height, size.width), code_size, beta); });
}
