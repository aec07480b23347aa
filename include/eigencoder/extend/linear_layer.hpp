#pragma once

#include <concepts>
#include <eigencoder/extend/initializer.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <string_view>

namespace eigencoder {

/// The size of a linear layer's weight, and the fans by which its initializer scales it.
struct WeightShape {
  Index rows = 0;     ///< rows of the stored, row-major matrix
  Index cols = 0;     ///< its columns
  Index fan_in = 0;   ///< inputs that each output depends on
  Index fan_out = 0;  ///< outputs that each input reaches
};

/// An option of a linear layer: it adds a bias, the default.
struct WithBias {
  static constexpr std::string_view kind = "Bias";  ///< one option of this kind at most
  static constexpr bool value = true;               ///< whether there is a bias
  /// The option's name.
  constexpr Text name() const { return "WithBias"; }
};
/// An option of a linear layer: it adds no bias. `Dense<64, WithoutBias>`, `Dense{64, WithoutBias{}}`.
struct WithoutBias {
  static constexpr std::string_view kind = "Bias";  ///< one option of this kind at most
  static constexpr bool value = false;              ///< whether there is a bias
  /// The option's name.
  constexpr Text name() const { return "WithoutBias"; }
};

/// The part of a result that one task computes. A column is a sample, or the channels at one position of an image.
struct Region {
  Index row;     ///< the first row
  Index rows;    ///< the number of rows
  Index col;     ///< the first column
  Index cols;    ///< the number of columns
  Index height;  ///< the values of a whole column
};

/// Neighboring values, positions, lines or samples.
struct Range {
  Index first;  ///< the first of them
  Index count;  ///< how many
};

/// The arithmetic of a linear layer y = A x, for column-major x (inputs x batch) and y (outputs x batch). Each product
/// is divided into tasks, which threads run in any order. The division depends on sizes alone, and no two tasks write
/// the same values.
///
/// Required:
///
/// - `apply_tasks(batch)`, `apply(task, x, y, batch, scratch)`: y = A x on the task's `Region`, which is returned
/// - `adjoint_tasks(batch)`, `adjoint(task, y, x, batch, scratch)`: x = A^T y, likewise
/// - `outer_tasks()`, `outer_range(task)`, `outer(task, x, dy, batch, g, accumulate, scratch)`: the gradient of <dy, A
///   x> by the weight values in the task's `Range`, written to g, or added with `accumulate`; `batch` may be a part of
///   the batch
/// - `work()`: multiplications of one sample
template <class K, class Scalar>
concept LinearKernel = requires(const K& k, Index n, const Scalar* in, Scalar* out, bool accumulate,
                                KernelScratch<Scalar>& scratch) {
  { k.apply_tasks(n) } -> std::same_as<Index>;
  { k.apply(n, in, out, n, scratch) } -> std::same_as<Region>;
  { k.adjoint_tasks(n) } -> std::same_as<Index>;
  { k.adjoint(n, in, out, n, scratch) } -> std::same_as<Region>;
  { k.outer_tasks() } -> std::same_as<Index>;
  { k.outer_range(n) } -> std::same_as<Range>;
  k.outer(n, in, in, n, out, accumulate, scratch);
  { k.work() } -> std::same_as<Index>;
};

/// A layer y = A x + b, with a matrix A that is built from a weight, such as `Dense` or `Conv2d`. The layer holds
/// hyperparameters and its kernel computes A x; the library adds the bias and the activation after it, and runs the
/// threads and the backward pass.
///
/// Required:
///
/// - `name()`: a `Text`, its type with its hyperparameters
/// - `output(in)`: the shape of its output for inputs of shape `in`; `Shape::none()` if it does not take them. Sizes
///   may be `Dynamic`, which the result then is too.
/// - `has_weight`: false if A is fixed, as of an upsampling
/// - `weight_shape(in)`: the size of the weight
/// - `bias_size(out)`: the number of bias values for outputs of shape `out`: 0, one for each value, or one for each
///   channel
/// - `initializer`: the weight's `Initializer`
/// - `kernel<Scalar>(in, weight)`: the `LinearKernel` for inputs of shape `in`
///
/// Optional:
///
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
template <class L>
concept LinearLayer = std::copyable<L> && requires(const L& layer, Shape in, const double* weight) {
  { L::has_weight } -> std::convertible_to<bool>;
  { layer.output(in) } -> std::same_as<Shape>;
  { layer.name() } -> std::same_as<Text>;
  { layer.bias_size(in) } -> std::same_as<Index>;
  { layer.weight_shape(in) } -> std::same_as<WeightShape>;
  { layer.initializer } -> std::convertible_to<Initializer>;
  { layer.template kernel<double>(in, weight) } -> LinearKernel<double>;
};

/// Base of linear layers without parameters, such as `AveragePool2d`, `Upsample` and `Reshape`. A layer of your own
/// that inherits it adds `output(in)`, `name()` and `kernel<Scalar>(in, weight)` to be a `LinearLayer`; the weight it
/// is given is null.
struct WeightlessLayer {
  /// As every `LinearLayer`: no weight and no bias.
  ///@{
  static constexpr bool has_weight = false;
  static constexpr Initializer initializer = {};

  constexpr Index bias_size(Shape) const { return 0; }
  constexpr WeightShape weight_shape(Shape) const { return {}; }
  ///@}
};

}  // namespace eigencoder
