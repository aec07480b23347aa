#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

namespace eigencoder {

/// `weight` times the maximum mean discrepancy between the n codes drawn for a batch and n draws from the prior. Unlike
/// the Kullback-Leibler divergence, it pulls the distribution of all codes towards the prior, not the posterior of each
/// sample. The kernel is the sum of inverse multiquadratics k(a, b) = c / (c + ||a - b||^2) over c = 2 d s, where d is
/// the code's size and s = 0.1, 0.2, 0.5, 1, 2, 5, 10. The estimate is a U-statistic, which may be negative and is
/// unbiased if one code is drawn for each sample. It needs at least two samples: training appends a last batch of one
/// sample to the batch before it and throws `DataError` for a `batch_size` of 1. Evaluations leave the term out.
/// Sources: Tolstikhin et al., "Wasserstein auto-encoders" (2018), algorithm 2; Zhao et al., "InfoVAE" (2019).
struct MaximumMeanDiscrepancy {
  double weight = 10;  ///< at least 0

  /// As every `LatentDivergence`. Fewer than two codes have no unbiased estimate: the penalty and its gradient are 0.
  ///@{
  static constexpr std::string_view name = "MMD";
  static constexpr bool uses_latent = true;
  static constexpr bool couples_batch = true;

  void validate() const { detail::require_nonnegative("MaximumMeanDiscrepancy.weight", weight); }

  template <class Scalar>
  double add(const Scalar* latent, Index size, Index columns, Random random, Scalar* prior, Scalar* dlatent) const {
    if (columns < 2) return 0;
    for (Index i = 0; i < size * columns; ++i) prior[i] = static_cast<Scalar>(random.normal());
    const double n = static_cast<double>(columns);
    const double same = weight / (n * (n - 1)), other = -2 * weight / (n * n);
    double total = 0;
    for (Index a = 0; a < columns; ++a)
      for (Index b = 0; b < columns; ++b) {
        const Scalar *z = latent + a * size, *p = prior + a * size;
        total += other * kernel(z, prior + b * size, size, other, dlatent + a * size);
        if (a == b) continue;
        // The loops meet each pair of codes twice: this is the gradient of its first code.
        total += same * kernel(z, latent + b * size, size, 2 * same, dlatent + a * size);
        total += same * kernel<Scalar>(p, prior + b * size, size, 0, nullptr);
      }
    return total;
  }
  ///@}

 private:
  /// Returns k(a, b) and adds `factor` times its derivative by a to `delta`, unless null.
  template <class Scalar>
  static double kernel(const Scalar* a, const Scalar* b, Index size, double factor, Scalar* delta) {
    double square = 0;
    for (Index i = 0; i < size; ++i) {
      const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
      square += difference * difference;
    }
    double value = 0, derivative = 0;
    for (const double s : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0}) {
      const double c = 2 * static_cast<double>(size) * s;
      value += c / (c + square);
      derivative -= c / ((c + square) * (c + square));
    }
    const auto along = static_cast<Scalar>(2 * factor * derivative);
    for (Index i = 0; delta && i < size; ++i) delta[i] += along * (a[i] - b[i]);
    return value;
  }
};

}  // namespace eigencoder
