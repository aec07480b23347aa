#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// The batches of an epoch: the indices of the samples, shuffled anew for each epoch and cut into batches, the last of
/// which may be shorter. Where a model couples the samples of a batch, a last batch of one joins the batch before it.
class Batches {
 public:
  [[gnu::cold]] Batches(std::vector<std::uint32_t> indices, Index batch_size, bool join_last)
      : indices_(std::move(indices)), order_(indices_), size_(std::clamp<Index>(samples(), 1, batch_size)) {
    const Index n = samples();
    count_ = (n + size_ - 1) / size_;
    if (join_last && count_ > 1 && n % size_ == 1) --count_;
  }

  Index samples() const { return static_cast<Index>(order_.size()); }
  Index count() const { return count_; }
  /// The number of samples in the first `batches` batches.
  Index samples_in(Index batches) const { return batches >= count_ ? samples() : batches * size_; }

  /// Shuffles for an epoch. The order depends on the seed and the epoch alone, never on an earlier order. With a
  /// `window`, indices are shuffled within each run of that length.
  [[gnu::cold]] void shuffle_for(std::uint64_t seed, Index epoch, Index window = 0) {
    std::copy(indices_.begin(), indices_.end(), order_.begin());
    Random random(seed, Purpose::shuffle, 0, static_cast<std::uint64_t>(epoch));
    const std::size_t length = window > 0 ? static_cast<std::size_t>(window) : order_.size();
    for (std::size_t first = 0; first < order_.size(); first += length)
      shuffle(std::span(order_).subspan(first, (std::min)(length, order_.size() - first)), random);
  }

  /// The indices of batch b; empty after the last.
  std::span<const std::uint32_t> batch(Index b) const {
    if (b >= count_) return {};
    const Index first = b * size_;
    const Index end = b + 1 == count_ ? samples() : first + size_;
    return std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
  }

 private:
  std::vector<std::uint32_t> indices_, order_;
  Index size_;
  Index count_ = 0;
};

}  // namespace eigencoder::detail
