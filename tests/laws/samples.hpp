#pragma once

#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>

namespace laws {

/// Uniform values in (0, 1), optionally with columns that sum to 1, so that every loss accepts them.
template <class Scalar = double>
eigencoder::MatrixX<Scalar> samples(eigencoder::Index rows, eigencoder::Index cols, bool sum_to_one = true,
                                    std::uint64_t seed = 1) {
  eigencoder::Random random(seed, eigencoder::Purpose::user);
  eigencoder::MatrixX<Scalar> x(rows, cols);
  for (eigencoder::Index j = 0; j < cols; ++j) {
    double sum = 0;
    for (eigencoder::Index i = 0; i < rows; ++i) {
      x(i, j) = static_cast<Scalar>(random.uniform());
      sum += static_cast<double>(x(i, j));
    }
    if (sum_to_one) x.col(j) /= static_cast<Scalar>(sum);
  }
  return x;
}

/// The same for `MixedBlocks`: values 2 to 4 sum to 1.
template <class Scalar = double>
eigencoder::MatrixX<Scalar> table_samples(eigencoder::Index rows, eigencoder::Index cols, std::uint64_t seed = 1) {
  eigencoder::MatrixX<Scalar> x = samples<Scalar>(rows, cols, false, seed);
  for (eigencoder::Index j = 0; j < cols; ++j) x.col(j).segment(2, 3) /= x.col(j).segment(2, 3).sum();
  return x;
}

/// Weights of the samples of a small batch: below and above 1, and 0.
inline constexpr double sample_weights[] = {0.3, 0, 2.5, 1, 0.7};

}  // namespace laws
