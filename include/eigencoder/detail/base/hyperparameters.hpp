#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <string>

/// @file
/// The ranges of hyperparameters, for `validate()` of layers, losses, policies and optimizers. Everywhere here,
/// `option` is the type and the member, "Adam.beta1", and NaN satisfies no rule.
namespace eigencoder::detail {

/// The rule that all others state: "eigencoder: `option` must `rule`".
/// @throws OptionError unless `holds`.
inline void require_option(bool holds, const char* option, const char* rule) {
  if (!holds) throw OptionError(std::string("eigencoder: ") + option + " must " + rule);
}

/// @throws OptionError unless `value` is finite.
inline void require_finite(const char* option, double value) {
  require_option(std::isfinite(value), option, "be finite");
}

/// @throws OptionError unless `value` is finite and at least 0.
inline void require_nonnegative(const char* option, double value) {
  require_option(value >= 0 && std::isfinite(value), option, "be finite and at least 0");
}

/// @throws OptionError unless `value` is finite and above 0.
inline void require_positive(const char* option, double value) {
  require_option(value > 0 && std::isfinite(value), option, "be finite and above 0");
}

/// @throws OptionError unless `value` is above 0; infinity is legal.
inline void require_above_zero(const char* option, double value) { require_option(value > 0, option, "be positive"); }

/// @throws OptionError unless `value` lies in [0, 1], as a probability.
inline void require_probability(const char* option, double value) {
  require_option(value >= 0 && value <= 1, option, "lie in [0, 1]");
}

/// @throws OptionError unless `value` lies in [0, 1), as the decay of an average or the rate of a dropout.
inline void require_fraction(const char* option, double value) {
  require_option(value >= 0 && value < 1, option, "lie in [0, 1)");
}

/// @throws OptionError unless `value` lies in (0, 1], as the momentum of running statistics.
inline void require_positive_fraction(const char* option, double value) {
  require_option(value > 0 && value <= 1, option, "lie in (0, 1]");
}

/// @throws OptionError unless `value` lies in (0, 1), as the mean of a unit that is neither always on nor always off.
inline void require_open_fraction(const char* option, double value) {
  require_option(value > 0 && value < 1, option, "lie in (0, 1)");
}

/// For whole numbers, as a count of samples or of epochs.
/// @throws OptionError unless `value` is at least `least`.
inline void require_at_least(const char* option, long long least, long long value) {
  if (value < least) require_option(false, option, ("be at least " + std::to_string(least)).c_str());
}

}  // namespace eigencoder::detail
