#pragma once

#include <algorithm>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder::detail {

/// How the lines of some images are shared among tasks: part of an image each, or some small images together.
class Shares {
 public:
  struct Share {
    Range samples, lines;
  };

  /// Places in a share, if a line is no longer: worth laying out the weight, and in the cache.
  static constexpr Index most = 512;

  /// Images of `lines` lines of `width` values.
  Shares(Index lines, Index width)
      : lines_(lines),
        to_a_sample_(std::clamp<Index>(lines * width / most, 1, lines)),
        samples_(std::max<Index>(1, most / 2 / (lines * width))) {}

  Index count(Index batch) const { return (batch * to_a_sample_ + samples_ - 1) / samples_; }
  Share share(Index task, Index batch) const {
    const Index part = task % to_a_sample_, sample = task / to_a_sample_ * samples_;
    const Index first = lines_ * part / to_a_sample_;
    return {{sample, (std::min)(samples_, batch - sample)}, {first, lines_ * (part + 1) / to_a_sample_ - first}};
  }

 private:
  Index lines_, to_a_sample_, samples_;
};

}  // namespace eigencoder::detail
