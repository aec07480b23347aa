#pragma once

#include <concepts>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/setting.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder {

/// What an custom layer sees of the model while a batch passes through it.
template <class Scalar>
struct LayerContext {
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
/// - `forward(context, x, y)`; y does not overlap x
/// - `backward(context, x, dy, dx, sink)`: dx, which does not overlap dy, and the gradients to the sink
/// - `couples_batch`: a sample's output depends on the other samples of the batch. It then takes no batch of one flat
///   sample to learn from, unless it says `takes_one_sample = true`
/// - `validate()` throws `OptionError` for a hyperparameter outside its range
/// - optionally `tensors`, what model files call its blocks, parameters first, and `setting()`, see `Setting`
template <class L>
concept CustomLayer = std::copyable<L> && requires(const L& layer, Shape in, Index n, ParameterLayout& layout,
                                                   const LayerContext<double>& context, const double* x, double* y,
                                                   GradientSink<double>& sink) {
  { layer.output(in) } -> std::same_as<Shape>;
  { layer.name() } -> std::same_as<Text>;
  { L::couples_batch } -> std::convertible_to<bool>;
  layer.validate();
  layer.declare(layout, n, in);
  { layer.cache_size(in, n) } -> std::same_as<Index>;
  layer.forward(context, x, y);
  layer.backward(context, x, x, y, sink);
};

/// Optional: a layer with a Jacobian J for each sample, at what its last forward pass in training left in the cache (a
/// selection that it made is held). A penalty on the Jacobian of a code (`Contractive`) asks for it.
///
/// - `vjp(context, x, dy, dx)`: dx = J^T dy; what `backward` writes to dx
/// - `jvp(context, x, r, y)`: y = J r; r is as long as x, which entered
///
/// Where J depends on x or on learned values smoothly, the layer also gives
///
/// - `second_order(context, x, dy, r, dx, sink)`: adds the derivative of the sum of <r, J^T dy> by x to dx (null for the first
///   layer), and hands those by its parameters to the sink
///
/// What `vjp` and `jvp` write overlaps nothing that is read.
template <class L>
concept Differentiable = CustomLayer<L> && requires(const L& layer, const LayerContext<double>& context, const double* x,
                                                    double* y) {
  layer.vjp(context, x, x, y);
  layer.jvp(context, x, x, y);
};

/// Optional: a layer that counts for each of its values how many training samples passed since it last fired (left the
/// layer other than 0). These counts, at most 2^24, are its first block of statistics. After an epoch over n samples
/// (up to 2^24) a unit is dead, it fired on none of them, where its count is n or more.
template <class L>
concept CountsFiring = CustomLayer<L> && requires { requires L::counts_firing; };

/// Optional: a layer whose parameters decide which of its values fire (leave it other than 0). A penalty on how many
/// fire (`FiringPenalty`) asks for it.
///
/// - `firing_backward(context, x, derivative, sink)`: hands `derivative` times the derivative of the number of values of the batch
///   that fire, by its parameters, to the sink; called behind `forward` in training and before `backward`
template <class L>
concept LearnsFiring = CustomLayer<L> && requires(const L& layer, const LayerContext<double>& context, const double* x,
                                                  GradientSink<double>& sink) {
  layer.firing_backward(context, x, 1.0, sink);
};

}  // namespace eigencoder
