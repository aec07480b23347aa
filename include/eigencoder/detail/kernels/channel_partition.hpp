#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/custom_layer.hpp>

/// @file
/// Reductions over each channel of a batch. The batch is a matrix of rows (the positions of all samples) x channels,
/// cut into blocks that fit the cache; each block is reduced by itself, then the blocks of a channel are merged in
/// order. The cut depends on sizes alone, so the bits do not depend on the number of threads.
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
