#pragma once

#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/skip_layer.hpp>

namespace eigencoder {

/// The kinds of layer, by the contract that a type satisfies.
enum class LayerKind {
  linear,     ///< `LinearLayer`
  pointwise,  ///< `Pointwise`
  custom,     ///< `CustomLayer`
  skip,       ///< `SkipLayer`
  none        ///< no layer
};

/// The kind of layer that `L` is.
template <class L>
inline constexpr LayerKind kind = [] {
  if constexpr (Pointwise<L>) return LayerKind::pointwise;
  else if constexpr (LinearLayer<L>) return LayerKind::linear;
  else if constexpr (CustomLayer<L>) return LayerKind::custom;
  else if constexpr (SkipLayer<L>) return LayerKind::skip;
  else return LayerKind::none;
}();

/// A part of an encoder or a decoder: a type that satisfies one of the four contracts. Each layer may also have
///
/// - `expected_input()`: a `Text` for messages, which input it takes, "an image of at least 3x3"
/// - `mirror(in)`: the layer that stands for it in the decoder that `Mirror` makes; `in` is the shape of its input
template <class L>
concept Layer = kind<L> != LayerKind::none;

}  // namespace eigencoder
