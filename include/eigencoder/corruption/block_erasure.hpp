#pragma once

#include <cmath>
#include <cstdint>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Erases rectangles of an image, which the model then has to fill in: each lies wholly within the image, all places
/// alike likely, and may overlap others. A side longer than the image's is cut to it.
/// Source: Pathak et al., "Context encoders: feature learning by inpainting" (2016), section 3.3, random block.
struct BlockErasure {
  Index height = 8;  ///< in pixels
  Index width = 8;   ///< in pixels
  Index blocks = 1;  ///< how many
  double value = 0;  ///< what erased values become

  static constexpr std::string_view name = "BlockErasure";
  void validate() const {
    if (height < 1 || width < 1 || blocks < 1)
      throw OptionError("eigencoder: BlockErasure.height, .width and .blocks must be at least 1");
    if (!std::isfinite(value)) throw OptionError("eigencoder: BlockErasure.value must be finite");
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
};

}  // namespace eigencoder
