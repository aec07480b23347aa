#pragma once

#include <algorithm>
#include <eigencoder/core/gemm.hpp>
#include <eigencoder/layers/linear.hpp>

namespace eigencoder {

namespace detail {

/// y = W x for a row-major weight of `outputs` x `inputs`.
template <class Scalar>
struct DenseKernel {
  const Scalar* weight;
  Index inputs, outputs;

  // A result of n rows: some sixteen tasks, in multiples of the 48 rows that the widest kernel takes at a time; of few
  // rows, by columns too. A few samples are soon done: then it is one, whose rows no task lays out.
  struct Cut {
    Index rows, cols;         // of a task
    Index by_rows, by_cols;   // tasks
  };
  static Cut cut(Index n, Index batch, bool soon_done) {
    if (soon_done) return {n, batch, 1, 1};
    const Index rows = (n / 16 + 48) / 48 * 48, by_rows = tasks(n, rows);
    const Index cols = std::max<Index>(64, (batch / std::max<Index>(1, 8 / by_rows) + 8) / 8 * 8);
    return {rows, cols, by_rows, tasks(batch, cols)};
  }
  static Index tasks(Index n, Index tile) { return (n + tile - 1) / tile; }
  static Index tasks_of(Cut each) { return each.by_rows * each.by_cols; }
  bool soon_applied(Index batch) const { return batch < 4 && work() * batch <= 65536; }
  static Region region(Index task, Cut each, Index n, Index batch) {
    if (tasks_of(each) == 1) return {0, n, 0, batch, n};
    const Range rows = range(task % each.by_rows, each.rows, n);
    const Range cols = range(task / each.by_rows, each.cols, batch);
    return {rows.first, rows.count, cols.first, cols.count, n};
  }
  // Of 64 rows or more four tasks or more, each a gradient tile that the optimizer still finds in the cache.
  Index outer_tile() const {
    return std::clamp<Index>(Index{131072} / inputs, 16, std::max<Index>(16, outputs / 4)) / 8 * 8;
  }
  static Range range(Index task, Index tile, Index n) { return {task * tile, std::min(tile, n - task * tile)}; }

  Index apply_tasks(Index batch) const { return tasks_of(cut(outputs, batch, soon_applied(batch))); }
  Index adjoint_tasks(Index batch) const { return tasks_of(cut(inputs, batch, false)); }
  Index outer_tasks() const { return tasks(outputs, outer_tile()); }
  Index work() const { return inputs * outputs; }

  Range outer_range(Index task) const {
    const Range rows = range(task, outer_tile(), outputs);
    return {rows.first * inputs, rows.count * inputs};
  }

  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, GemmScratch<Scalar>& scratch) const {
    const Region r = region(task, cut(outputs, batch, soon_applied(batch)), outputs, batch);
    gemm<Scalar>(r.rows, r.cols, inputs, {weight + r.row * inputs, inputs, true}, {x + r.col * inputs, inputs, false},
                 y + r.col * outputs + r.row, outputs, false, scratch);
    return r;
  }

  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, GemmScratch<Scalar>& scratch) const {
    const Region r = region(task, cut(inputs, batch, false), inputs, batch);
    gemm<Scalar>(r.rows, r.cols, outputs, {weight + r.row, inputs, false}, {y + r.col * outputs, outputs, false},
                 x + r.col * inputs + r.row, inputs, false, scratch);
    return r;
  }

  /// The rows of dy x^T; row-major, so computed as columns of x dy^T.
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             GemmScratch<Scalar>& scratch) const {
    const Range rows = range(task, outer_tile(), outputs);
    gemm<Scalar>(inputs, rows.count, batch, {x, inputs, false}, {dy + rows.first, outputs, true}, g, inputs,
                 accumulate, scratch);
  }
};

}  // namespace detail

/// A fully connected layer, y = W x + b, with W of `width` x inputs. An image that enters is read as a
/// vector. The width is a template argument or, with `Dense{width}`, a value:
///
///     Dense<64>                                   static
///     Dense<64>{Initializer::he_uniform()}        static, weights drawn as told
///     Dense{64}, Dense{64, WithoutBias{}}         dynamic
template <Index Width = Dynamic, class Bias = WithBias>
struct Dense {
  static constexpr bool has_weight = true;

  Index width = Width;
  Initializer initializer = {};

  constexpr Dense() = default;
  constexpr explicit Dense(Initializer weights)
    requires(Width != Dynamic)
      : initializer(weights) {}
  constexpr explicit Dense(Index outputs, Bias = {}, Initializer weights = {})
    requires(Width == Dynamic)
      : width(outputs), initializer(weights) {}
  constexpr Dense(Index outputs, Initializer weights)
    requires(Width == Dynamic)
      : width(outputs), initializer(weights) {}

  constexpr Shape output(Shape in) const { return in.is_possible() ? Shape::flat(width) : Shape::none(); }
  constexpr Text name() const {
    if (Width != Dynamic) return Text::of("Dense<", static_cast<long long>(width), ">");
    return width == Dynamic ? Text("Dense<Dynamic>") : Text::of("Dense{", static_cast<long long>(width), "}");
  }
  constexpr Text wanted() const { return "a positive width"; }
  constexpr Index bias_size(Shape out) const { return Bias::value ? out.size() : 0; }
  constexpr WeightShape weight_shape(Shape in) const { return {width, in.size(), in.size(), width}; }

  template <class Scalar>
  detail::DenseKernel<Scalar> kernel(Shape in, const Scalar* weight) const {
    return {weight, in.values(), width};
  }
};

Dense(Index) -> Dense<Dynamic, WithBias>;
Dense(Index, Initializer) -> Dense<Dynamic, WithBias>;
template <class Bias>
Dense(Index, Bias) -> Dense<Dynamic, Bias>;
template <class Bias>
Dense(Index, Bias, Initializer) -> Dense<Dynamic, Bias>;

}  // namespace eigencoder
