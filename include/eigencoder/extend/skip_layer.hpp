#pragma once

#include <concepts>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder {

/// What a skip layer sees while a batch passes through it.
template <class Scalar>
struct SkipContext {
  const Pass<Scalar>& pass;
  Shape in;              ///< of one sample that enters
  Shape source_in;       ///< of one sample that entered the layer it reads
  Shape source_out;      ///< of one that left it
  const Scalar* source;  ///< what left it: values x batch
  const Scalar* cache;   ///< what it keeps, where `reads_cache`
};

/// Where a skip layer reads: `AtLayer<1>`.
template <class P>
concept LayerPlace = requires {
  { P::place } -> std::convertible_to<Index>;
  requires P::place >= 0;
};

/// A layer without learned values that reads an earlier layer besides the one before it. It is linear in both.
///
/// - `link(own)`: the position of the layer it reads, seen from its own position; -1 is the stack's input
/// - `reads_cache`: it needs that layer's cache, not its output, and gives back no gradient to it; `reads<L>` tells of
///   which layers, and `forward` and `backward` get the layer behind the context
/// - `output(in, source_in, source_out)` and `wanted(source_in, source_out)`
/// - `forward(context, x, y)`; y does not overlap x
/// - `backward(context, dy, dx, dsource)`: dx, and the gradient of what it read, values x batch (not where `reads_cache`)
template <class L>
concept SkipLayer = std::copyable<L> && requires(const L& layer, Index own, Shape shape) {
  { L::link(own) } -> std::same_as<Index>;
  { L::reads_cache } -> std::convertible_to<bool>;
  { layer.name() } -> std::same_as<Text>;
  { layer.output(shape, shape, shape) } -> std::same_as<Shape>;
  { layer.wanted(shape, shape) } -> std::same_as<Text>;
} && (L::reads_cache || requires(const L& layer, const SkipContext<double>& context, const double* x, double* y) {
  layer.forward(context, x, y);
  layer.backward(context, x, y, y);
});

}  // namespace eigencoder
