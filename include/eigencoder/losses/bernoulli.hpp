#pragma once

#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/loss.hpp>

namespace eigencoder {

/// The cross-entropy of independent Bernoulli variables with logits z_i, in nats: the sum over i of
/// -t_i log s(z_i) - (1 - t_i) log(1 - s(z_i)), where s is the sigmoid. It is computed as
/// max(z, 0) - z t + log1p(exp(-|z|)), which does not overflow; the derivative is s(z) - t. Targets are probabilities,
/// and the mean is the sigmoid of the logits, each variable's probability of 1.
/// Source: Kingma & Welling, "Auto-encoding variational Bayes" (2014), eq. 11.
struct Bernoulli {
  /// As every `Loss`.
  ///@{
  static constexpr std::string_view name = "Bernoulli";
  static constexpr std::string_view range = "values in [0, 1]";
  static constexpr bool takes_logits = true;
  static constexpr bool likelihood = true;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index,
                            double scale) const {
    return detail::sum_elementwise(output, target, delta, size, scale, detail::BernoulliTerms<>{});
  }

  template <class Scalar>
  void to_mean(Scalar* output, Index size, Index) const {
    for (Index i = 0; i < size; ++i) output[i] = detail::math::sigmoid(output[i]);
  }

  template <class Scalar>
  bool is_valid_target(const Scalar* target, Index size, Index) const {
    for (Index i = 0; i < size; ++i)
      if (!(target[i] >= 0 && target[i] <= 1)) return false;
    return true;
  }

  void validate() const {}
  ///@}
};

}  // namespace eigencoder
