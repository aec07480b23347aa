#pragma once

#include <eigencoder/eigencoder.hpp>
#include <string>
#include <string_view>
#include <vector>
#include "options.hpp"
#include "recipe.hpp"
#include "report.hpp"

/// @file
/// How the programs train: a rate that falls along a cosine, progress on the screen, and an end on time.
namespace examples {

/// The options of `fit` from the command line and the recipe; with `--seconds` training ends in time, and the learning
/// rate falls accordingly. `observer` is called too.
eigencoder::FitOptions<float> fit_options(const Options& options, const Recipe& recipe,
                                          const eigencoder::Observer& observer);

/// The name of an optimizer that the programs use.
///@{
inline std::string_view name_of(const eigencoder::Adam&) { return "Adam"; }
inline std::string_view name_of(const eigencoder::AdamW&) { return "AdamW"; }
///@}

/// Prints the model and the options of its training.
void announce(const std::string& summary, std::string_view optimizer, const Options& options, const Recipe& recipe,
              const eigencoder::FitOptions<float>& how);

/// Initializes the model from the seed, announces and trains it. `observer` is called too.
template <class Model, class Optimizer = eigencoder::Adam>
eigencoder::History train(Model& model, eigencoder::View<float> samples, const Options& options,
                          const Recipe& recipe, Optimizer optimizer = {},
                          const eigencoder::Observer& observer = {}) {
  const eigencoder::FitOptions<float> how = fit_options(options, recipe, observer);
  announce(model.summary(), name_of(optimizer), options, recipe, how);
  optimizer.learning_rate = recipe.learning_rate;
  model.initialize(options.seed);
  return model.fit(samples, optimizer, how);
}

/// The loss is summed over a sample's values; the curves show it per value, as the table does.
std::vector<double> per_value(const eigencoder::History& history, eigencoder::Index values);

/// Reports the figures of a training.
void describe(Report& report, const eigencoder::History& history);

/// Reports the figures of a model and its training.
template <class Model>
void describe(Report& report, const Model& model, const eigencoder::History& history) {
  report.parameters = model.parameter_count();
  describe(report, history);
}

}  // namespace examples
