#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

namespace eigencoder {

/// In place of the Kullback-Leibler divergence, `weight` times the maximum mean discrepancy between the codes drawn for
/// a batch and as many from the prior (Tolstikhin et al. 2018, "Wasserstein auto-encoders", algorithm 2; Zhao et al.
/// 2019, "InfoVAE"): it holds the codes of all samples together to the prior, not those of each. The kernel is the sum
/// of inverse multiquadratics k(a, b) = c / (c + ||a - b||^2) for c = 2 d s, d the code's size, s = 0.1, 0.2, 0.5, 1,
/// 2, 5, 10; the estimate is a U-statistic, unbiased where one code is drawn of each sample, so it may be below zero.
/// It takes at least two samples: training joins a last batch of one to the batch before it and throws `DataError` for
/// batches of one. Evaluations leave it out.
struct MaximumMeanDiscrepancy {
  static constexpr std::string_view name = "MMD";
  static constexpr bool uses_latent = true;
  static constexpr bool couples_batch = true;

  double weight = 10;

  void validate() const {
    if (!(weight >= 0 && std::isfinite(weight)))
      throw OptionError("eigencoder: MaximumMeanDiscrepancy.weight must be finite and at least 0");
  }

  /// The penalty of `columns` codes, side by side, and its derivatives added to `dlatent`. `prior` is room for as many;
  /// they are drawn from `random`. Fewer than two codes have no unbiased estimate: 0, and no derivatives.
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
        // Of a pair of codes, which comes twice, this moves the first one.
        total += same * kernel(z, latent + b * size, size, 2 * same, dlatent + a * size);
        total += same * kernel<Scalar>(p, prior + b * size, size, 0, nullptr);
      }
    return total;
  }

 private:
  /// k(a, b); `factor` times its derivative by a is added to `delta`, unless null.
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
