#pragma once

// Sources for streams, made of a matrix.
#include <eigencoder/extend/types.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace eigencoder {

struct AnyOrder {
  MatrixX<float> values;
  std::shared_ptr<std::atomic<int>> reads = nullptr;
  int fails_at = -1;  ///< the read that throws, counted from 0
  int done = 0;

  Index size() const { return values.cols(); }
  Index rows() const { return values.rows(); }
  void read(std::span<const std::uint32_t> places, float* out) {
    if (reads) ++*reads;
    if (done++ == fails_at) throw std::runtime_error("the cable came off");
    for (const std::uint32_t place : places) out = std::copy_n(values.col(place).data(), rows(), out);
  }
};

/// Gives at most 9 samples a call, and ends after `most` where that is less than it says.
struct InOrder {
  MatrixX<float> values;
  Index most = 1 << 30;
  int fails_at = -1;  ///< the call that throws when it has gone on to its samples' end, counted from 0
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

}  // namespace eigencoder
