#pragma once

#include <cstdio>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

/// @file
/// The blocks of a model's parameters and running statistics, the ranges of their values, and who receives the
/// gradients.
namespace eigencoder {

/// The values that a running statistic, or a value of an optimizer's state, can have. NaN is within every range:
/// readers check separately that values are finite.
struct ValueRange {
  double lowest = -std::numeric_limits<double>::infinity();  ///< the least value, included
  double highest = std::numeric_limits<double>::infinity();  ///< the greatest value, included

  /// Whether a value is in the range.
  bool contains(double value) const { return !(value < lowest || value > highest); }

  /// The range in words: "at least 0", "at least 0 and at most 16777216".
  [[gnu::cold]] std::string text() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::string words;
    if (lowest > -infinity) words = "at least " + number(lowest);
    if (highest < infinity) words += (words.empty() ? "at most " : " and at most ") + number(highest);
    return words.empty() ? "any number" : words;
  }
  /// A value as messages show it.
  [[gnu::cold]] static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
  }
};

/// The values from 0 on.
inline constexpr ValueRange nonnegative{0};

/// What a block of parameters is. A `WeightDecay` decays weights alone.
enum class ParameterKind {
  weight,  ///< the matrix of a linear layer
  bias,    ///< what a linear layer adds
  scale,   ///< the factors of a normalization
  shift    ///< any other vector: what a normalization adds, thresholds, a loss's learned value
};

/// One block of the model's parameter vector, all parameters of one kind of one layer. A weight is row-major, a dense
/// layer's outputs x inputs; the other kinds are vectors.
struct ParameterBlock {
  ParameterKind kind;  ///< what the parameters are
  Index layer;         ///< the layer's position in the model, counted from 0, the encoder's first
  Index offset;        ///< the first value in the parameter vector, a multiple of 64 bytes
  Index rows;          ///< rows of the matrix, or values of the vector
  Index cols;          ///< columns of the matrix, or 1
  bool frozen = false;  ///< a policy that `Freezes` keeps the values as they are; their gradient is 0
  /// The number of values.
  Index size() const { return rows * cols; }
};

/// One block of the model's vector of running statistics.
struct StatisticsBlock {
  Index layer;     ///< the layer's position in the model, counted from 0, the encoder's first
  Index offset;    ///< the first value in the statistics vector, a multiple of 64 bytes
  Index size;      ///< the number of values
  double initial;  ///< every value before training
  std::vector<ValueRange> ranges = {};  ///< see `ParameterLayout::add_statistics`

  /// The range of value i of the block.
  ValueRange range(Index i) const {
    if (ranges.empty()) return {};
    const auto position = static_cast<std::size_t>(i);
    return position < ranges.size() ? ranges[position] : ranges.back();
  }
};

/// Where each block lies in the model's two vectors, the parameters and the running statistics. It is made once, when
/// the sizes of all layers are known.
class ParameterLayout {
 public:
  /// @param unit  the number of scalars in 64 bytes, to a multiple of which blocks are padded
  explicit ParameterLayout(Index unit = 1) : unit_(unit) {}

  /// Appends a block of parameters and returns its index.
  /// @throws CompositionError if all blocks together are larger than memory can be.
  [[gnu::cold]] Index add(ParameterKind kind, Index layer, Index rows, Index cols) {
    const Index end = padded_end(parameters_, layer, rows, cols);
    blocks_.push_back({kind, layer, parameters_, rows, cols});
    parameters_ = end;
    return static_cast<Index>(blocks_.size()) - 1;
  }
  /// Appends a block of running statistics and returns its index.
  /// @param layer    the layer's position in the model
  /// @param size     the number of values
  /// @param initial  every value before training
  /// @param ranges   the ranges of the first values, one each; the last also for all further values. A file with a
  ///                 value outside is refused. Without ranges every finite value is legal.
  /// @throws CompositionError if all blocks together are larger than memory can be.
  [[gnu::cold]] Index add_statistics(Index layer, Index size, double initial,
                                     std::initializer_list<ValueRange> ranges = {}) {
    const Index end = padded_end(statistics_, layer, size, 1);
    statistics_blocks_.push_back({layer, statistics_, size, initial, ranges});
    statistics_ = end;
    return static_cast<Index>(statistics_blocks_.size()) - 1;
  }

