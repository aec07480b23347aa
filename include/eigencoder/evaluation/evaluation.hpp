#pragma once

#include <eigencoder/extend/term.hpp>
#include <eigencoder/extend/types.hpp>
#include <vector>

namespace eigencoder {

/// How well a model reconstructs, in inference: clean inputs, running statistics, no dropout.
struct Evaluation {
  Index samples = 0;
  double loss = 0;  ///< mean per sample, without penalties
  double mse = 0;   ///< mean squared error per value, between the loss's mean and the target
  double psnr = 0;  ///< 10 log10(1 / mse): decibels for values that reach from 0 to 1
  std::vector<Term> terms;  ///< of the bottleneck, such as the KL divergence in nats: means per sample

  /// The loss with the bottleneck's part of the objective, at its full weight. For a variational model this is near the
  /// negative evidence lower bound but below it, as the loss is that of the mean code alone; a `log_likelihood` of one
  /// draw estimates the bound itself.
  double objective() const {
    double sum = loss;
    for (const Term& term : terms) sum += term.in_objective ? term.value : 0;
    return sum;
  }
};

}  // namespace eigencoder
