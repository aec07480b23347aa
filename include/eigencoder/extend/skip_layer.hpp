#pragma once

#include <concepts>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/text.hpp>

namespace eigencoder {

/// What a skip layer sees while a batch passes through it.
template <class Scalar>
struct SkipContext {
  const Pass<Scalar>& pass;  ///< the batch
  Shape in;                  ///< the shape of one input sample
  Shape source_in;           ///< the shape of one input sample of the source, the layer that it reads
  Shape source_out;          ///< the shape of one output sample of the source
  const Scalar* source;      ///< the source's output: values x batch
  const Scalar* cache;       ///< the source's cache, where `reads_cache`
};

/// Names one layer of a model, as `AtLayer<1>` does.
template <class P>
concept LayerPosition = requires {
  { P::at_layer } -> std::convertible_to<Index>;
  requires P::at_layer >= 0;
};

/// A layer without parameters that reads an earlier layer, its source, besides the one before it. It is linear in both.
///
/// Matrices are column-major, a sample a column, and do not overlap.
///
/// Required:
///
/// - `name()`: a `Text`, its type with its hyperparameters
/// - `source(position)`: the source's position for a layer at `position`; -1 is the input of the model
/// - `reads_cache`: true if it reads the source's cache instead of its output. It then has the template variable
///   `reads<Layer>`, which kinds of layer it can read, and returns no gradient to the source; `forward` and `backward`
///   get the source as an argument after the context.
/// - `output(in, source_in, source_out)`: the shape of its output; `Shape::none()` if the shapes do not fit
/// - `expected_input(source_in, source_out)`: a `Text` for messages, which input it takes
/// - `forward(context, x, y)`: writes y
/// - `backward(context, dy, dx, dsource)`: writes dx and, unless `reads_cache`, the gradient of the source's output
template <class L>
concept SkipLayer = std::copyable<L> && requires(const L& layer, Index position, Shape shape) {
  { L::source(position) } -> std::same_as<Index>;
  { L::reads_cache } -> std::convertible_to<bool>;
  { layer.name() } -> std::same_as<Text>;
  { layer.output(shape, shape, shape) } -> std::same_as<Shape>;
  { layer.expected_input(shape, shape) } -> std::same_as<Text>;
} && (L::reads_cache || requires(const L& layer, const SkipContext<double>& context, const double* x, double* y) {
  layer.forward(context, x, y);
  layer.backward(context, x, y, y);
});

}  // namespace eigencoder
