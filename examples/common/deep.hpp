#pragma once

#include <algorithm>
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/pretraining/pretrain.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "command_line.hpp"
#include "options.hpp"
#include "pictures.hpp"
#include "recipe.hpp"
#include "report.hpp"
#include "results.hpp"
#include "training.hpp"

/// @file
/// What the programs with deep networks share: training, layer by layer first where that is asked for, and figures as
/// they are published, the squared error summed over a sample.
namespace examples {

/// How a deep network is trained.
struct DeepRecipe {
  Recipe whole;
  double weight_decay;                ///< of AdamW, for the whole
  Recipe autoencoder;                 ///< of a layer that is pretrained as a denoising autoencoder
  double masked = 0.25;               ///< the share of its inputs that it does not see
  std::optional<Recipe> machine = {}; ///< of a layer that is pretrained as a restricted Boltzmann machine
  double code_rate = 1e-3;            ///< the learning rate of the last machine, of Gaussian units
  double layers_time = 0.3;           ///< the share of `--seconds` for all layers together
  std::optional<Recipe> last = {};    ///< of some epochs more, with samples as they are; see `train_as_is`
  double last_time = 0.12;            ///< the share of `--seconds` for these
};

/// `--pretraining`. @param machines  whether restricted Boltzmann machines are among the choices
void add_pretraining_option(CommandLine& line, std::string& pretraining, bool machines);

/// The options of a run that has a part of its time.
Options part_of_time(Options options, double share);

/// Trains layer by layer. `machines`: whether the layers can be restricted Boltzmann machines.
template <bool machines, class Model>
void pretrain_layers(Model& model, eigencoder::View<float> samples, const Options& options, const DeepRecipe& recipe,
                     const std::string& pretraining, std::size_t count) {
  const Options own = part_of_time(options, recipe.layers_time / static_cast<double>(count));
  const Recipe& of_layer = pretraining == "rbm" ? *recipe.machine : recipe.autoencoder;
  std::vector<eigencoder::LayerOptions<float>> layers(count);
  for (eigencoder::LayerOptions<float>& layer : layers) layer.fit = fit_options(own, of_layer, {});
  std::printf("\n%s\nEach layer is trained by itself first, %s, for %td epochs, learning rate %g.\n\n",
              model.summary().c_str(),
              pretraining == "rbm" ? "as a restricted Boltzmann machine" : "as a denoising autoencoder",
              layers[0].fit.epochs, of_layer.learning_rate);
  if constexpr (machines)
    if (pretraining == "rbm") {
      layers.back().learning_rate = recipe.code_rate;
      eigencoder::pretrain(model, samples,
                           eigencoder::GreedyRbms{
                               .optimizer = eigencoder::Sgd{.learning_rate = of_layer.learning_rate, .momentum = 0.9},
                               .weight_decay = 2e-4,
                               .layers = layers});
      return;
    }
  eigencoder::pretrain(model, samples,
                       eigencoder::GreedyAutoencoders{
                           .corruption = eigencoder::Masking{.rate = recipe.masked},
                           .optimizer = eigencoder::Adam{.learning_rate = of_layer.learning_rate},
                           .layers = layers});
}

/// Trains a model of `layers` layers with weights in its encoder, which begins with drawn parameters. The history is
/// that of the whole, after its layers.
template <bool machines = false, class Model>
eigencoder::History train_deep(Model& model, eigencoder::View<float> samples, const Options& options,
                               const DeepRecipe& recipe, const std::string& pretraining, std::size_t layers) {
  model.initialize(options.seed);
  const bool pretrains = pretraining != "none";
  if (pretrains) pretrain_layers<machines>(model, samples, options, recipe, pretraining, layers);
  const double before = pretrains ? recipe.layers_time : 0, after = recipe.last ? recipe.last_time : 0;
  const Options own = part_of_time(options, 1 - before - after);
  const eigencoder::FitOptions<float> how = fit_options(own, recipe.whole, {});
  announce(model.summary(), "AdamW", own, recipe.whole, how);
  return model.fit(samples, eigencoder::AdamW{.learning_rate = recipe.whole.learning_rate,
                                              .weight_decay = recipe.weight_decay}, how);
}

/// Trains a model that learned from moved samples on the samples as they are, which are not as soft as moved ones. The
/// model becomes `as_is`, trained: no later training moves its samples.
/// @param as_is  another model of its type, whose samples are not moved
template <class Model>
void train_as_is(Model& model, Model as_is, eigencoder::View<float> samples, const Options& options,
                 const DeepRecipe& recipe, eigencoder::History& history) {
  std::ranges::copy(model.parameters(), as_is.parameters().begin());
  std::ranges::copy(model.statistics(), as_is.statistics().begin());
  Options own = part_of_time(options, recipe.last_time);
  if (own.epochs > 0) own.epochs = (own.epochs + 5) / 6;
  own.seed += 1000;  // other draws
  const eigencoder::FitOptions<float> how = fit_options(own, *recipe.last, {});
  announce("The same network, from now on with samples that are not moved.\n", "AdamW", own, *recipe.last, how);
  const eigencoder::History part = as_is.fit(
      samples, eigencoder::AdamW{.learning_rate = recipe.last->learning_rate, .weight_decay = recipe.weight_decay},
      how);
  history.epochs.insert(history.epochs.end(), part.epochs.begin(), part.epochs.end());
  model = std::move(as_is);
}

/// Squared error summed over a sample's values, the mean over samples.
template <class Model>
double squared_error(const Model& model, eigencoder::View<float> samples) {
  return model.evaluate(samples).mse * static_cast<double>(samples.rows());
}

/// Writes `filters.png`: the weights of units of the first layer, spread evenly over them, each scaled to its largest.
void write_filters(const Options& options, eigencoder::View<float> weights, const eigencoder::Shape& image);

/// The weights of a model's first layer, those of a unit a column.
template <class Model>
eigencoder::View<float> first_weights(const Model& model) {
  const eigencoder::ParameterBlock& block = model.layout().blocks().front();
  return {model.parameters().data() + block.offset, block.cols, block.rows};
}

}  // namespace examples
