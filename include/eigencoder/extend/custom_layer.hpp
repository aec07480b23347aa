#pragma once

#include <concepts>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/text.hpp>

namespace eigencoder {

/// What a custom layer sees of the model while a batch passes through it.
template <class Scalar>
struct LayerContext {
  const Pass<Scalar>& pass;     ///< the batch: its size, training or inference, keys of random numbers, threads
  Shape shape;                  ///< the shape of one input sample
  Index position;               ///< the layer's position in the model, for the key of its random numbers
  const Scalar* parameters[2];  ///< its parameter blocks, in the order declared
  const Scalar* statistics[2];  ///< its blocks of running statistics, in the order declared
  Scalar* updated[2];           ///< the same statistics to write to, or null where this pass must not change them
  Scalar* cache;                ///< `cache_size` values from `forward` to `backward`; in inference null, unless a skip
                                ///< layer reads it
  Index first_block;            ///< the index of its first parameter block, for the gradient sink
  bool frozen = false;          ///< its parameters and statistics stay as they are, and `updated` is null: a layer that
                                ///< normally uses its statistics in inference alone uses them in training too

  /// Values of the input batch.
  Index values() const { return shape.size() * pass.batch; }
};

/// A layer with its own forward and backward pass, for what is neither linear nor pointwise, such as `BatchNorm`.
///
/// Matrices are column-major: x, dx are input size x batch, y, dy output size x batch; channels are the fastest index
/// of a sample. No two of the matrices overlap.
///
/// Required:
///
/// - `name()`: a `Text`, its type with its hyperparameters
/// - `output(in)`: the shape of its output for inputs of shape `in`; `Shape::none()` if it does not take them. Sizes
///   may be `Dynamic`, which the result then is too.
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
/// - `couples_batch`: true if a sample's output depends on the other samples of the batch. Such a layer refuses to
///   learn from a batch of one flat sample.
/// - `declare(layout, position, in)`: adds its parameter blocks and running statistics, at most two of each
/// - `cache_size(in, batch)`: the number of values that it keeps from `forward` to `backward`
/// - `forward(context, x, y)`: writes y
/// - `backward(context, x, dy, dx, sink)`: writes dx, and hands the gradients of its parameters to the sink
///
/// Optional:
///
/// - `takes_one_sample = true`: although it couples the batch, it can learn from a batch of one flat sample
/// - `tensors`: an array of the names of its blocks in model files, parameters first
/// - `setting()`: the `Setting` to store in model files
/// - what `Differentiable`, `CountsFiring` and `LearnsFiring` ask for
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

/// A custom layer with products by its Jacobian J, for penalties on the Jacobian of a code (`Contractive`). J is that
/// of each sample at the inputs of the last forward pass in training, which the cache holds; a selection that the layer
/// made there stays fixed.
///
/// - `vjp(context, x, dy, dx)`: dx = J^T dy, the same as `backward` writes
/// - `jvp(context, x, r, y)`: y = J r, with r of the size of x
///
/// Where J depends smoothly on x or on parameters, the layer also has
///
/// - `second_order(context, x, dy, r, dx, sink)`: adds the derivative of sum <r, J^T dy> by x to dx (null for a model's
///   first layer), and hands the derivatives by its parameters to the sink
///
/// What `vjp` and `jvp` write overlaps nothing that they read.
template <class L>
concept Differentiable = CustomLayer<L> && requires(const L& layer, const LayerContext<double>& context,
                                                    const double* x, double* y) {
  layer.vjp(context, x, x, y);
  layer.jvp(context, x, x, y);
};

/// A custom layer that counts, for each of its units, the training samples since the unit last fired, which means that
/// its output was not 0. It says so by `counts_firing = true`. Its first block of running statistics holds the counts,
/// which stop at 2^24. After an epoch of n <= 2^24 samples a unit is dead if its count is at least n.
template <class L>
concept CountsFiring = CustomLayer<L> && requires { requires L::counts_firing; };

/// A custom layer whose parameters decide which of its units fire (have an output that is not 0), for penalties on
/// their number (`FiringPenalty`).
///
/// - `firing_backward(context, x, derivative, sink)`: hands `derivative` times the derivative of the number of firing
///   units in the batch, by its parameters, to the sink; called after `forward` in training and before `backward`
template <class L>
concept LearnsFiring = CustomLayer<L> && requires(const L& layer, const LayerContext<double>& context, const double* x,
                                                  GradientSink<double>& sink) {
  layer.firing_backward(context, x, 1.0, sink);
};

}  // namespace eigencoder
