#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads a `SequentialSource` for a stream, and keeps the last two blocks of `window` samples, since a batch may span
/// two. An exception leaves the source at an unknown sample: the next read begins at the first one again.
template <class Scalar, class Source>
class SequentialReader {
 public:
  SequentialReader(Source source, Index window)
      : source_(std::move(source)), window_(std::clamp<Index>(source_.size(), 1, window)) {}

  /// Writes the samples of these indices, whose blocks must not decrease but by the beginning of a new epoch.
  void read(std::span<const std::uint32_t> indices, Scalar* out) {
    if (is_lost_) rewind();
    is_lost_ = true;
    for (const std::uint32_t index : indices) {
      const Index block = index / window_;
      if (block + 2 < blocks_read_) rewind();  // an earlier block than the last two: a new epoch
      while (blocks_read_ <= block) read_block();
      const Scalar* from = blocks_[block % 2].data() + (index % window_) * source_.rows();
      out = std::copy_n(from, source_.rows(), out);
    }
    is_lost_ = false;
  }

 private:
  void rewind() {
    source_.rewind();
    blocks_read_ = 0;
  }

  void read_block() {
    std::vector<Scalar>& block = blocks_[blocks_read_ % 2];
    const Index size = source_.size(), rows = source_.rows();
    const Index count = (std::min)(window_, size - blocks_read_ * window_);
    block.resize(static_cast<std::size_t>(window_ * rows));
    for (Index done = 0; done < count;) {
      const Index more = source_.next(block.data() + done * rows, count - done);
      if (more <= 0)
        throw DataError(message({"a source of ", size, " samples ended after ", blocks_read_ * window_ + done}));
      done += more;
    }
    ++blocks_read_;
  }

  Source source_;
  Index window_;
  Index blocks_read_ = 0;  // since the source was at its first sample
  bool is_lost_ = false;   // the last read threw, so the source may be at any sample
  std::vector<Scalar> blocks_[2];
};

}  // namespace eigencoder::detail
