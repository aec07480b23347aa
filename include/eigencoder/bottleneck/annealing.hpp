#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <eigencoder/extend/errors.hpp>
#include <string_view>

namespace eigencoder {

/// How the weight of a divergence grows: `factor(step)` in [0, 1] at a training step, counted from 0 over the life of
/// the model.
template <class A>
concept Annealing = std::default_initializable<A> && std::copyable<A> && requires(const A& annealing,
                                                                                  std::uint64_t step) {
  { A::name } -> std::convertible_to<std::string_view>;
  { annealing.factor(step) } -> std::same_as<double>;
  annealing.validate();
};

/// The whole weight from the first step on.
struct NoAnnealing {
  static constexpr std::string_view name = "NoAnnealing";
  double factor(std::uint64_t) const { return 1; }
  void validate() const {}
};

/// From 0 to 1 in `steps` steps (Bowman et al. 2016, "Generating sentences from a continuous space", section 3.1).
struct LinearAnnealing {
  static constexpr std::string_view name = "LinearAnnealing";
  double steps = 1000;
  double factor(std::uint64_t step) const { return (std::min)(1.0, static_cast<double>(step) / steps); }
  void validate() const {
    if (!(steps > 0 && std::isfinite(steps))) throw OptionError("eigencoder: LinearAnnealing.steps must be above 0");
  }
};

/// From 0 to 1 in the first `ramp` of each `period` of steps, then 1 to its end (Fu et al. 2019, "Cyclical annealing
/// schedule", eq. 6).
struct CyclicalAnnealing {
  static constexpr std::string_view name = "CyclicalAnnealing";
  double period = 1000;
  double ramp = 0.5;
  double factor(std::uint64_t step) const {
    return (std::min)(1.0, std::fmod(static_cast<double>(step), period) / (ramp * period));
  }
  void validate() const {
    if (!(period > 0 && std::isfinite(period)))
      throw OptionError("eigencoder: CyclicalAnnealing.period must be above 0");
    if (!(ramp > 0 && ramp <= 1)) throw OptionError("eigencoder: CyclicalAnnealing.ramp must lie in (0, 1]");
  }
};

}  // namespace eigencoder
