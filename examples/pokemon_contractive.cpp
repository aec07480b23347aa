// A contractive autoencoder learns Pokemon sprites, or any folder of images, beside the same network without the
// penalty: at about the same error its code changes far less where a pixel does.
//
// Sensitivity is the norm of the code's Jacobian at an image, in units of the standard deviation that each value of the
// code has over the training images: a code that is only written in smaller numbers gains nothing. A fifth of the
// images is held out. Exact Jacobians take a while: those of 40 held-out images are measured.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include "common/formatted.hpp"
#include "common/images.hpp"
#include "common/pictures.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 200, .batch_size = 32, .learning_rate = 3e-3};
constexpr LeakyRelu activation{.negative_slope = 0.1};

/// The transposed convolution that turns half the image given (rounded up) into that image's size.
auto grow(Index channels, Index height, Index width) {
  return ConvTranspose2d{channels, 3, Stride{2}, Padding{1}, OutputPadding{1 - height % 2, 1 - width % 2}};
}

/// Strided convolutions down to an eighth of the size and a code, and up again. `Contractive` needs a Jacobian for each
/// sample, so only the decoder has batch normalization. The decoder's first layer has a little weight decay.
template <class... Policies>
auto sprite_model(Shape image, Index code_size, Policies... policies) {
  const auto half = [](Shape of) { return Shape{(of.height + 1) / 2, (of.width + 1) / 2, of.channels}; };
  const Shape second = half(image), third = half(second), least = half(third);
  const Stride<2> stride;
  constexpr Index deepest = 128;
  return Autoencoder{Encoder{Image{image.height, image.width, image.channels},
                             Conv2d{32, 3, stride, Same{}}, activation,
                             Conv2d{64, 3, stride, Same{}}, activation,
                             Conv2d{deepest, 3, stride, Same{}}, activation,
                             Dense{code_size}},
                     Decoder{Dense{least.height * least.width * deepest},
                             Reshape{least.height, least.width, deepest}, activation,
                             grow(64, third.height, third.width), BatchNorm{}, activation,
                             grow(32, second.height, second.width), BatchNorm{}, activation,
                             grow(image.channels, image.height, image.width), Sigmoid{}},
                     SquaredError{}, Augmented{HorizontalFlip{}, Shift{.pixels = 2}},
                     WeightDecay<AtLayer<7>>{.weight = 0.01}, policies...};
}

/// A trained model and its figures.
template <class Model>
struct Trained {
  Model model;
  History history;
  VectorX<double> stddevs;  ///< of the code, over the training images
  double test_mse, sensitivity;
};

template <class Model>
Trained<Model> train_and_measure(Model model, const Options& options, const MatrixX<float>& training,
                                 const MatrixX<float>& held_out, const MatrixX<float>& measured) {
  const History history =
      train(model, training, options, recipe, AdamW{.beta2 = 0.99, .weight_decay = 0.05});
  const VectorX<double> stddevs = code_stddevs(model, training);
  return {model, history, stddevs, model.evaluate(held_out).mse, sensitivity(model, measured, stddevs)};
}

/// For each image how strongly the code answers to each pixel: the norm of the Jacobian's columns of that pixel.
template <class Model>
MatrixX<float> answers(const Trained<Model>& trained, const MatrixX<float>& images) {
  const Index channels = trained.model.input_shape().channels;
  MatrixX<float> maps(images.rows(), images.cols());
  for (Index j = 0; j < images.cols(); ++j) {
    const MatrixX<double> derivatives = relative_jacobian(trained.model, images.col(j), trained.stddevs);
    for (Index i = 0; i < images.rows(); i += channels)
      maps.col(j).segment(i, channels).setConstant(static_cast<float>(derivatives.middleCols(i, channels).norm()));
  }
  return maps;
}

/// Writes `sensitivity.png`: held-out images, below them the answers of the plain and of the contractive model, on one
/// scale, white for none.
template <class Plain, class Contracted>
void write_answers(const Options& options, Shape image, const MatrixX<float>& shown, const Trained<Plain>& plain,
                   const Trained<Contracted>& contracted) {
  MatrixX<float> maps[] = {answers(plain, shown), answers(contracted, shown)};
  const float most = maps[0].maxCoeff();
  for (MatrixX<float>& map : maps) map = (1 - map.array() / most).matrix().eval();
  write_rows(options, "sensitivity.png", {shown, maps[0], maps[1]}, image);
}

void run(const Options& options, const Dataset<float>& images, Index code_size, double weight) {
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), held_out = take(images, parts.test);
  const MatrixX<float> measured = take(held_out.samples, evenly(options.quick ? 1 : 40, held_out.size()));

  std::printf("\nFirst the contractive model, with a weight of %g.\n", weight);
  const auto model = train_and_measure(sprite_model(images.shape, code_size, Contractive{Probes{1}, weight}), options,
                                       training.samples, held_out.samples, measured);
  std::printf("\nNow the same network without the penalty, for comparison.\n");
  const auto plain = train_and_measure(sprite_model(images.shape, code_size), options, training.samples,
                                       held_out.samples, measured);

  Report report = report_of(options, images.size());
  describe(report, model.model, model.history);
  measure(report, model.model, training, held_out);
  const auto pca = measure_baselines(report, training, held_out, code_size);
  report.more = {{"sensitivity", model.sensitivity},
                 {"plain_sensitivity", plain.sensitivity},
                 {"plain_test_mse", plain.test_mse}};
  write_reconstructions(options, images.shape, held_out, model.model.reconstruct(held_out), pca.reconstruct(held_out));
  write_loss(options, per_value(model.history, images.shape.size()), {}, "objective per value");
  const std::vector<Index> shown = evenly(options.quick ? 1 : 12, held_out.size());
  write_answers(options, images.shape, take(held_out.samples, shown), plain, model);

  const std::string table =
      formatted("\n  %-30s %12s %12s\n  %-30s %12.6f %12.3f\n  %-30s %12.6f %12.3f\n\n", "", "held-out MSE",
                "sensitivity", "contractive", model.test_mse, model.sensitivity, "the same without the penalty",
                plain.test_mse, plain.sensitivity);
  finish_with(to_table(report) + table, options, report, {"sensitivity.png"});
  std::cout << "Rows of sensitivity.png: images, and the pixels that the plain and the contractive code answer to.\n";
}

}  // namespace

int main(int argc, char** argv) {
  ImageSize size;
  Index code_size = 64;
  double weight = 2;
  return run_example(
      argc, argv,
      {"pokemon_contractive",
       "Trains a contractive autoencoder on sprites and compares its code with a plain one's."},
      [&](CommandLine& line) {
        add_sprite_options(line, size, recipe);
        line.explain("--seconds", "Time to train each of two models; 0 for no limit");
        line.whole("--code-size", code_size, 1, "Values in the code of an image");
        line.number("--weight", weight, 0, "Weight of the contractive penalty");
      },
      [&](const Options& options) { run(options, load_images(options, size.height, size.width), code_size, weight); });
}
