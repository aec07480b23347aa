#pragma once

#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/model/encoder_and_decoder.hpp>
#include <string_view>

namespace eigencoder {

/// The policy of a model whose output is no reconstruction of its input, but has a shape of its own: a larger image, a
/// colored one, the scores of classes. The decoder returns this shape, and `fit`, `evaluate` and `gradient` take inputs
/// and targets.
///
///     Target<Image<40, 40, 3>>, Target<Input<10>>
///     Target{Image{2 * height, 2 * width, 3}}
///
/// A loss that `TakesClasses`, such as `Categorical`, also takes targets of one value for each position, its class:
/// 0, 1, ... for the channels of the output.
///
/// An augmentation moves an input and its target alike: the sides of a target that is an image are the input's times
/// one whole number, or divided by one. Colors of a target change with the input's if it has as many channels, and the
/// loss takes no classes. Targets without height and width, such as labels, stay as they are.
template <class Output = Input<>>
struct Target {
  Output output = {};  ///< the shape of a target: `Image` or `Input`

  /// As every policy that `SetsTarget`.
  ///@{
  static constexpr std::string_view kind = "Target";
  static constexpr Index at_layer = AllLayers::at_layer;
  void validate() const {}
  constexpr Shape target_shape() const { return output.shape(); }
  ///@}
};
template <class Output>
Target(Output) -> Target<Output>;

}  // namespace eigencoder
