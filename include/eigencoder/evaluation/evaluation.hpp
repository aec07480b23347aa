#pragma once

#include <eigencoder/extend/term.hpp>
#include <eigencoder/extend/types.hpp>
#include <vector>

namespace eigencoder {

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
