#pragma once

// Sources and loaders of a matrix.
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace eigencoder {

/// A `RandomAccessSource`.
struct AnyOrder {
  MatrixX<float> values;
  std::shared_ptr<std::atomic<int>> reads = nullptr;
  int fails_at = -1;  ///< the read that throws, counted from 0
  int done = 0;

  Index size() const { return values.cols(); }
  Index rows() const { return values.rows(); }
  void read(std::span<const std::uint32_t> indices, float* out) {
    if (reads) ++*reads;
    if (done++ == fails_at) throw std::runtime_error("the cable came off");
    for (const std::uint32_t index : indices) out = std::copy_n(values.col(index).data(), rows(), out);
  }
};

/// A `SequentialSource`: gives at most 9 samples per call, and ends after `most` samples if it claims more.
struct InOrder {
  MatrixX<float> values;
  Index most = 1 << 30;
  int fails_at = -1;  ///< the call that throws after it has written its samples, counted from 0
  int done = 0;
  Index at = 0;

  Index size() const { return values.cols(); }
  Index rows() const { return values.rows(); }
  void rewind() {
    at = 0;
    if (done++ == fails_at) throw std::runtime_error("the cable came off");
  }
  Index next(float* out, Index count) {
    count = std::min({count, Index{9}, std::min(size(), most) - at});
    std::copy_n(values.data() + at * rows(), count * rows(), out);
    at += count;
    if (done++ == fails_at) throw std::runtime_error("the cable came off");
    return count;
  }
};

/// Memory that is shuffled in blocks, as a `SequentialSource` is.
struct InBlocks final : BatchLoader<float> {
  InMemoryLoader<float> memory;
  Index window;

  InBlocks(View<float> samples, Index block) : memory(samples, samples), window(block) {}
  Index size() const override { return memory.size(); }
  Index rows() const override { return memory.rows(); }
  bool has_targets() const override { return false; }
  Index shuffle_window() const override { return window; }
  Batch<float> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    return memory.fetch(indices, next);
  }
};

}  // namespace eigencoder
