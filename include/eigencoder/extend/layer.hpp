#pragma once

#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/skip_layer.hpp>

/// @file
/// Any layer, of whichever kind, and what a model knows of it.
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

/// The parameter blocks of a linear layer.
struct LinearBlocks {
  Index weight = -1;      ///< the index of the weight's block; -1 if it has none
  Index bias = -1;        ///< the index of the bias's block; -1 if it has none
  Index bias_period = 1;  ///< bias values, which repeat throughout an output sample
  ContributionOrder order = ContributionOrder::only;  ///< of its contribution to the weight's gradient
};

/// What a model knows of one of its layers.
struct LayerInfo {
  Shape in = Shape::none();    ///< the shape of one input sample
  Shape out = Shape::none();   ///< the shape of one output sample
  LinearBlocks blocks;         ///< of a linear layer
  Index first_block = 0;       ///< of a custom layer, the index of its first parameter block
  Index first_statistics = 0;  ///< of a custom layer, the index of its first block of running statistics
  bool frozen = false;         ///< a policy that `Freezes` keeps its parameters and running statistics as they are
};

}  // namespace eigencoder
