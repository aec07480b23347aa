#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <vector>

namespace eigencoder {

/// The peak signal-to-noise ratio in decibels, 10 log10(peak^2 / mse), of values from 0 to `peak`; infinite where the
/// error is 0.
/// @throws DataError for a negative error or NaN, or a peak that is not above 0
inline double psnr(double mse, double peak = 1) {
  if (!(mse >= 0)) throw DataError("eigencoder: psnr needs a mean squared error that is at least 0");
  if (!(peak > 0)) throw DataError("eigencoder: psnr needs a peak above 0");
  if (mse == 0) return std::numeric_limits<double>::infinity();
  return 20 * std::log10(peak) - 10 * std::log10(mse);
}

/// How well a model reconstructs samples, in inference: with clean inputs, running statistics, and no dropout.
struct Evaluation {
  Index samples = 0;        ///< the number of samples
  double loss = 0;          ///< mean per sample, without penalties
  double mse = 0;           ///< mean squared error per value, of the reconstruction (`Loss::to_mean` of the output)
  double psnr = 0;          ///< 10 log10(1 / mse), in decibels, for values from 0 to 1
  std::vector<Term> terms;  ///< of the bottleneck, such as the KL divergence in nats: means per sample

  /// The loss plus the bottleneck's terms in the objective, at their full weight. For a variational model this is a
  /// little below the negative evidence lower bound, since the loss is that of the mean code; a `log_likelihood` with
  /// one draw estimates the bound itself.
  double objective() const {
    double sum = loss;
    for (const Term& term : terms) sum += term.in_objective ? term.value : 0;
    return sum;
  }
};

}  // namespace eigencoder
