#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>

/// @file
/// The values of a batch cut into blocks, for sums over the rows (all positions of all samples) of each channel.
namespace eigencoder::detail {

/// Some channels of some rows. A block is walked line by line, and a value's place in its line, its lane, belongs
/// to one channel: where channels are few, several rows side by side make a line, so that loops are long.
struct ChannelBlock {
  static constexpr Index lanes = 256;  ///< in a line at most
  static constexpr Index lines = 64;   ///< in a block at most

  Index chunk;     ///< its place along the rows
  Index rows;      ///< how many
  Index channel;   ///< the first one
  Index channels;  ///< how many
  Index period;    ///< from a row to the next: all channels
  Index fold;      ///< rows in a line
  Index first;     ///< its first value in the batch

  /// Calls `line(at, n)` for each line: `n` values from the batch's value `at` on.
  template <class Line>
  void each_line(const Line& line) const {
    const Index end = first + (rows - 1) * period + channels;
    for (Index at = first; at < end; at += fold * period) line(at, (std::min)(fold * channels, end - at));
  }
  /// Gives each lane its channel's value.
  template <class Scalar>
  void spread(const Scalar* value, Scalar* lane) const {
    for (Index f = 0; f < fold; ++f) std::copy_n(value, channels, lane + f * channels);
  }
  /// Adds up each channel's lanes.
  template <class Scalar>
  void gather(const Scalar* lane, Scalar* sum) const {
    double total[lanes] = {};
    for (Index f = 0; f < fold; ++f)
      for (Index i = 0; i < channels; ++i) total[i] += lane[f * channels + i];
    for (Index i = 0; i < channels; ++i) sum[i] = static_cast<Scalar>(total[i]);
  }
};

/// Cuts by sizes alone, so that what is summed over blocks does not depend on the team: rows into chunks, channels
/// (if more than a line holds) into tiles.
class ChannelCut {
 public:
  ChannelCut(Index channels, Index rows)
      : channels_(channels),
        rows_(rows),
        tiles_((channels + ChannelBlock::lanes - 1) / ChannelBlock::lanes),
        tile_(tiles_ == 1 ? channels : ((channels + tiles_ - 1) / tiles_ + 15) / 16 * 16),
        fold_(std::clamp<Index>(ChannelBlock::lanes / channels, 1, rows)) {}

  /// Chunks along the rows.
  Index chunks() const { return (rows_ + rows_in_chunk() - 1) / rows_in_chunk(); }
  Index channels() const { return channels_; }
  Index rows() const { return rows_; }
  Index rows_of(Index chunk) const { return (std::min)(rows_in_chunk(), rows_ - chunk * rows_in_chunk()); }

  /// Calls `run(block, thread)` for all blocks.
  template <class Run>
  void each_block(int team, const Run& run) const {
    parallel_for(tiles_ * chunks(), team, [&](Index task, int thread) {
      run(block(task), thread);
    });
  }

  /// Calls `reduce(block)` for all blocks, then `merge(first, count, thread)` for each tile of channels, then
  /// `map(block)` for all blocks; where a tile is one block, one after another while it is in the cache.
  template <class Reduce, class Merge, class Map>
  void reduce_and_map(int team, const Reduce& reduce, const Merge& merge, const Map& map) const {
    if (chunks() == 1)
      return each_block(team, [&](const ChannelBlock& b, int thread) {
        reduce(b);
        merge(b.channel, b.channels, thread);
        map(b);
      });
    each_block(team, [&](const ChannelBlock& b, int) { reduce(b); });
    parallel_tiles(channels_, tile_, team, merge);
    // Backwards: what was reduced last is still in the cache.
    const Index last = tiles_ * chunks() - 1;
    parallel_for(last + 1, team, [&](Index task, int) { map(block(last - task)); });
  }

 private:
  Index rows_in_chunk() const { return ChannelBlock::lines * fold_; }

  ChannelBlock block(Index number) const {
    const Index chunk = number / tiles_;
    const Index channel = number % tiles_ * tile_, row = chunk * rows_in_chunk();
    return {chunk, rows_of(chunk), channel, (std::min)(tile_, channels_ - channel), channels_, fold_,
            row * channels_ + channel};
  }

  Index channels_, rows_, tiles_, tile_, fold_;
};

}  // namespace eigencoder::detail
