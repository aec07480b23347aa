#pragma once

#include <cmath>
#include <cstdint>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// What `BlockErasure` puts in the place of erased values.
enum class ErasureFill {
  value,      ///< the constant `BlockErasure::value`
  noise,      ///< an independent draw for each value, uniform in [0, 1)
  image_mean  ///< in each channel its mean over the sample
};

/// Erases rectangles of an image, which the model has to fill in. The position of each is uniform within the image, and
/// they may overlap. A side that is longer than the image's is shortened to it. `erased_mask` tells what was erased.
///
/// Sources: Pathak et al., "Context encoders: feature learning by inpainting" (2016), section 3.3, random block; Zhong
/// et al., "Random erasing data augmentation" (2020), section 4, for the fills.
struct BlockErasure {
  Index height = 8;                       ///< of a rectangle, in pixels
  Index width = 8;                        ///< of a rectangle, in pixels
  Index blocks = 1;                       ///< the number of rectangles
  double value = 0;                       ///< the constant that replaces erased values where `fill` says so
  ErasureFill fill = ErasureFill::value;  ///< what replaces erased values

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "BlockErasure";

  void validate() const {
    detail::require_at_least("BlockErasure.height", 1, height);
    detail::require_at_least("BlockErasure.width", 1, width);
    detail::require_at_least("BlockErasure.blocks", 1, blocks);
    detail::require_finite("BlockErasure.value", value);
    detail::require_option(fill == ErasureFill::value || fill == ErasureFill::noise || fill == ErasureFill::image_mean,
                           "BlockErasure.fill", "be an ErasureFill");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_image(name, input); }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    if (fill == ErasureFill::image_mean) return fill_with_mean(sample, shape, random);
    const auto constant = static_cast<Scalar>(value);
    for_each_erased(shape, random, [&](Index i) {
      sample[i] = fill == ErasureFill::noise ? static_cast<Scalar>(random.uniform()) : constant;
    });
  }
  ///@}

  /// As every corruption that `Erases`.
  template <class Scalar>
  void mark_erased(Scalar* mask, Shape shape, Random& random) const {
    for_each_erased(shape, random, [&](Index i) {
      if (fill == ErasureFill::noise) random.uniform();  // takes the numbers that the noise takes
      mask[i] = 1;
    });
  }

 private:
  /// Calls `visit(i)` for each erased value, some more than once.
  template <class Visit>
  void for_each_erased(Shape shape, Random& random, const Visit& visit) const {
    const Index rows = height < shape.height ? height : shape.height;
    const Index cols = width < shape.width ? width : shape.width;
    for (Index block = 0; block < blocks; ++block) {
      const auto top = static_cast<Index>(random.below(static_cast<std::uint32_t>(shape.height - rows + 1)));
      const auto left = static_cast<Index>(random.below(static_cast<std::uint32_t>(shape.width - cols + 1)));
      for (Index row = top; row < top + rows; ++row) {
        const Index first = (row * shape.width + left) * shape.channels;
        for (Index i = first; i < first + cols * shape.channels; ++i) visit(i);
      }
    }
  }

  /// Fills one channel after the other, each with the same draws, so that every mean is that of the intact channel.
  template <class Scalar>
  void fill_with_mean(Scalar* sample, Shape shape, Random& random) const {
    const Index pixels = shape.height * shape.width;
    const Random start = random;
    for (Index c = 0; c < shape.channels; ++c) {
      double sum = 0;
      Index known = 0;
      for (Index i = 0; i < pixels; ++i) {
        const auto pixel = static_cast<double>(sample[i * shape.channels + c]);
        if ((std::isnan)(pixel)) continue;
        sum += pixel;
        ++known;
      }
      const auto mean = static_cast<Scalar>(known > 0 ? sum / static_cast<double>(known) : 0);
      random = start;
      for_each_erased(shape, random, [&](Index i) {
        if (i % shape.channels == c) sample[i] = mean;
      });
    }
  }
};

}  // namespace eigencoder
