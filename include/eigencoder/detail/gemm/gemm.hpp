#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/block_product.hpp>
#include <eigencoder/detail/gemm/column_product.hpp>
#include <eigencoder/detail/gemm/row_product.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>

namespace eigencoder::detail {

inline constexpr Index max_gemm_depth = 256;  // whose columns of b stay in the first-level cache

/// The product of a block with `cols` columns of b; those of a row-major one are laid out a few at a time.
template <class Scalar>
void multiply_columns(const BlockProduct<Scalar>& block, const Factor<Scalar>& b, Index cols, Index depth, Scalar* c,
                      Index c_stride, bool accumulate) {
  if (!b.row_major) return block.multiply(b.walk(depth), cols, c, c_stride, accumulate);
  alignas(alignment) Scalar room[max_gemm_depth * GemmTile<Scalar>::columns];
  const EvenPartition groups(cols, GemmTile<Scalar>::columns);
  for (Index group = 0; group < groups.count(); ++group) {
    const Index col = groups.begin(group), wide = groups.length(group);
    block.multiply(pack_columns(b.from(0, col), wide, depth, room), wide, c + col * c_stride, c_stride, accumulate);
  }
}

/// c = a b, or c += a b, in blocks.
/// After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).
template <class Scalar>
void multiply_blocks(Index rows, Index cols, Index depth, const Factor<Scalar>& a, const Factor<Scalar>& b, Scalar* c,
                     Index c_stride, bool accumulate, KernelScratch<Scalar>& scratch) {
  using Block = BlockProduct<Scalar>;
  const bool in_place = cols <= 6 * GemmTile<Scalar>::columns;  // few columns do not pay for a copy of a
  Scalar* const panels = scratch.panels.ensure_size(
      Block::room((std::min)(rows, Block::max_rows), (std::min)(depth, max_gemm_depth)));
  const EvenPartition depths(depth, max_gemm_depth);
  for (Index part = 0; part < depths.count(); ++part) {
    const Index k = depths.begin(part), length = depths.length(part);
    for (Index row = 0; row < rows; row += Block::max_rows) {
      const Block block(a.from(row, k), (std::min)(Block::max_rows, rows - row), 1, length, 0, in_place, panels);
      multiply_columns(block, b.from(k, 0), cols, length, c + row, c_stride, accumulate || part > 0);
    }
  }
}

/// c = a b, or c += a b with `accumulate`; c is rows x cols, column-major with `c_stride` between columns. Every
/// product of the library passes through here, those of convolutions through `BlockProduct`. It runs on the calling
/// thread only, and its bits do not depend on where c lies, nor on how it is cut into several by rows, in sixteens or
/// more, or by columns, in more than `max_inner_columns`. With fewer, infinite factors may show as NaN.
template <class Scalar>
void gemm(Index rows, Index cols, Index depth, const Factor<Scalar>& a, const Factor<Scalar>& b, Scalar* c,
          Index c_stride, bool accumulate, KernelScratch<Scalar>& scratch) {
  const bool few = cols < 4 || (cols <= max_inner_columns<Scalar> && depth >= 32);
  if (a.row_major && !b.row_major && few) {
    multiply_rows(rows, cols, depth, a.data, a.stride, b.data, b.stride, c, c_stride, accumulate);
  } else if (!a.row_major && !b.row_major && cols == 1 && depth > 0) {
    sum_columns(rows, depth, a.data, a.stride, b.data, c, accumulate);
  } else if (depth > 0) {
    multiply_blocks(rows, cols, depth, a, b, c, c_stride, accumulate, scratch);
  } else {
    for (Index j = 0; j < cols && !accumulate; ++j) std::fill_n(c + j * c_stride, rows, Scalar(0));
  }
}

}  // namespace eigencoder::detail
