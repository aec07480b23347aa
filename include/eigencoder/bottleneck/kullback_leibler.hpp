#pragma once

#include <algorithm>
#include <eigencoder/bottleneck/annealing.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// The Kullback-Leibler divergence of the posterior from the prior, in nats a sample, times `beta` (Higgins et al.
/// 2017, "beta-VAE", eq. 4) and what the annealing says. Each dimension of the code counts for at least `free_bits`
/// nats, mean over the batch, and is left alone below (Kingma et al. 2016, "Improving variational inference with
/// inverse autoregressive flow", eq. 15).
template <Annealing Schedule = NoAnnealing>
struct KullbackLeibler {
  static constexpr std::string_view name = "weighted KL";
  static constexpr bool uses_latent = false;

  double beta = 1;
  double free_bits = 0;
  Schedule annealing{};

  void validate() const {
    if (!(beta >= 0 && std::isfinite(beta)))
      throw OptionError("eigencoder: KullbackLeibler.beta must be finite and at least 0");
    if (!(free_bits >= 0 && std::isfinite(free_bits)))
      throw OptionError("eigencoder: KullbackLeibler.free_bits must be finite and at least 0");
    annealing.validate();
  }

  /// At the annealing's end, of a sample's divergence.
  double weight() const { return beta; }

  /// The penalty of a batch, a mean over its samples, and its derivatives added to those by mean and log variance.
  template <class Scalar>
  double add(const Scalar* mean, const Scalar* log_variance, Index size, Index batch, std::uint64_t step, Scalar* dmean,
             Scalar* dlog_variance) const {
    const double weight = beta * annealing.factor(step), share = 1 / static_cast<double>(batch);
    const auto factor = static_cast<Scalar>(weight * share);
    double total = 0;
    constexpr Index block = 64;  // dimensions at a time, side by side in each sample
    for (Index first = 0; first < size; first += block) {
      const Index count = (std::min)(block, size - first);
      double sums[block] = {};
      for (Index at = first; at < size * batch; at += size)
        for (Index i = 0; i < count; ++i) {
          const double m = static_cast<double>(mean[at + i]), l = static_cast<double>(log_variance[at + i]);
          sums[i] += (detail::math::exp(l) + m * m - 1 - l) / 2;
        }
      Scalar factors[block];  // 0 of the dimensions left alone
      for (Index i = 0; i < count; ++i) {
        total += (std::max)(sums[i] * share, free_bits);
        factors[i] = sums[i] * share < free_bits ? Scalar(0) : factor;
      }
      for (Index at = first; at < size * batch; at += size)
        for (Index i = 0; i < count; ++i) {
          dmean[at + i] += factors[i] * mean[at + i];
          dlog_variance[at + i] += factors[i] * detail::math::expm1(log_variance[at + i]) / 2;
        }
    }
    return weight * total;
  }
};

}  // namespace eigencoder
