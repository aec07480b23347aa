#pragma once

#include <eigencoder/layers/kernels/channel_cut.hpp>

/// @file
/// Sums over the rows of each channel, in two steps: over the rows of a block, while it is in the cache, then over
/// the chunks of rows. What a chunk leaves are two rows of `partial`, one value a channel.
///
/// In a block a lane adds no more than 64 values, so that floats lose 64 roundings (4e-6 of the sum of magnitudes)
/// at worst, and some 8 as a rule; everything else is added in double.
namespace eigencoder::detail {

/// The means of a block and the sums of squared deviations from them, in two passes.
template <class Scalar>
void moments(const ChannelBlock& b, const Scalar* x, Scalar* partial) {
  Scalar sum[ChannelBlock::lanes] = {}, square[ChannelBlock::lanes] = {}, center[ChannelBlock::lanes];
  Scalar* mean = partial + 2 * b.chunk * b.period + b.channel;
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) sum[i] += x[at + i];
  });
  b.gather(sum, mean);
  for (Index i = 0; i < b.channels; ++i) mean[i] /= static_cast<Scalar>(b.rows);
  b.spread(mean, center);
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) {
      const Scalar deviation = x[at + i] - center[i];
      square[i] += deviation * deviation;
    }
  });
  b.gather(square, mean + b.period);
}

/// Mean and biased variance of some channels over all rows: squared deviations add up from those within the chunks
/// and those between them (Chan, Golub & LeVeque 1983, section 2).
template <class Scalar>
void merge_moments(const ChannelCut& cut, Index first, Index count, const Scalar* partial, double* mean,
                   double* variance) {
  const double n = static_cast<double>(cut.rows());
  std::fill_n(mean, count, 0.0);
  std::fill_n(variance, count, 0.0);
  for (Index chunk = 0; chunk < cut.chunks(); ++chunk) {
    const Scalar* means = partial + 2 * chunk * cut.channels() + first;
    const double share = static_cast<double>(cut.rows_of(chunk)) / n;
    for (Index i = 0; i < count; ++i) mean[i] += share * means[i];
  }
  for (Index chunk = 0; chunk < cut.chunks(); ++chunk) {
    const Scalar* means = partial + 2 * chunk * cut.channels() + first;
    const Scalar* squares = means + cut.channels();
    const double share = static_cast<double>(cut.rows_of(chunk)) / n;
    for (Index i = 0; i < count; ++i) {
      const double between = means[i] - mean[i];
      variance[i] += squares[i] / n + share * (between * between);
    }
  }
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

/// y = factor x + offset in a block, which has its own first channel's coefficients first.
template <class Scalar>
void scale_and_shift(const ChannelBlock& b, const Scalar* factor, const Scalar* offset, const Scalar* x, Scalar* y) {
  Scalar factors[ChannelBlock::lanes], offsets[ChannelBlock::lanes];
  b.spread(factor, factors);
  b.spread(offset, offsets);
  b.each_line([&](Index at, Index n) {
    for (Index i = 0; i < n; ++i) y[at + i] = x[at + i] * factors[i] + offsets[i];
  });
}

}  // namespace eigencoder::detail
