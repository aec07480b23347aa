#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// The batches of an epoch: places in the data set, in an order drawn anew each epoch and cut into pieces,
/// the last one short. Where a model couples the samples of a batch, a last batch of one joins the one before.
class Batches {
 public:
  [[gnu::cold]] Batches(std::vector<std::uint32_t> places, Index batch_size, bool join_last)
      : places_(std::move(places)), order_(places_), size_(std::clamp<Index>(samples(), 1, batch_size)) {
    const Index n = samples();
    count_ = (n + size_ - 1) / size_;
    if (join_last && count_ > 1 && n % size_ == 1) --count_;
  }

  Index samples() const { return static_cast<Index>(order_.size()); }
  Index count() const { return count_; }
  /// The samples in the first so many batches.
  Index samples_in(Index batches) const { return batches >= count_ ? samples() : batches * size_; }

  /// The order of an epoch follows from the seed and the epoch alone, never from an earlier order. With a `window`,
  /// places are shuffled within each run of so many.
  [[gnu::cold]] void shuffle_for(std::uint64_t seed, Index epoch, Index window = 0) {
    std::copy(places_.begin(), places_.end(), order_.begin());
    Random random(seed, Purpose::shuffle, 0, static_cast<std::uint64_t>(epoch));
    const std::size_t length = window > 0 ? static_cast<std::size_t>(window) : order_.size();
    for (std::size_t first = 0; first < order_.size(); first += length)
      shuffle(std::span(order_).subspan(first, (std::min)(length, order_.size() - first)), random);
  }

  /// Empty behind the last.
  std::span<const std::uint32_t> batch(Index b) const {
    if (b >= count_) return {};
    const Index first = b * size_;
    const Index end = b + 1 == count_ ? samples() : first + size_;
    return std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
  }

 private:
  std::vector<std::uint32_t> places_, order_;
  Index size_;
  Index count_ = 0;
};

}  // namespace eigencoder::detail
