#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/extend/penalty.hpp>

namespace eigencoder {

/// `weight` times the sum over a sample's values of their magnitudes, as a mean over the samples; the derivative at 0
/// is 0.
/// Source: Olshausen & Field, "Emergence of simple-cell receptive field properties by learning a sparse code for
/// natural images" (1996), equation 4 with S(x) = |x|.
struct L1 {
  double weight = 1e-3;  ///< at least 0

  /// As every `ActivationPenalty`.
  ///@{
  static constexpr std::string_view name = "L1";

  void validate() const { detail::require_nonnegative("L1.weight", weight); }

  template <class Scalar>
  double penalize(const Scalar* values, Scalar* gradient, Index size, Index batch) const {
    const Index n = size * batch;
    const double factor = weight / static_cast<double>(batch);
    const auto derivative = static_cast<Scalar>(factor);
    detail::RunningSums sums;
    sums.add(n, [&](double& sum, Index i) { sum += (std::abs)(values[i]); });
    for (Index i = 0; i < n; ++i) gradient[i] += values[i] > 0 ? derivative : values[i] < 0 ? -derivative : Scalar(0);
    return factor * sums.total();
  }
  ///@}
};

}  // namespace eigencoder
