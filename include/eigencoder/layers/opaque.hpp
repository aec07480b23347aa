#pragma once

#include <concepts>
#include <eigencoder/core/gradient_sink.hpp>
#include <eigencoder/core/parameters.hpp>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/text.hpp>
#include <eigencoder/core/workspace.hpp>

namespace eigencoder {

/// What an opaque layer sees of the model while a batch passes through it.
template <class Scalar>
struct OpaqueStage {
  const Pass<Scalar>& pass;
  Shape shape;          ///< of one sample that enters
  Index position;       ///< of the layer in the model: part of the key of its random draws
  const Scalar* parameters[2];  ///< its parameter blocks, in the order declared
  const Scalar* statistics[2];  ///< its running statistics
  Scalar* updated[2];           ///< the same to be changed, or null where this pass must not
  Scalar* cache;                ///< `cache_size` values from forward to backward; null in inference
  Index first_block;            ///< index of its first parameter block, for the sink

  Index values() const { return shape.size() * pass.batch; }
};

/// A layer with a forward and a backward pass of its own: neither linear nor pointwise.
///
/// - `declare(layout, position, in)` adds its parameter blocks and statistics, at most two of each
/// - `cache_size(in, batch)`: how many values it keeps for the backward pass
/// - `forward(stage, x, y)`; y does not overlap x
/// - `backward(stage, x, dy, dx, sink)`: dx, which does not overlap dy, and the gradients to the sink
/// - `couples_batch`: a sample's output depends on the other samples of the batch
/// - `validate()` throws `OptionError` for a hyperparameter outside its range
template <class L>
concept OpaqueLayer = std::copyable<L> && requires(const L& layer, Shape in, Index n, ParameterLayout& layout,
                                                   const OpaqueStage<double>& stage, const double* x, double* y,
                                                   GradientSink<double>& sink) {
  { layer.output(in) } -> std::same_as<Shape>;
  { layer.name() } -> std::same_as<Text>;
  { L::couples_batch } -> std::convertible_to<bool>;
  layer.validate();
  layer.declare(layout, n, in);
  { layer.cache_size(in, n) } -> std::same_as<Index>;
  layer.forward(stage, x, y);
  layer.backward(stage, x, x, y, sink);
};

namespace detail {

/// Hands sums that were taken in double to the sink, as the gradient of part of a block.
template <class Scalar>
void deliver(Index block, Index first, Index count, const double* sum, Buffer<Scalar>& scratch,
             GradientSink<Scalar>& sink) {
  const auto stretch = sink.open(Turn::only, block, first, count, scratch);
  for (Index i = 0; i < count; ++i) stretch.gradient[i] = static_cast<Scalar>(sum[i]);
  sink.close(Turn::only, block, first, count, stretch.gradient);
}

/// Calls `run(j)` for every sample j of the batch.
template <class Scalar, class Run>
void for_each_sample(const OpaqueStage<Scalar>& stage, const Run& run) {
  parallel_for(stage.pass.batch, stage.pass.team(stage.values() * 8), [&](Index j, int) { run(j); });
}

}  // namespace detail
}  // namespace eigencoder
