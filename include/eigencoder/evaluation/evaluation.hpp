#pragma once

#include <eigencoder/core/types.hpp>

namespace eigencoder {

/// How well a model reconstructs, in inference: clean inputs, running statistics, no dropout.
struct Evaluation {
  Index samples = 0;
  double loss = 0;  ///< mean per sample, without penalties
  double mse = 0;   ///< mean squared error per value, between the loss's mean and the target
  double psnr = 0;  ///< 10 log10(1 / mse): decibels for values that reach from 0 to 1
};

}  // namespace eigencoder
