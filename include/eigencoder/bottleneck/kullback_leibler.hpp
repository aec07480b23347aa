#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

/// @file
/// The divergence of a `Variational` model, and the schedules of its weight.
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

/// The Kullback-Leibler divergence of the posterior from the prior, in nats a sample, times `beta` and the annealing's
/// factor. A dimension of the code whose divergence, as a mean over the batch, is less than `free_bits` nats counts as
/// `free_bits` and gets no gradient.
/// Sources: Kingma & Welling, "Auto-encoding variational Bayes" (2014), appendix B; Higgins et al., "beta-VAE" (2017),
/// eq. 4; for free bits Kingma et al., "Improving variational inference with inverse autoregressive flow" (2016), eq.
/// 15.
template <Annealing Schedule = NoAnnealing>
struct KullbackLeibler {
  double beta = 1;         ///< the weight at the annealing's end, at least 0
  double free_bits = 0;    ///< nats of each dimension that are free, at least 0
  Schedule annealing{};    ///< of the weight

  /// As every `PosteriorDivergence`.
  ///@{
  static constexpr std::string_view name = "weighted KL";
  static constexpr bool uses_latent = false;

  void validate() const {
    detail::require_nonnegative("KullbackLeibler.beta", beta);
    detail::require_nonnegative("KullbackLeibler.free_bits", free_bits);
    annealing.validate();
  }

  double weight() const { return beta; }

  template <class Scalar>
  double add(const Scalar* mean, const Scalar* log_variance, Index size, Index batch, std::uint64_t step, Scalar* dmean,
             Scalar* dlog_variance) const {
    const double weight = beta * annealing.factor(step), share = 1 / static_cast<double>(batch);
    const auto factor = static_cast<Scalar>(weight * share);
    double total = 0;
    constexpr Index block = 64;  // dimensions at a time, contiguous in each sample
    for (Index first = 0; first < size; first += block) {
      const Index count = (std::min)(block, size - first);
      double sums[block] = {};
      for (Index offset = first; offset < size * batch; offset += size)
        for (Index i = 0; i < count; ++i) {
          const double m = static_cast<double>(mean[offset + i]), l = static_cast<double>(log_variance[offset + i]);
          sums[i] += (detail::math::exp(l) + m * m - 1 - l) / 2;
        }
      Scalar factors[block];  // 0 for dimensions within their free bits
      for (Index i = 0; i < count; ++i) {
        total += (std::max)(sums[i] * share, free_bits);
        factors[i] = sums[i] * share < free_bits ? Scalar(0) : factor;
      }
      for (Index offset = first; offset < size * batch; offset += size)
        for (Index i = 0; i < count; ++i) {
          dmean[offset + i] += factors[i] * mean[offset + i];
          dlog_variance[offset + i] += factors[i] * detail::math::expm1(log_variance[offset + i]) / 2;
        }
    }
    return weight * total;
  }
  ///@}
};

}  // namespace eigencoder
