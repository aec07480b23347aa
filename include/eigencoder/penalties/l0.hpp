#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/penalty.hpp>

namespace eigencoder {

/// `weight` times n, the number of a sample's values that fire (are not 0), as a mean over the samples; with a
/// `target`, weight (n / target - 1)^2 of that mean.
///
/// For layers whose thresholds theta learn how many values fire, such as `JumpRelu`. The derivative of the step
/// H(z - theta) is 0 almost everywhere; it is replaced by that of the expected step, estimated by theta as
/// -1 / bandwidth for each value with |z - theta| < bandwidth / 2. The values z get no gradient.
/// Source: Rajamanoharan et al., "Jumping ahead: improving reconstruction fidelity with JumpReLU sparse autoencoders"
/// (2024), sections 3 and 4; the penalty with a target is computed from the batch's mean instead of each sample's n.
struct L0 {
  double weight = 1e-3;  ///< at least 0
  /// The number of values of a sample that shall fire, at least 0; 0: as few as possible. A target needs a weight of
  /// about the loss or more, and a layer with a fair part of its values within the bandwidth, since only these move the
  /// thresholds.
  double target = 0;

  /// As every `FiringPenalty`.
  ///@{
  static constexpr std::string_view name = "L0";

  void validate() const {
    detail::require_nonnegative("L0.weight", weight);
    detail::require_nonnegative("L0.target", target);
  }

  double value(double firing) const {
    if (target == 0) return weight * firing;
    const double excess = firing / target - 1;
    return weight * excess * excess;
  }
  double derivative(double firing) const { return target > 0 ? 2 * weight * (firing / target - 1) / target : weight; }
  ///@}
};

}  // namespace eigencoder
