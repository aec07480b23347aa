#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/sample_weighting.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <string>
#include <vector>

namespace eigencoder::detail {

/// The optimizer of a layer with these options.
template <class O, class Scalar>
O optimizer_of(O optimizer, const LayerOptions<Scalar>& options) {
  if (options.learning_rate) optimizer.learning_rate = *options.learning_rate;
  return optimizer;
}

/// The samples that are held back for validation; 0 for none.
template <class Scalar>
Index held_back(const FitOptions<Scalar>& options, Index samples) {
  return static_cast<Index>((std::round)(options.validation_split * static_cast<double>(samples)));
}

/// Checks the options of greedy training on a loader's samples before anything changes; `who` trains so many layers.
/// @throws OptionError for one outside its range, for another number of entries than of layers or one, and for targets
/// @throws ShapeError, DataError for weights of the samples that cannot be, and for a part held back of none or all
template <class O, class Scalar>
[[gnu::cold]] void check_greedy_options(const O& optimizer, const std::vector<LayerOptions<Scalar>>& layers,
                                        std::size_t count, const BatchLoader<Scalar>& loader, const char* who) {
  const Index samples = loader.size();
  if (layers.size() != 1 && layers.size() != count)
    throw OptionError(message({who, ": ", layers.size(), " entries of options for ", count,
                               " layers; expected one for each, or one that serves all"}));
  optimizer.validate();
  for (const LayerOptions<Scalar>& options : layers) {
    options.fit.validate();
    optimizer_of(optimizer, options).validate();
    if (options.fit.validation_targets)
      throw OptionError(message({who, ": FitOptions.validation_targets: a layer has no targets of its own"}));
    if (options.fit.sample_weights)
      check_sample_weights(options.fit.sample_weights.values(), samples,
                           (std::string(who) + ": FitOptions.sample_weights").c_str());
    if (options.fit.validation_split == 0) continue;
    if (loader.shuffle_window() > 0)
      throw OptionError(message({who, ": FitOptions.validation_split: a source that is read from first to last cannot "
                                      "be split; give FitOptions.validation"}));
    if (const Index held_out = held_back(options.fit, samples); held_out == 0 || held_out == samples)
      throw DataError(message({who, ": FitOptions.validation_split: a part of ", samples, " samples would be empty"}));
  }
}

/// Checks that machines are to be trained as they can.
/// @throws OptionError for trimming, which has no meaning for a difference of two expectations
template <class Scalar>
[[gnu::cold]] void check_machine_options(const std::vector<LayerOptions<Scalar>>& layers, const char* who) {
  for (const LayerOptions<Scalar>& options : layers)
    if (options.fit.trim != 0) throw OptionError(message({who, ": FitOptions.trim is not for an Rbm"}));
}

/// Checks that a learner can be trained on batches as large as its options say. @throws DataError
template <class Network, class Scalar>
[[gnu::cold]] void check_greedy_batch(const Network& network, const FitOptions<Scalar>& options, Index samples) {
  if constexpr (requires { network.check_batch(samples); })
    network.check_batch((std::min)(options.batch_size, samples - held_back(options, samples)));
}

}  // namespace eigencoder::detail