  /// Sets whether the values of parameter block i stay as they are.
  void set_frozen(Index i, bool frozen) { blocks_[static_cast<std::size_t>(i)].frozen = frozen; }

  /// All blocks, or the one with an index.
  ///@{
  const std::vector<ParameterBlock>& blocks() const { return blocks_; }
  const std::vector<StatisticsBlock>& statistics_blocks() const { return statistics_blocks_; }
  const ParameterBlock& block(Index i) const { return blocks_[static_cast<std::size_t>(i)]; }
  const StatisticsBlock& statistics_block(Index i) const { return statistics_blocks_[static_cast<std::size_t>(i)]; }
  ///@}

  /// The length of the parameter vector, padding included.
  Index parameters() const { return parameters_; }
  /// The length of the statistics vector, padding included.
  Index statistics() const { return statistics_; }

  /// The number of parameters, without padding.
  Index parameter_count() const {
    Index count = 0;
    for (const auto& block : blocks_) count += block.size();
    return count;
  }

 private:
  /// Where a block that begins at `offset` ends, padding included.
  Index padded_end(Index offset, Index layer, Index rows, Index cols) const {
    const Index max_size = max_bytes / static_cast<Index>(alignment) * unit_;
    if (cols > 0 && rows > (max_size - offset) / cols)
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

/// The model's two vectors, as a pass reads them.
template <class Scalar>
struct ParameterView {
  const ParameterLayout& layout;  ///< where each block lies
  const Scalar* parameters;       ///< the parameter vector
  const Scalar* statistics;       ///< the vector of running statistics
  Scalar* updated = nullptr;      ///< the same statistics to write to, or null where a pass must not change them

  /// The first value of parameter block i; null for i < 0.
  const Scalar* block(Index i) const { return i < 0 ? nullptr : parameters + layout.block(i).offset; }
};

/// The position of a contribution among all contributions to a gradient in one step. Most parameters get one a step; a
/// tied weight gets two, from the decoder's layer and then from the encoder's.
enum class ContributionOrder {
  early,  ///< from a penalty that computes through layers: before all others, any number of times
  only,   ///< the one contribution of a step
  first,  ///< the first of two
  last    ///< the second of two
};

/// Receives the gradients of parameters from backward passes, slice by slice. A layer asks `open` for memory, writes
/// the slice's gradient there (or adds it, with `accumulate`) and calls `close`. On `only` and `last` the sink may
/// update the parameters at once, so a layer closes a slice only when it no longer reads these parameters in this step.
/// Several threads may call at once, for slices that do not overlap.
template <class Scalar>
class GradientSink {
 public:
  /// The memory for a slice's gradient.
  struct GradientSlice {
    Scalar* gradient;  ///< one value for each parameter of the slice
    bool accumulate;   ///< add to the values there instead of overwriting them
  };

  /// Opens the slice of parameters `first`, ..., `first + count - 1` of the parameter block with index `block`, for the
  /// contribution `order`. The sink may place the gradient in `scratch`, memory of the calling thread.
  virtual GradientSlice open(ContributionOrder order, Index block, Index first, Index count,
                             Buffer<Scalar>& scratch) = 0;
  /// Completes the slice; `gradient` is what `open` returned, the other arguments are the same.
  virtual void close(ContributionOrder order, Index block, Index first, Index count, Scalar* gradient) = 0;
  /// Whether the gradient of a block serves anything. That of a frozen one is thrown away: a layer need not compute it.
  virtual bool needs([[maybe_unused]] Index block) const { return true; }

 protected:
  ~GradientSink() = default;
};

/// Hands sums, taken in double, to the sink as the gradient of values first, ..., first + count - 1 of a block.
template <class Scalar>
void accumulate_gradient(Index block, Index first, Index count, const double* sum, Buffer<Scalar>& scratch,
                         GradientSink<Scalar>& sink) {
  if (!sink.needs(block)) return;
  const auto slice = sink.open(ContributionOrder::only, block, first, count, scratch);
  for (Index i = 0; i < count; ++i)
    slice.gradient[i] = static_cast<Scalar>(slice.accumulate ? double{slice.gradient[i]} + sum[i] : sum[i]);
  sink.close(ContributionOrder::only, block, first, count, slice.gradient);
}

}  // namespace eigencoder
