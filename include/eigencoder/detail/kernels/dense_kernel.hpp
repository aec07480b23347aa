#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// The `LinearKernel` of a dense layer: y = W x for a row-major weight of `outputs` x `inputs`, by `gemm`.
template <class Scalar>
struct DenseKernel {
  const Scalar* weight;
  Index inputs, outputs;

  // n rows in parts of about equal length, each of whole units. Their number is even, so that two threads end together.
  struct RowPartition {
    Index n, unit, count;
    static RowPartition of(Index n, Index unit, Index rows_per_part) {
      return {n, unit, std::clamp<Index>((n / rows_per_part + 1) / 2 * 2, 1, (n + unit - 1) / unit)};
    }
    Index begin(Index part) const { return (std::min)(n, (n + unit - 1) / unit * part / count * unit); }
    Range operator[](Index part) const { return {begin(part), begin(part + 1) - begin(part)}; }
  };
  // A result of n rows in tasks: about sixteen of at least 48 rows, which fill the widest micro-kernel, in whole
  // packets. If rows are few, the columns are split too. A small product is one task.
  struct Tiling {
    RowPartition rows;
    Index cols, col_parts;  // columns of a task, and number of parts of the columns
    Index tasks() const { return rows.count * col_parts; }
  };
  Tiling tiling(Index n, Index batch) const {
    if (work() * batch <= 65536) return {{n, n, 1}, batch, 1};
    const RowPartition rows = RowPartition::of(n, GemmTile<Scalar>::width, (n / 16 + 48) / 48 * 48);
    const Index cols = std::max<Index>(64, (batch / std::max<Index>(1, 8 / rows.count) + 8) / 8 * 8);
    return {rows, cols, (batch + cols - 1) / cols};
  }
  static Region region(Index task, const Tiling& tiling, Index n, Index batch) {
    if (tiling.tasks() == 1) return {0, n, 0, batch, n};
    const Range rows = tiling.rows[task % tiling.rows.count];
    const Index col = task / tiling.rows.count * tiling.cols;
    return {rows.first, rows.count, col, (std::min)(tiling.cols, batch - col), n};
  }
  // The weight's gradient, in tiles that are still in the cache when the optimizer reads them; from 64 rows on at least
  // four.
  RowPartition outer_partition() const {
    return RowPartition::of(outputs, 8, std::clamp<Index>(131072 / inputs, 16, std::max<Index>(16, outputs / 4)));
  }

  Index apply_tasks(Index batch) const { return tiling(outputs, batch).tasks(); }
  Index adjoint_tasks(Index batch) const { return tiling(inputs, batch).tasks(); }
  Index outer_tasks() const { return outer_partition().count; }
  Index work() const { return inputs * outputs; }

  Range outer_range(Index task) const {
    const Range rows = outer_partition()[task];
    return {rows.first * inputs, rows.count * inputs};
  }

  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    const Region r = region(task, tiling(outputs, batch), outputs, batch);
    gemm<Scalar>(r.rows, r.cols, inputs, {weight + r.row * inputs, inputs, true}, {x + r.col * inputs, inputs, false},
                 y + r.col * outputs + r.row, outputs, false, scratch);
    return r;
  }

  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    const Region r = region(task, tiling(inputs, batch), inputs, batch);
    gemm<Scalar>(r.rows, r.cols, outputs, {weight + r.row, inputs, false}, {y + r.col * outputs, outputs, false},
                 x + r.col * inputs + r.row, inputs, false, scratch);
    return r;
  }

  /// Rows of dy x^T. The weight is row-major, so they are computed as columns of x dy^T.
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    const Range rows = outer_partition()[task];
    gemm<Scalar>(inputs, rows.count, batch, {x, inputs, false}, {dy + rows.first, outputs, true}, g, inputs,
                 accumulate, scratch);
  }
};

}  // namespace eigencoder::detail
