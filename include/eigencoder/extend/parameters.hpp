#pragma once

#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/value_range.hpp>
#include <initializer_list>
#include <vector>

namespace eigencoder {

/// What a block of parameters is: weight decay falls on weights alone.
enum class ParameterKind { weight, bias, scale, shift };

/// Where the parameters of one layer lie in the model's parameter vector.
/// A weight is `rows` x `cols`, row-major (a dense layer's: outputs x inputs); the rest are vectors.
struct ParameterBlock {
  ParameterKind kind;
  Index layer;   ///< position in the model, encoder first, counted from 0
  Index offset;  ///< first value in the parameter vector, a multiple of 64 bytes
  Index rows;
  Index cols;
  Index size() const { return rows * cols; }
};

/// Where the running statistics of one layer lie in the statistics vector.
struct StatisticsBlock {
  Index layer;
  Index offset;
  Index size;
  double initial;
  std::vector<ValueRange> ranges = {};  ///< see `ParameterLayout::add_statistics`

  /// What value i of the block can be.
  ValueRange range(Index i) const {
    if (ranges.empty()) return {};
    const auto at = static_cast<std::size_t>(i);
    return at < ranges.size() ? ranges[at] : ranges.back();
  }
};

/// The map of both vectors, made once when the sizes of all layers are known.
class ParameterLayout {
 public:
  /// `unit` is the number of scalars in 64 bytes.
  explicit ParameterLayout(Index unit = 1) : unit_(unit) {}

  /// Adds a block behind the last one and returns its index. Throws `CompositionError` where all blocks together
  /// become larger than memory can be.
  [[gnu::cold]] Index add(ParameterKind kind, Index layer, Index rows, Index cols) {
    const Index end = behind(parameters_, layer, rows, cols);
    blocks_.push_back({kind, layer, parameters_, rows, cols});
    parameters_ = end;
    return static_cast<Index>(blocks_.size()) - 1;
  }
  /// The same for running statistics. `ranges` hold for the first values of the block, one each, and the last of them
  /// for all further values; a file with a value outside its range is refused. Without ranges every finite value is legal.
  [[gnu::cold]] Index add_statistics(Index layer, Index size, double initial,
                                     std::initializer_list<ValueRange> ranges = {}) {
    const Index end = behind(statistics_, layer, size, 1);
    statistics_blocks_.push_back({layer, statistics_, size, initial, ranges});
    statistics_ = end;
    return static_cast<Index>(statistics_blocks_.size()) - 1;
  }

  const std::vector<ParameterBlock>& blocks() const { return blocks_; }
  const std::vector<StatisticsBlock>& statistics_blocks() const { return statistics_blocks_; }
  const ParameterBlock& block(Index i) const { return blocks_[static_cast<std::size_t>(i)]; }
  const StatisticsBlock& statistics_block(Index i) const { return statistics_blocks_[static_cast<std::size_t>(i)]; }

  /// Lengths of the two vectors, padding included.
  Index parameters() const { return parameters_; }
  Index statistics() const { return statistics_; }

  /// ParameterView values, without padding.
  Index parameter_count() const {
    Index count = 0;
    for (const auto& block : blocks_) count += block.size();
    return count;
  }

 private:
  /// Where a block that begins at `offset` ends, padding included.
  Index behind(Index offset, Index layer, Index rows, Index cols) const {
    const Index most = max_bytes / static_cast<Index>(alignment) * unit_;
    if (cols > 0 && rows > (most - offset) / cols)
      throw CompositionError(detail::message({"layer ", layer, " adds ", rows, " x ", cols, " values to the ", offset,
                                              " before it: more than any memory holds"}));
    return offset + (rows * cols + unit_ - 1) / unit_ * unit_;
  }

  Index unit_;
  Index parameters_ = 0;
  Index statistics_ = 0;
  std::vector<ParameterBlock> blocks_;
  std::vector<StatisticsBlock> statistics_blocks_;
};

}  // namespace eigencoder
