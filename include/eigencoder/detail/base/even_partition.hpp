#pragma once

#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// Divides a length into the fewest near-equal parts of at most `max_length`.
class EvenPartition {
 public:
  EvenPartition(Index size, Index max_length) : size_(size), count_((size + max_length - 1) / max_length) {}
  /// The number of parts.
  Index count() const { return count_; }
  /// Where a part begins; `begin(count())` is the size. Both ends avoid the division, which takes as long as a small
  /// product.
  Index begin(Index part) const { return part == 0 ? 0 : part == count_ ? size_ : size_ * part / count_; }
  /// The length of a part.
  Index length(Index part) const { return begin(part + 1) - begin(part); }

 private:
  Index size_, count_;
};

}  // namespace eigencoder::detail
