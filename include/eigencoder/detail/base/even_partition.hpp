#pragma once

#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// A length in as few parts as none is longer than `most`, all nearly equal.
class EvenPartition {
 public:
  EvenPartition(Index size, Index most) : size_(size), count_((size + most - 1) / most) {}
  Index count() const { return count_; }
  /// From 0 to the size; the ends without a division, which takes as long as a small product.
  Index begin(Index part) const { return part == 0 ? 0 : part == count_ ? size_ : size_ * part / count_; }
  Index length(Index part) const { return begin(part + 1) - begin(part); }

 private:
  Index size_, count_;
};

}  // namespace eigencoder::detail
