#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder {

namespace detail {

/// y = W x for a row-major weight of `outputs` x `inputs`.
template <class Scalar>
struct DenseKernel {
  const Scalar* weight;
  Index inputs, outputs;

  // Rows in nearly equal parts of whole units: an even number of parts, so that two threads end together.
  struct Parts {
    Index n, unit, count;
    static Parts of(Index n, Index unit, Index rows) {
      return {n, unit, std::clamp<Index>((n / rows + 1) / 2 * 2, 1, (n + unit - 1) / unit)};
    }
    Index begin(Index part) const { return (std::min)(n, (n + unit - 1) / unit * part / count * unit); }
    Range operator[](Index part) const { return {begin(part), begin(part + 1) - begin(part)}; }
  };
  // A result of n rows: some sixteen tasks of about 48 rows, or as many as fill the widest kernel, in whole packets; of
  // few rows, by columns too. What is soon done is one.
  struct Cut {
    Parts rows;
    Index cols, by_cols;
    Index tasks() const { return rows.count * by_cols; }
  };
  Cut cut(Index n, Index batch) const {
    if (work() * batch <= 65536) return {{n, n, 1}, batch, 1};
    const Parts rows = Parts::of(n, GemmTile<Scalar>::width, (n / 16 + 48) / 48 * 48);
    const Index cols = std::max<Index>(64, (batch / std::max<Index>(1, 8 / rows.count) + 8) / 8 * 8);
    return {rows, cols, (batch + cols - 1) / cols};
  }
  static Region region(Index task, const Cut& each, Index n, Index batch) {
    if (each.tasks() == 1) return {0, n, 0, batch, n};
    const Range rows = each.rows[task % each.rows.count];
    const Index col = task / each.rows.count * each.cols;
    return {rows.first, rows.count, col, (std::min)(each.cols, batch - col), n};
  }
  // Of 64 rows or more four tasks or more, each a gradient tile that the optimizer still finds in the cache.
  Parts outer_parts() const {
    return Parts::of(outputs, 8, std::clamp<Index>(131072 / inputs, 16, std::max<Index>(16, outputs / 4)));
  }

  Index apply_tasks(Index batch) const { return cut(outputs, batch).tasks(); }
  Index adjoint_tasks(Index batch) const { return cut(inputs, batch).tasks(); }
  Index outer_tasks() const { return outer_parts().count; }
  Index work() const { return inputs * outputs; }

  Range outer_range(Index task) const {
    const Range rows = outer_parts()[task];
    return {rows.first * inputs, rows.count * inputs};
  }

  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    const Region r = region(task, cut(outputs, batch), outputs, batch);
    gemm<Scalar>(r.rows, r.cols, inputs, {weight + r.row * inputs, inputs, true}, {x + r.col * inputs, inputs, false},
                 y + r.col * outputs + r.row, outputs, false, scratch);
    return r;
  }

  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    const Region r = region(task, cut(inputs, batch), inputs, batch);
    gemm<Scalar>(r.rows, r.cols, outputs, {weight + r.row, inputs, false}, {y + r.col * outputs, outputs, false},
                 x + r.col * inputs + r.row, inputs, false, scratch);
    return r;
  }

  /// The rows of dy x^T; row-major, so computed as columns of x dy^T.
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    const Range rows = outer_parts()[task];
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
