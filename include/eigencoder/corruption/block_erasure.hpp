#pragma once

#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Erases rectangles of an image, which the model has to fill in. The position of each is uniform within the image, and
/// they may overlap. A side that is longer than the image's is shortened to it.
/// Source: Pathak et al., "Context encoders: feature learning by inpainting" (2016), section 3.3, random block.
struct BlockErasure {
  Index height = 8;  ///< of a rectangle, in pixels
  Index width = 8;   ///< of a rectangle, in pixels
  Index blocks = 1;  ///< the number of rectangles
  double value = 0;  ///< the constant that replaces erased values

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "BlockErasure";

  void validate() const {
    detail::require_at_least("BlockErasure.height", 1, height);
    detail::require_at_least("BlockErasure.width", 1, width);
    detail::require_at_least("BlockErasure.blocks", 1, blocks);
    detail::require_finite("BlockErasure.value", value);
  }
  constexpr Diagnosis diagnose(Shape input) const {
    if (!input.is_flat()) return {};
    return {Rule::policy_applies, name, Text::of("an input of ", input.in_words()), "an image, Image<H, W, C>"};
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index rows = height < shape.height ? height : shape.height;
    const Index cols = width < shape.width ? width : shape.width;
    const auto erased = static_cast<Scalar>(value);
    for (Index block = 0; block < blocks; ++block) {
      const auto top = static_cast<Index>(random.below(static_cast<std::uint32_t>(shape.height - rows + 1)));
      const auto left = static_cast<Index>(random.below(static_cast<std::uint32_t>(shape.width - cols + 1)));
      for (Index row = top; row < top + rows; ++row) {
        Scalar* const run = sample + (row * shape.width + left) * shape.channels;
        for (Index i = 0; i < cols * shape.channels; ++i) run[i] = erased;
      }
    }
  }
  ///@}
};

}  // namespace eigencoder
