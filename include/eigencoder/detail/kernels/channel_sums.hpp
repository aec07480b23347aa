#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/platform/floating_point.hpp>
#include <eigencoder/extend/custom_layer.hpp>

/// @file
/// Reductions over each channel of a batch. The batch is a matrix of rows (the positions of all samples) x channels,
/// cut into blocks that fit the cache; each block is reduced by itself, then the blocks of a channel are merged in
/// order. The cut depends on sizes alone, so the bits do not depend on the number of threads.
///
/// The sums that normalization needs are taken in two steps: over the rows of a block, while it is in the cache, then
/// over the chunks of rows. Between the steps each chunk has a few rows of `partial`, one value a channel. A lane of a
/// block adds at most 64 values, so the error of a float sum is at most 64 roundings (4e-6 of the sum of magnitudes),
/// about 8 as a rule. All further sums are in double.
namespace eigencoder::detail {

/// Some channels of some rows, visited line by line. A line is one row or, where channels are few, several neighboring
/// rows, so that inner loops are long. A lane is a position in the line; all values of a lane are of one channel.
struct ChannelBlock {
  static constexpr Index max_lanes = 256;  ///< lanes of a line
  static constexpr Index max_lines = 64;   ///< lines of a block

  Index chunk;          ///< index of its chunk of rows
  Index rows;           ///< number of rows
  Index channel;        ///< its first channel
  Index channels;       ///< number of channels
  Index row_stride;     ///< values from one row to the next: all channels
  Index rows_per_line;  ///< rows that share a line; more than 1 only if the block has all channels
  Index first;          ///< index of its first value in the batch

  /// Calls `line(first, n)` for each line: n values, one a lane, the first at index `first` of the batch.
  template <class Line>
  void for_each_line(const Line& line) const {
    const Index end = first + (rows - 1) * row_stride + channels;
    for (Index i = first; i < end; i += rows_per_line * row_stride)
      line(i, (std::min)(rows_per_line * channels, end - i));
  }
  /// Copies each channel's value to its lanes.
  template <class Scalar>
  void to_lanes(const Scalar* value, Scalar* lane) const {
    for (Index r = 0; r < rows_per_line; ++r) std::copy_n(value, channels, lane + r * channels);
  }
  /// Adds up each channel's lanes.
  template <class Scalar>
  void sum_lanes(const Scalar* lane, Scalar* sum) const {
    double total[max_lanes] = {};
    for (Index r = 0; r < rows_per_line; ++r)
      for (Index i = 0; i < channels; ++i) total[i] += lane[r * channels + i];
    for (Index i = 0; i < channels; ++i) sum[i] = static_cast<Scalar>(total[i]);
  }
};

/// Cuts rows into chunks, and channels into tiles if a line cannot hold all of them; a block is a chunk of a tile.
class ChannelPartition {
 public:
  ChannelPartition(Index channels, Index rows)
      : channels_(channels),
        rows_(rows),
        tiles_((channels + ChannelBlock::max_lanes - 1) / ChannelBlock::max_lanes),
        tile_(tiles_ == 1 ? channels : ((channels + tiles_ - 1) / tiles_ + 15) / 16 * 16),
        rows_per_line_(std::clamp<Index>(ChannelBlock::max_lanes / channels, 1, rows)) {}

  /// The partition of the batch that passes through a layer.
  template <class Scalar>
  static ChannelPartition of(const LayerContext<Scalar>& context) {
    return {context.shape.channels, context.values() / context.shape.channels};
  }

  Index chunks() const { return (rows_ + rows_per_chunk() - 1) / rows_per_chunk(); }
  Index channels() const { return channels_; }
  Index rows() const { return rows_; }
  Index rows_of(Index chunk) const { return (std::min)(rows_per_chunk(), rows_ - chunk * rows_per_chunk()); }

  /// Calls `run(block, thread)` for every block.
  template <class Run>
  void for_each_block(int team, const Run& run) const {
    parallel_for(tiles_ * chunks(), team, [&](Index task, int thread) { run(block(task), thread); });
  }

  /// Calls `reduce(block)` for every block, then `merge(first, count, thread)` for each tile of channels, then
  /// `map(block)` for every block. If a tile is one block, the three follow each other while it is in the cache.
  template <class Reduce, class Merge, class Map>
  void reduce_and_map(int team, const Reduce& reduce, const Merge& merge, const Map& map) const {
    if (chunks() == 1)
      return for_each_block(team, [&](const ChannelBlock& b, int thread) {
        reduce(b);
        merge(b.channel, b.channels, thread);
        map(b);
      });
    for_each_block(team, [&](const ChannelBlock& b, int) { reduce(b); });
    parallel_tiles(channels_, tile_, team, merge);
    // Backwards: the blocks reduced last are still in the cache.
    const Index last = tiles_ * chunks() - 1;
    parallel_for(last + 1, team, [&](Index task, int) { map(block(last - task)); });
  }

 private:
  Index rows_per_chunk() const { return ChannelBlock::max_lines * rows_per_line_; }

  ChannelBlock block(Index number) const {
    const Index chunk = number / tiles_;
    const Index channel = number % tiles_ * tile_, row = chunk * rows_per_chunk();
    return {chunk, rows_of(chunk), channel, (std::min)(tile_, channels_ - channel), channels_, rows_per_line_,
            row * channels_ + channel};
  }

  Index channels_, rows_, tiles_, tile_, rows_per_line_;
};

}  // namespace eigencoder::detail

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
