// A convolutional variational autoencoder learns Pokemon sprites, or any folder of images, and draws new ones: from the
// prior, on the way from one held-out sprite to another, and along single values of the code.
#include <algorithm>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <string>
#include <vector>
#include "common/images.hpp"
#include "common/pictures.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/strided_encoder.hpp"
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
  return Autoencoder{
      strided_encoder(image, Dense{256}, BatchNorm{}, sprite_activation, Dense{code_size}),
      Decoder{Mirror{}, Sigmoid{}},
      LearnedGaussian{.initial_variance = 0.1},
      Variational{KullbackLeibler<LinearAnnealing>{.beta = beta, .annealing = {.steps = 2000}}},
      Augmented{HorizontalFlip{}, Shift{.pixels = 2}}};
}

/// Sprites that there never were. Ways lead from one held-out image to another, or where there is only one, through
/// all images.
template <class Model>
void draw_new(const Options& options, const Model& model, const MatrixX<float>& held_out,
              const MatrixX<float>& all) {
  constexpr Index columns = 9, rows = 8, scale = 2;
  const Shape image = model.input_shape();
  write_grid(options, "samples.png", model.sample(100, options.seed), image,
             {.columns = 10, .scale = scale, .gap = 4});

  std::vector<MatrixX<float>> ways, changes;
  const MatrixX<float>& met = held_out.cols() > 1 ? held_out : all;
  const std::vector<Index> ends = evenly(2 * rows, met.cols());
  for (std::size_t i = 0; i + 1 < ends.size(); i += 2)
    ways.push_back(model.interpolate(met.col(ends[i]), met.col(ends[i + 1]), columns));
  write_rows(options, "interpolations.png", ways, image, scale);

  const MatrixX<float> code = model.encode(held_out.col(0));
  std::vector<Index> telling = by_divergence(divergences(model.posterior(held_out)));
  telling.resize(std::min<std::size_t>(telling.size(), rows));
  for (const Index dimension : telling) changes.push_back(model.traverse(code, dimension, columns));
  write_rows(options, "traversals.png", changes, image, scale);
}

/// Trains the model on four fifths of the images and reports on the others.
void run(const Options& options, const Dataset<float>& images, Index code_size, double beta) {
  std::cout << "Training images are flipped and shifted a little, anew each epoch.\n";
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), held_out = take(images, parts.test);
  auto model = sprite_model(images.shape, code_size, beta);
  const History history = train(model, training, options, recipe, AdamW{.beta2 = 0.99, .weight_decay = 0.05});

  Report report = report_of(options, images.size());
  describe(report, model, history);
  measure(report, model, training, held_out);
  report.more.push_back({"beta", beta});
  describe_likelihood(report, model, held_out, options.seed);
  const auto pca = measure_baselines(report, training, held_out, report.code_size);
  write_reconstructions(options, images.shape, held_out, model.reconstruct(held_out), pca.reconstruct(held_out));
  write_loss(options, per_value(history, images.shape.size()), {}, "objective in nats per value");
  draw_new(options, model, held_out, images);
  finish(options, report, {"samples.png", "interpolations.png", "traversals.png"});
}

}  // namespace

int main(int argc, char** argv) {
  ImageSize size;
  Index code_size = 32;
  double beta = 2;
  return run_example(
      argc, argv, {"pokemon_variational", "Trains a variational autoencoder on sprites and draws new ones."},
      [&](CommandLine& line) {
        add_sprite_options(line, size, recipe);
        line.whole("--code-size", code_size, 1, "Values in the code of an image");
        line.number("--beta", beta, 0, "Weight of the divergence: more for better samples, less for better copies");
      },
      [&](const Options& options) {
        require_batches_of_two(options);
        run(options, load_images(options, size.height, size.width), code_size, beta);
      });
}
