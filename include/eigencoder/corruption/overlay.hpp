#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/augmentation/blend_mark.hpp>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <limits>
#include <string_view>
#include <vector>

namespace eigencoder {

/// A picture with transparency.
struct Watermark {
  /// height x width x 4: red, green, blue and opacity; or height x width x 2: gray and opacity.
  Shape shape = {};
  /// Row by row, the channels of a pixel side by side, in [0, 1]. Colors are not multiplied by the opacity.
  std::vector<float> values = {};
};

/// Draws watermarks over an image of one or three channels, for a model that learns to remove them: pictures of your
/// own, each at a random place within the image, of random size and opacity. They may overlap. The aspect is kept, to
/// the nearest pixel, and a mark that is larger than the image is drawn as large as fits. An image of three channels
/// gets gray in all of them, one of one channel the luma of colors.
///
/// A mark is brought to its size in every draw, in a time that grows with its pixels: hundreds a side are plenty.
/// Source: Dekel et al., "On the effectiveness of visible watermarks" (2017), eq. 1.
struct Overlay {
  std::vector<Watermark> marks = {};  ///< at least one; each draw takes one of them, all equally likely
  Index count = 1;                    ///< how many are drawn over a sample, at least 1
  Index min_width = 12;               ///< the least width of a drawn mark, in pixels, at least 1
  Index max_width = 24;               ///< the largest, at least `min_width`; all between are equally likely
  double min_opacity = 0.3;           ///< the least factor of a mark's own opacity, in [0, max_opacity]
  double max_opacity = 0.8;           ///< the largest, at most 1; all between are equally likely

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "Overlay";

  [[gnu::cold]] void validate() const {
    detail::require_option(!marks.empty(), "Overlay.marks", "hold at least one picture");
    for (const Watermark& mark : marks) {
      const bool has_shape = mark.shape.is_static() && (mark.shape.channels == 2 || mark.shape.channels == 4);
      detail::require_option(has_shape, "Overlay.marks", "have shapes of 2 or 4 channels, the last the opacity");
      detail::require_option(static_cast<Index>(mark.values.size()) == mark.shape.size(), "Overlay.marks",
                             "have as many values as their shapes say");
      const auto in_range = [](float value) { return value >= 0 && value <= 1; };
      detail::require_option(std::all_of(mark.values.begin(), mark.values.end(), in_range), "Overlay.marks",
                             "have values in [0, 1]");
    }
    detail::require_at_least("Overlay.count", 1, count);
    detail::require_at_least("Overlay.min_width", 1, min_width);
    detail::require_option(max_width >= min_width && max_width <= (std::numeric_limits<std::int32_t>::max)(),
                           "Overlay.max_width", "be at least min_width");
    detail::require_probability("Overlay.max_opacity", max_opacity);
    detail::require_option(min_opacity >= 0 && min_opacity <= max_opacity, "Overlay.min_opacity",
                           "lie in [0, max_opacity]");
  }
  constexpr Diagnosis diagnose(Shape input) const {
    if (input.is_flat()) return detail::diagnose_image(name, input);
    if (input.channels == 1 || input.channels == 3 || input.channels == Dynamic) return {};
    return {Rule::policy_applies, name, Text::of("an image of ", static_cast<long long>(input.channels), " channels"),
            "one or three channels"};
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const auto below = [&](Index n) { return static_cast<Index>(random.below(static_cast<std::uint32_t>(n))); };
    for (Index k = 0; k < count; ++k) {
      const Watermark& mark = marks[static_cast<std::size_t>(below(static_cast<Index>(marks.size())))];
      const Index width = min_width + below(max_width - min_width + 1);
      const double opacity = min_opacity + (max_opacity - min_opacity) * random.uniform();
      detail::PixelRectangle at = fitted(mark.shape, width, shape);
      at.top = below(shape.height - at.height + 1);
      at.left = below(shape.width - at.width + 1);
      detail::blend_mark(mark.values.data(), mark.shape, opacity, sample, shape, at);
    }
  }
  ///@}

 private:
  /// The size in which a mark is drawn, at the largest width up to `width` at which the image holds it.
  static detail::PixelRectangle fitted(Shape mark, Index width, Shape image) {
    const auto scaled = [](Index side, Index numerator, Index denominator) {
      return (std::max<Index>)(1, (2 * side * numerator + denominator) / (2 * denominator));
    };
    width = (std::min)(width, image.width);
    const Index height = scaled(width, mark.height, mark.width);
    if (height <= image.height) return {0, 0, height, width};
    return {0, 0, image.height, (std::min)(width, scaled(image.height, mark.width, mark.height))};
  }
};

}  // namespace eigencoder
