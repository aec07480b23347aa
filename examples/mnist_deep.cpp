// A deep autoencoder gives a handwritten digit a code of 30 values, 784-1000-500-250-30 and back, and PCA one of as
// many. --reference is the network of Hinton & Salakhutdinov, "Reducing the dimensionality of data with neural
// networks" (2006): logistic units, a linear code, the cross-entropy; its squared error there is 3.00, PCA's 13.87.
//
// Our own normalizes over batches, and learns from digits that are moved a little: from the same 60,000, epoch after
// epoch, a network of this size learns by heart.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "common/deep.hpp"
#include "common/mnist.hpp"
#include "common/plots.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr std::size_t depth = 4;
constexpr DeepRecipe own_recipe{.whole = {.epochs = 130, .batch_size = 128, .learning_rate = 2e-3},
                                .weight_decay = 0.02,
                                .autoencoder = {.epochs = 10, .batch_size = 128, .learning_rate = 1e-3},
                                .last = Recipe{.epochs = 20, .batch_size = 128, .learning_rate = 3e-4}};
constexpr DeepRecipe reference_recipe{.whole = {.epochs = 100, .batch_size = 100, .learning_rate = 1e-3},
                                      .weight_decay = 0,
                                      .autoencoder = {.epochs = 15, .batch_size = 100, .learning_rate = 1e-3},
                                      .machine = Recipe{.epochs = 15, .batch_size = 100, .learning_rate = 0.05}};

/// @param moved  the probability that a digit is turned, and that it is enlarged or shrunk
auto own_model(Index code_size, double moved) {
  return Autoencoder{Encoder{Image{28, 28, 1},
                             Dense{1000}, BatchNorm{}, Silu{},
                             Dense{500}, BatchNorm{}, Silu{},
                             Dense{250}, BatchNorm{}, Silu{},
                             Dense{code_size}},
                     Decoder{Mirror{}, Sigmoid{}}, SquaredError{},
                     Augmented{Rotation{.degrees = 10, .probability = moved},
                               Crop{.smallest = 0.9, .largest = 1.1, .probability = moved}}};
}

auto reference_model(Index code_size) {
  return Autoencoder{Encoder{Input{784},
                             Dense{1000}, Sigmoid{},
                             Dense{500}, Sigmoid{},
                             Dense{250}, Sigmoid{},
                             Dense{code_size}},
                     Mirror{}, Bernoulli{}};
}

/// The options of this program.
struct Choices {
  std::string pretraining = "none";
  bool reference = false, validate = false;
  Index code_size = 30;
};

/// The digits to learn from, and those that the figures are of.
struct Digits {
  Dataset<float> training, held_out;
};

/// With --validate the last sixth of the training digits is held out, so that choices need not be made on the test
/// digits.
Digits digits_of(const Options& options, bool validate) {
  const Mnist all = load_mnist(options);
  if (!validate) return {all.train, all.test};
  std::vector<Index> order(static_cast<std::size_t>(all.train.size()));
  std::iota(order.begin(), order.end(), Index{0});
  const std::span<const Index> indices(order);
  const std::size_t kept = order.size() - order.size() / 6;
  return {take(all.train, indices.first(kept)), take(all.train, indices.subspan(kept))};
}

