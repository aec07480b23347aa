#pragma once

#include <concepts>
#include <eigencoder/extend/initializer.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <string_view>

namespace eigencoder {

/// The weight of a linear layer: its stored size and the fans its initializer goes by.
struct WeightShape {
  Index rows = 0;
  Index cols = 0;
  Index fan_in = 0;
  Index fan_out = 0;
};

/// Whether a linear layer adds a bias: `Dense<64, WithoutBias>`, `Dense{64, WithoutBias{}}`.
struct WithBias {
  static constexpr std::string_view kind = "Bias";
  static constexpr bool value = true;
  constexpr Text name() const { return "WithBias"; }
};
struct WithoutBias {
  static constexpr std::string_view kind = "Bias";
  static constexpr bool value = false;
  constexpr Text name() const { return "WithoutBias"; }
};

/// The part of a result that one task computes: `rows` rows from `row` on of `cols` columns from `col` on. A column is
/// `height` values long: a sample, or the channels at one position.
struct Region {
  Index row, rows, col, cols, height;
};

/// Neighboring values, places, lines or samples, from `first` on.
struct Range {
  Index first, count;
};

/// What a kernel gives, for column-major x (inputs x batch) and y (outputs x batch). Each product is cut
/// into tasks by sizes alone; a task owns what it writes.
///
/// - `apply(task, x, y, batch, scratch)`: y = A x on one region, which is returned; `apply_tasks(batch)`
/// - `adjoint(task, y, x, batch, scratch)`: x = A^T y likewise; `adjoint_tasks(batch)`
/// - `outer(task, x, dy, batch, g, accumulate, scratch)`: the gradient of <dy, A x> by the weight values of
///   this task, `outer_range(task)` giving the first and the count of them; `outer_tasks()`; the batch may be a part
/// - `work()`: multiplications for one sample
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

/// A linear layer is y = A x + b, with A built from a weight. The layer itself holds hyperparameters; its
/// `kernel<Scalar>(input, weight)`, a `LinearKernel`, does the arithmetic, and the sweeps in `sweeps.hpp` do the rest:
/// bias, the activation behind it, threads, and the delivery of gradients.
///
/// `output(in)` is the shape that leaves (`Shape::none()` if `in` cannot enter). `bias_size(out)` is the number of bias
/// values for the output shape: none, one for each value, or one for each channel.
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

}  // namespace eigencoder
