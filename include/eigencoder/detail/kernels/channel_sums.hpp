#pragma once

#include <eigencoder/detail/kernels/channel_partition.hpp>
#include <eigencoder/detail/platform/floating_point.hpp>

/// @file
/// The sums over each channel that normalization needs, in two steps: over the rows of a block, while it is in the
/// cache, then over the chunks of rows. Between the steps each chunk has a few rows of `partial`, one value a channel.
///
/// A lane of a block adds at most 64 values, so the error of a float sum is at most 64 roundings (4e-6 of the sum of
/// magnitudes), about 8 as a rule. All further sums are in double.
EIGENCODER_PRECISE_BEGIN
namespace eigencoder::detail {

/// Rows of `partial` that `moments` writes for a chunk.
inline constexpr Index moment_rows = 3;

/// For each channel of a block: a center, the sum of the deviations from it, and the sum of their squares. The center
/// is the mean, rounded as a sum in `Scalar` is; the sum of the deviations corrects it.
template <class Scalar>
void moments(const ChannelBlock& b, const Scalar* x, Scalar* partial) {
  Scalar sum[ChannelBlock::max_lanes] = {}, square[ChannelBlock::max_lanes] = {}, centers[ChannelBlock::max_lanes];
  Scalar* center = partial + moment_rows * b.chunk * b.row_stride + b.channel;
  b.for_each_line([&](Index first, Index n) {
    for (Index i = 0; i < n; ++i) sum[i] += x[first + i];
  });
  b.sum_lanes(sum, center);
  for (Index i = 0; i < b.channels; ++i) center[i] /= static_cast<Scalar>(b.rows);
  b.to_lanes(center, centers);
  std::fill_n(sum, ChannelBlock::max_lanes, Scalar(0));
  b.for_each_line([&](Index first, Index n) {
    for (Index i = 0; i < n; ++i) {
      const Scalar deviation = x[first + i] - centers[i];
      sum[i] += deviation;
      square[i] += deviation * deviation;
    }
  });
  b.sum_lanes(sum, center + b.row_stride);
  b.sum_lanes(square, center + 2 * b.row_stride);
}

/// Mean and biased variance over all rows, for channels first, ..., first + count - 1. With S the sum of the deviations
/// and Q that of their squares, a chunk of n rows has the mean center + S / n and the sum of squared deviations
/// Q - S^2 / n. The variance of all rows is that within the chunks plus that between them (Chan, Golub & LeVeque 1983,
/// "Algorithms for computing the sample variance", sections 2 and 3).
template <class Scalar>
void merge_moments(const ChannelPartition& partition, Index first, Index count, const Scalar* partial, double* mean,
                   double* variance) {
  const double n = static_cast<double>(partition.rows());
  // Calls `take(i, share of all rows, mean, variance)` for each channel of each chunk.
  const auto for_each_chunk = [&](const auto& take) {
    for (Index chunk = 0; chunk < partition.chunks(); ++chunk) {
      const Scalar* center = partial + moment_rows * chunk * partition.channels() + first;
      const Scalar *sum = center + partition.channels(), *square = sum + partition.channels();
      const double rows = static_cast<double>(partition.rows_of(chunk));
      for (Index i = 0; i < count; ++i) {
        const double correction = sum[i] / rows;
        take(i, rows / n, center[i] + correction, square[i] / rows - correction * correction);
      }
    }
  };
  std::fill_n(mean, count, 0.0);
  std::fill_n(variance, count, 0.0);
  for_each_chunk([&](Index i, double share, double chunk_mean, double) { mean[i] += share * chunk_mean; });
  for_each_chunk([&](Index i, double share, double chunk_mean, double chunk_variance) {
    const double between = chunk_mean - mean[i];
    variance[i] += share * (chunk_variance + between * between);
  });
  for (Index i = 0; i < count; ++i) variance[i] = (std::max)(variance[i], 0.0);
}

/// For each channel of a block: the sums of dy and of dy (x - center).
template <class Scalar>
void products(const ChannelBlock& b, const Scalar* x, const Scalar* dy, const Scalar* center, Scalar* partial) {
  Scalar sum[ChannelBlock::max_lanes] = {}, product[ChannelBlock::max_lanes] = {}, centers[ChannelBlock::max_lanes];
  b.to_lanes(center + b.channel, centers);
  b.for_each_line([&](Index first, Index n) {
    for (Index i = 0; i < n; ++i) {
      sum[i] += dy[first + i];
      product[i] += dy[first + i] * (x[first + i] - centers[i]);
    }
  });
  Scalar* sums = partial + 2 * b.chunk * b.row_stride + b.channel;
  b.sum_lanes(sum, sums);
  b.sum_lanes(product, sums + b.row_stride);
}

/// The same sums over all rows, for channels first, ..., first + count - 1.
template <class Scalar>
void merge_products(const ChannelPartition& partition, Index first, Index count, const Scalar* partial, double* sum,
                    double* product) {
  std::fill_n(sum, count, 0.0);
  std::fill_n(product, count, 0.0);
  for (Index chunk = 0; chunk < partition.chunks(); ++chunk) {
    const Scalar* sums = partial + 2 * chunk * partition.channels() + first;
    const Scalar* products = sums + partition.channels();
    for (Index i = 0; i < count; ++i) {
      sum[i] += sums[i];
      product[i] += products[i];
    }
  }
}

/// y = (x - center) factor + offset on a block; the coefficients begin with the block's first channel. The center is
/// subtracted before the product: (x factor - center factor) would cancel where the center is large.
template <class Scalar>
void center_and_scale(const ChannelBlock& b, const Scalar* center, const Scalar* factor, const Scalar* offset,
                      const Scalar* x, Scalar* y) {
  Scalar centers[ChannelBlock::max_lanes], factors[ChannelBlock::max_lanes], offsets[ChannelBlock::max_lanes];
  b.to_lanes(center, centers);
  b.to_lanes(factor, factors);
  b.to_lanes(offset, offsets);
  b.for_each_line([&](Index first, Index n) {
    for (Index i = 0; i < n; ++i) y[first + i] = (x[first + i] - centers[i]) * factors[i] + offsets[i];
  });
}

}  // namespace eigencoder::detail
EIGENCODER_PRECISE_END
