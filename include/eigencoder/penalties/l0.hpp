#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/penalty.hpp>

namespace eigencoder {

/// `weight` times ||f||_0, the number of a sample's values that fire (are not 0), as a mean over the samples; or, with
/// a `target`, what draws that mean to it: weight (||f||_0 / target - 1)^2.
///
/// For layers whose thresholds theta learn how many fire, such as `JumpRelu`. The step H(z - theta) has no derivative
/// that helps: in its place stands that of its mean, estimated as -1 / bandwidth for each value with
/// |z - theta| < bandwidth / 2. The z themselves get no gradient. Source: Rajamanoharan et al., "Jumping ahead:
/// improving reconstruction fidelity with JumpReLU sparse autoencoders" (2024), sections 3 and 4; that with a target is
/// taken of the batch's mean.
struct L0 {
  static constexpr std::string_view name = "L0";

  double weight = 1e-3;
  /// How many values of a sample ought to fire; 0: as few as possible. A target wants a weight of about the loss or more,
  /// and a layer whose bandwidth holds a fair part of its values, since only these move the thresholds.
  double target = 0;

  void validate() const {
    if (!(weight >= 0 && std::isfinite(weight)))
      throw OptionError("eigencoder: L0.weight must be finite and at least 0");
    if (!(target >= 0 && std::isfinite(target)))
      throw OptionError("eigencoder: L0.target must be finite and at least 0");
  }

  double value(double firing) const {
    if (target == 0) return weight * firing;
    const double beyond = firing / target - 1;
    return weight * beyond * beyond;
  }
  double derivative(double firing) const { return target > 0 ? 2 * weight * (firing / target - 1) / target : weight; }
};

}  // namespace eigencoder
