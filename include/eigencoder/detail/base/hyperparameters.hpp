#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <string>

/// @file
/// What `validate()` of an optimizer asks of its hyperparameters; `name` reads "Adam.beta1".
namespace eigencoder::detail {

/// Throws `OptionError` unless `value` is finite and at least 0.
inline void require_nonnegative(const char* name, double value) {
  if (!(value >= 0 && std::isfinite(value)))
    throw OptionError(std::string("eigencoder: ") + name + " must be finite and at least 0");
}

/// Throws `OptionError` unless `value` is finite and above 0.
inline void require_positive(const char* name, double value) {
  if (!(value > 0 && std::isfinite(value)))
    throw OptionError(std::string("eigencoder: ") + name + " must be finite and above 0");
}

/// Throws `OptionError` unless `value` is at least 0 and below 1.
inline void require_fraction(const char* name, double value) {
  if (!(value >= 0 && value < 1))
    throw OptionError(std::string("eigencoder: ") + name + " must be at least 0 and below 1");
}

}  // namespace eigencoder::detail
