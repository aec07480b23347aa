#pragma once

#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>

namespace eigencoder {

/// How `Rbm::sample` runs its chains.
struct GibbsOptions {
  Index steps = 1000;      ///< Gibbs steps of each chain, at least 1
  std::uint64_t seed = 0;  ///< of the draws
  bool means = false;      ///< whether the last visible values are means instead of states, as pictures show them
  /// How many steps these chains have run before, in calls with the same seed. The draws of a step are those of its
  /// number: chains that go on need new numbers, and two calls of n steps are then one of 2 n.
  Index first_step = 0;

  /// @throws OptionError for a value outside its range
  void validate() const {
    constexpr Index most = (std::numeric_limits<std::int32_t>::max)();
    detail::require_at_least("GibbsOptions.steps", 1, steps);
    detail::require_at_least("GibbsOptions.first_step", 0, first_step);
    if (first_step > most || steps > most - first_step)
      throw OptionError(detail::message({"GibbsOptions: first_step + steps may be at most ", most}));
  }
};

}  // namespace eigencoder
