#pragma once

#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// The squared error of one sample over the values that a mask chooses, and their number.
struct ChosenError {
  double sum = 0;
  Index count = 0;
};

/// The error of `size` values where the mask is not 0.
template <class Scalar>
ChosenError chosen_error(const Scalar* a, const Scalar* b, const Scalar* mask, Index size) {
  ChosenError error;
  for (Index i = 0; i < size; ++i) {
    if (mask[i] == 0) continue;
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    error.sum += difference * difference;
    ++error.count;
  }
  return error;
}

}  // namespace eigencoder::detail
