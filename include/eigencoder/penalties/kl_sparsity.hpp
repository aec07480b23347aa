#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/penalty.hpp>

namespace eigencoder {

/// Pulls the mean activation m of each unit over the batch towards a small target rho: `weight` times the sum over the
/// units of KL(rho || m) = rho log(rho / m) + (1 - rho) log((1 - rho) / (1 - m)), in nats, with the derivative
/// (1 - rho) / (1 - m) - rho / m by m. For values in (0, 1), such as those of `Sigmoid`; each value of an image is a
/// unit. Source: Ng, "Sparse autoencoder", CS294A lecture notes (2011), section 3.
///
/// Within `margin` of 0 and of 1, which rounding can reach, the curve is replaced by its tangent at the margin: value
/// and derivative stay finite, and a dead unit still gets a gradient.
struct KlSparsity {
  double target = 0.05;  ///< rho, in (0, 1)
  double weight = 1;     ///< at least 0

  static constexpr double margin = 1e-6;  ///< the width of the linear parts next to 0 and 1

  /// As every `ActivationPenalty`.
  ///@{
  static constexpr std::string_view name = "KlSparsity";

  void validate() const {
    detail::require_open_fraction("KlSparsity.target", target);
    detail::require_nonnegative("KlSparsity.weight", weight);
  }

  template <class Layer>
  constexpr Diagnosis diagnose_layer(const Layer& layer) const {
    if constexpr (requires { requires Layer::in_unit_interval; }) return static_cast<void>(layer), Diagnosis{};
    else
      return {Rule::policy_applies, name, Text::of("the output of ", detail::part_name(layer)),
              "values in (0, 1), such as those of Sigmoid"};
  }

  template <class Scalar>
  double penalize(const Scalar* values, Scalar* gradient, Index size, Index batch) const {
    constexpr Index tile = 256;
    const double samples = static_cast<double>(batch);
    double total = 0;
    for (Index first = 0; first < size; first += tile) {
      const Index count = (std::min)(tile, size - first);
      double sum[tile] = {};
      for (Index j = 0; j < batch; ++j)
        for (Index i = 0; i < count; ++i) sum[i] += values[j * size + first + i];
      Scalar derivative[tile];
      for (Index i = 0; i < count; ++i) {
        const double mean = sum[i] / samples;
        const double m = mean < margin ? margin : mean > 1 - margin ? 1 - margin : mean;
        const double slope = (1 - target) / (1 - m) - target / m;
        total += target * std::log(target / m) + (1 - target) * std::log((1 - target) / (1 - m));
        total += slope * (mean - m);
        derivative[i] = static_cast<Scalar>(weight / samples * slope);
      }
      for (Index j = 0; j < batch; ++j)
        for (Index i = 0; i < count; ++i) gradient[j * size + first + i] += derivative[i];
    }
    return weight * total;
  }
  ///@}
};

}  // namespace eigencoder
