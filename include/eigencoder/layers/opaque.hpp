#pragma once

#include <concepts>
#include <eigencoder/core/gradient_sink.hpp>
#include <eigencoder/core/parameters.hpp>
#include <eigencoder/core/setting.hpp>
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
/// - `couples_batch`: a sample's output depends on the other samples of the batch. It then takes no batch of one flat
///   sample to learn from, unless it says `takes_one_sample = true`
/// - `validate()` throws `OptionError` for a hyperparameter outside its range
/// - optionally `tensors`, what model files call its blocks, parameters first, and `setting()`, see `Setting`
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

/// Optional: a layer with a Jacobian J for each sample, at what its last forward pass in training left in the cache (a
/// selection that it made is held). A penalty on the Jacobian of a code (`Contractive`) asks for it.
///
/// - `pull(stage, x, dy, dx)`: dx = J^T dy; what `backward` writes to dx
/// - `push(stage, x, r, y)`: y = J r; r is as long as x, which entered
///
/// Where J depends on x or on learned values smoothly, the layer also gives
///
/// - `bend(stage, x, dy, r, dx, sink)`: adds the derivative of the sum of <r, J^T dy> by x to dx (null for the first
///   layer), and hands those by its parameters to the sink
///
/// What `pull` and `push` write overlaps nothing that is read.
template <class L>
concept Differentiable = OpaqueLayer<L> && requires(const L& layer, const OpaqueStage<double>& stage, const double* x,
                                                    double* y) {
  layer.pull(stage, x, x, y);
  layer.push(stage, x, x, y);
};

/// Optional: a layer that counts for each of its values how many training samples passed since it last fired (left the
/// layer other than 0). These counts, at most 2^24, are its first block of statistics. After an epoch over n samples
/// (up to 2^24) a unit is dead, it fired on none of them, where its count is n or more.
template <class L>
concept CountsFiring = OpaqueLayer<L> && requires { requires L::counts_firing; };

/// Optional: a layer whose parameters decide which of its values fire (leave it other than 0). A penalty on how many
/// fire (`FiringPenalty`) asks for it.
///
/// - `firing_backward(stage, x, slope, sink)`: hands `slope` times the derivative of the number of values of the batch
///   that fire, by its parameters, to the sink; called behind `forward` in training and before `backward`
template <class L>
concept LearnsFiring = OpaqueLayer<L> && requires(const L& layer, const OpaqueStage<double>& stage, const double* x,
                                                  GradientSink<double>& sink) {
  layer.firing_backward(stage, x, 1.0, sink);
};

namespace detail {

/// Counts of `CountsFiring` stop here, the last integer up to which a `float` holds them all.
inline constexpr Index most_counted = Index{1} << 24;

/// Whether a layer cannot learn from one flat sample alone.
template <class L>
inline constexpr bool needs_company = L::couples_batch;
template <class L>
  requires requires { L::takes_one_sample; }
inline constexpr bool needs_company<L> = L::couples_batch && !L::takes_one_sample;

/// Hands sums that were taken in double to the sink, as the gradient of part of a block.
template <class Scalar>
void deliver(Index block, Index first, Index count, const double* sum, Buffer<Scalar>& scratch,
             GradientSink<Scalar>& sink) {
  const auto stretch = sink.open(Turn::only, block, first, count, scratch);
  for (Index i = 0; i < count; ++i)
    stretch.gradient[i] = static_cast<Scalar>(stretch.accumulate ? double{stretch.gradient[i]} + sum[i] : sum[i]);
  sink.close(Turn::only, block, first, count, stretch.gradient);
}

/// Calls `run(j)` for every sample j of the batch.
template <class Scalar, class Run>
void for_each_sample(const OpaqueStage<Scalar>& stage, const Run& run) {
  parallel_samples(stage.pass.batch, stage.shape.values(), stage.pass.team(stage.values() * 8),
                   [&](Index j, int) { run(j); });
}

}  // namespace detail
}  // namespace eigencoder
