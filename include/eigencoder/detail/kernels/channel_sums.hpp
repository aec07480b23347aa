#pragma once

#include <eigencoder/detail/kernels/channel_cut.hpp>

/// @file
/// Sums over the rows of each channel, in two steps: over the rows of a block, while it is in the cache, then over
/// the chunks of rows. What a chunk leaves are some rows of `partial`, one value a channel.
///
/// In a block a lane adds no more than 64 values, so that floats lose 64 roundings (4e-6 of the sum of magnitudes)
/// at worst, and some 8 as a rule; everything else is added in double.
#ifdef __clang__  // which may have been told to reorder sums, see core/floating_point.hpp: not these
#pragma float_control(push)
#pragma float_control(precise, on)
#endif
namespace eigencoder::detail {

/// Rows of `partial` that `moments` fills for a chunk.
inline constexpr Index moment_rows = 3;

/// A center for each channel of a block, and the sums of the deviations from it and of their squares. The center is the
/// mean as far as a sum in `Scalar` tells it; the deviations' sum is what it missed.
template <class Scalar>
void moments(const ChannelBlock& b, const Scalar* x, Scalar* partial) {
  Scalar sum[ChannelBlock::lanes] = {}, square[ChannelBlock::lanes] = {}, centers[ChannelBlock::lanes];
  Scalar* center = partial + moment_rows * b.chunk * b.period + b.channel;
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) sum[i] += x[at + i];
  });
  b.gather(sum, center);
  for (Index i = 0; i < b.channels; ++i) center[i] /= static_cast<Scalar>(b.rows);
  b.spread(center, centers);
  std::fill_n(sum, ChannelBlock::lanes, Scalar(0));
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) {
      const Scalar deviation = x[at + i] - centers[i];
      sum[i] += deviation;
      square[i] += deviation * deviation;
    }
  });
  b.gather(sum, center + b.period);
  b.gather(square, center + 2 * b.period);
}

/// Mean and biased variance of some channels over all rows. With the deviations' sum S and their squares' sum Q, a chunk
/// of n rows has the mean center + S / n and the squared deviations Q - S^2 / n; all rows have those within the chunks
/// and between them (Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance", sections 2 and 3).
template <class Scalar>
void merge_moments(const ChannelCut& cut, Index first, Index count, const Scalar* partial, double* mean,
                   double* variance) {
  const double n = static_cast<double>(cut.rows());
  // Of a chunk of `rows` rows: its mean, and the mean of its squared deviations.
  const auto each_chunk = [&](const auto& take) {
    for (Index chunk = 0; chunk < cut.chunks(); ++chunk) {
      const Scalar* center = partial + moment_rows * chunk * cut.channels() + first;
      const Scalar *sum = center + cut.channels(), *square = sum + cut.channels();
      const double rows = static_cast<double>(cut.rows_of(chunk));
      for (Index i = 0; i < count; ++i) {
        const double missed = sum[i] / rows;
        take(i, rows / n, center[i] + missed, square[i] / rows - missed * missed);
      }
    }
  };
  std::fill_n(mean, count, 0.0);
  std::fill_n(variance, count, 0.0);
  each_chunk([&](Index i, double share, double chunk_mean, double) { mean[i] += share * chunk_mean; });
  each_chunk([&](Index i, double share, double chunk_mean, double chunk_variance) {
    const double between = chunk_mean - mean[i];
    variance[i] += share * (chunk_variance + between * between);
  });
  for (Index i = 0; i < count; ++i) variance[i] = (std::max)(variance[i], 0.0);
}

/// The sums of dy and of dy (x - center) of a block; one center a channel.
template <class Scalar>
void products(const ChannelBlock& b, const Scalar* x, const Scalar* dy, const Scalar* center, Scalar* partial) {
  Scalar sum[ChannelBlock::lanes] = {}, product[ChannelBlock::lanes] = {}, centers[ChannelBlock::lanes];
  b.spread(center + b.channel, centers);
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) {
      sum[i] += dy[at + i];
      product[i] += dy[at + i] * (x[at + i] - centers[i]);
    }
  });
  Scalar* sums = partial + 2 * b.chunk * b.period + b.channel;
  b.gather(sum, sums);
  b.gather(product, sums + b.period);
}

/// The same sums of some channels over all rows.
template <class Scalar>
void merge_products(const ChannelCut& cut, Index first, Index count, const Scalar* partial, double* sum,
                    double* product) {
  std::fill_n(sum, count, 0.0);
  std::fill_n(product, count, 0.0);
  for (Index chunk = 0; chunk < cut.chunks(); ++chunk) {
    const Scalar* sums = partial + 2 * chunk * cut.channels() + first;
    const Scalar* products = sums + cut.channels();
    for (Index i = 0; i < count; ++i) {
      sum[i] += sums[i];
      product[i] += products[i];
    }
  }
}

/// y = (x - center) factor + offset in a block, which has its own first channel's coefficients first. The center is
/// subtracted first: multiplied beforehand, a large one would round away what is left of x.
template <class Scalar>
void center_and_scale(const ChannelBlock& b, const Scalar* center, const Scalar* factor, const Scalar* offset,
                      const Scalar* x, Scalar* y) {
  Scalar centers[ChannelBlock::lanes], factors[ChannelBlock::lanes], offsets[ChannelBlock::lanes];
  b.spread(center, centers);
  b.spread(factor, factors);
  b.spread(offset, offsets);
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) y[at + i] = (x[at + i] - centers[i]) * factors[i] + offsets[i];
  });
}

}  // namespace eigencoder::detail
#ifdef __clang__
#pragma float_control(pop)
#endif
