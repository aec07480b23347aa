#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <string_view>

namespace eigencoder {

/// A schedule of a divergence's weight: `factor(step)`, in [0, 1], multiplies it in a training step, counted from 0
/// over the life of the model. `validate()` throws `OptionError` for an option outside its range.
template <class A>
concept Annealing = std::default_initializable<A> && std::copyable<A> && requires(const A& annealing,
                                                                                  std::uint64_t step) {
  { A::name } -> std::convertible_to<std::string_view>;
  { annealing.factor(step) } -> std::same_as<double>;
  annealing.validate();
};

/// The full weight in every step.
struct NoAnnealing {
  /// As every `Annealing`.
  ///@{
  static constexpr std::string_view name = "NoAnnealing";
  double factor(std::uint64_t) const { return 1; }
  void validate() const {}
  ///@}
};

/// Rises linearly from 0 to 1 in `steps` steps.
/// Source: Bowman et al., "Generating sentences from a continuous space" (2016), section 3.1.
struct LinearAnnealing {
  double steps = 1000;  ///< above 0

  /// As every `Annealing`.
  ///@{
  static constexpr std::string_view name = "LinearAnnealing";
  double factor(std::uint64_t step) const { return (std::min)(1.0, static_cast<double>(step) / steps); }
  void validate() const { detail::require_positive("LinearAnnealing.steps", steps); }
  ///@}
};

/// In each `period` of steps, rises linearly from 0 to 1 in the first fraction `ramp` and is 1 in the rest.
/// Source: Fu et al., "Cyclical annealing schedule" (2019), eq. 6.
struct CyclicalAnnealing {
  double period = 1000;  ///< in steps, above 0
  double ramp = 0.5;     ///< in (0, 1]

  /// As every `Annealing`.
  ///@{
  static constexpr std::string_view name = "CyclicalAnnealing";
  double factor(std::uint64_t step) const {
    return (std::min)(1.0, std::fmod(static_cast<double>(step), period) / (ramp * period));
  }
  void validate() const {
    detail::require_positive("CyclicalAnnealing.period", period);
    detail::require_positive_fraction("CyclicalAnnealing.ramp", ramp);
  }
  ///@}
};

}  // namespace eigencoder
