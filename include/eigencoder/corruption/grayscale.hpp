#pragma once

#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Takes the colors from an image of three channels (red, green, blue), for a model that learns to give them back: all
/// three become the luma, 0.299 red + 0.587 green + 0.114 blue. Gray pixels do not change by a bit. Nothing is drawn.
/// Source: ITU-R BT.601-7, section 2.5.1.
struct Grayscale {
  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "Grayscale";

  void validate() const {}
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_three_channels(name, input); }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random&) const {
    const Index pixels = shape.height * shape.width;
    for (Index i = 0; i < pixels; ++i, sample += 3)
      sample[0] = sample[1] = sample[2] = detail::luma(sample[0], sample[1], sample[2]);
  }
  ///@}
};

}  // namespace eigencoder