/// The figures and pictures of a trained model, beside those of PCA and of the same model without pretraining.
template <class Model>
void close(const Options& options, const Choices& choices, const Digits& digits, const Model& model,
           const History& history, std::optional<double> unpretrained) {
  Report report = report_of(options, digits.training.size() + digits.held_out.size());
  describe(report, model, history);
  measure(report, model, digits.training, digits.held_out);
  const Baseline pca = measure_baselines(report, digits.training, digits.held_out, choices.code_size);
  const std::string part = choices.validate ? "validation" : "test";
  const double error = squared_error(model, digits.held_out);
  const double pca_error = *report.pca_test_mse * static_cast<double>(digits.held_out.shape.size());
  report.texts.emplace_back("pretraining", choices.pretraining);
  report.more.insert(report.more.end(), {{part + "_squared_error", error},
                                         {"pca_" + part + "_squared_error", pca_error},
                                         {"unpretrained_" + part + "_squared_error", unpretrained}});

  write_reconstructions(options, digits.held_out.shape, digits.held_out, model.reconstruct(digits.held_out),
                        pca.reconstruct(digits.held_out));
  write_loss(options, per_value(history, 1), {}, "objective, summed over the pixels");
  write_filters(options, first_weights(model), digits.held_out.shape);
  std::vector<std::string> files{"filters.png"};
  if (choices.code_size == 2) {
    const LinePlotOptions axes{.x_label = "first value", .y_label = "second value"};
    const auto write = [&](const char* name, const char* title, const MatrixX<float>& codes) {
      LinePlotOptions look = axes;
      look.title = title;
      write_clouds(options, name, digits.held_out.labels, codes, look);
      files.emplace_back(name);
    };
    write("codes.svg", "Codes of the deep autoencoder", model.encode(digits.held_out));
    write("pca_codes.svg", "The first two principal components", pca.encode(digits.held_out));
  }
  finish(options, report, files);
  std::printf("Squared error of a %s digit, summed over its pixels: %.3f; PCA's %.2f", part.c_str(), error, pca_error);
  if (unpretrained) std::printf("; without pretraining %.3f", *unpretrained);
  std::printf(".\n");
}

/// Trains a copy of a model, and one without pretraining to compare. @param as_is  see `train_as_is`
template <bool machines, class Model>
void run(const Options& options, const Choices& choices, const Model& untrained, const DeepRecipe& recipe,
         const std::optional<Model>& as_is = {}) {
  History history;
  const auto trained = [&](const std::string& pretraining, View<float> samples) {
    Model model = untrained;  // anew each time: `train_as_is` leaves one whose samples are not moved
    history = train_deep<machines>(model, samples, options, recipe, pretraining, depth);
    if (as_is) train_as_is(model, *as_is, samples, options, recipe, history);
    return model;
  };
  const Digits digits = digits_of(options, choices.validate);
  const bool pretrained = choices.pretraining != "none";
  std::optional<double> unpretrained;
  if (pretrained) {
    std::printf("\nFirst without pretraining, to compare:\n");
    unpretrained = squared_error(trained("none", digits.training), digits.held_out);
  }
  const Model model = trained(choices.pretraining, digits.training);
  if (!pretrained) unpretrained = squared_error(model, digits.held_out);
  close(options, choices, digits, model, history, unpretrained);
}

}  // namespace

int main(int argc, char** argv) {
  Choices choices;
  return run_example(
      argc, argv, {"mnist_deep", "Trains a deep autoencoder on handwritten digits and compares it with PCA."},
      [&](CommandLine& line) {
        explain_mnist(line);
        add_pretraining_option(line, choices.pretraining, true);
        line.flag("--reference", choices.reference, "The published network: logistic units, cross-entropy");
        line.flag("--validate", choices.validate, "Keep a sixth of the training digits out, report on these");
        line.whole("--code-size", choices.code_size, 1, "Values in the code of a digit; of 2 the codes are plotted");
        line.show_default("--epochs", "130 and 20, with --reference 100");
        line.show_default("--batch-size", "128, with --reference 100");
      },
      [&](const Options& options) {
        if (!choices.reference) require_batches_of_two(options);
        if (!choices.reference && choices.pretraining == "rbm")
          throw UsageError("--pretraining: machines have no normalization: rbm goes with --reference");
        if (choices.reference)
          run<true>(options, choices, reference_model(choices.code_size), reference_recipe);
        else
          run<false>(options, choices, own_model(choices.code_size, 0.25), own_recipe,
                     std::optional(own_model(choices.code_size, 0)));
      });
}
