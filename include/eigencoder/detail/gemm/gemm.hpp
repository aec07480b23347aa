#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/block_product.hpp>
#include <eigencoder/detail/gemm/few_columns.hpp>
#include <eigencoder/extend/workspace.hpp>

/// @file
/// Matrix products c = a b. The general case is tiled for the caches and the registers, after Goto & van de Geijn,
/// "Anatomy of high-performance matrix multiplication" (2008):
///
///                  a                               b                               c
///                depth                           cols                            cols
///         +---------+---------+         +---------+--+---------+        +---------+--+---------+
///         |  panel  |         |         |         |  |         |        |         |  |         |
///         |---------|         |         |         |  |         |        |- - - - -+--+- - - - -|
///    rows |  panel  |  next   |   depth |         |  | columns |   rows |         |##| tile    |
///         |---------|  block  |         |         |  | of tile |        |- - - - -+--+- - - - -|
///         |  panel  |         |         |---------+--+---------|        |         |  |         |
///         |---------|         |         |  next max_gemm_depth |        |         |  |         |
///         +---------+---------+         +----------------------+        +---------+--+---------+
///
///     multiply_blocks   divides a into blocks of BlockProduct::max_rows x max_gemm_depth, which fit in the
///                       second-level cache, and multiplies each by as many rows of b
///     BlockProduct      packs its block of a into panels of GemmTile::rows rows (pack_rows), column after column in
///                       whole packets; for few columns of b it reads a column-major a in place
///     multiply_columns  packs a few columns of a row-major b at a time (pack_columns), and reads a column-major b in
///                       place
///     multiply_tile     computes a tile of c, GemmTile::rows x GemmTile::columns, from a panel and columns of b; the
///                       tile stays in registers throughout the depth of the block
///
/// Few columns are multiplied without packing (few_columns.hpp). Convolutions use BlockProduct themselves, with a b that
/// is the patches of an image.
namespace eigencoder::detail {

/// Rows of b at a time: a tile's columns of them stay in the first-level cache.
inline constexpr Index max_gemm_depth = 256;

/// c = a b, or c += a b, for a block of a and `cols` columns of b.
template <class Scalar>
void multiply_columns(const BlockProduct<Scalar>& block, const MatrixView<Scalar>& b, Index cols, Index depth,
                      Scalar* c, Index c_stride, bool accumulate) {
  if (!b.row_major) return block.multiply(b.as_b(depth), cols, c, c_stride, accumulate);
  alignas(alignment) Scalar packed[max_gemm_depth * GemmTile<Scalar>::columns];
  const EvenPartition groups(cols, GemmTile<Scalar>::columns);
  for (Index group = 0; group < groups.count(); ++group) {
    const Index col = groups.begin(group), count = groups.length(group);
    block.multiply(pack_columns(b.from(0, col), count, depth, packed), count, c + col * c_stride, c_stride, accumulate);
  }
}

/// c = a b, or c += a b, block by block.
template <class Scalar>
void multiply_blocks(Index rows, Index cols, Index depth, const MatrixView<Scalar>& a, const MatrixView<Scalar>& b,
                     Scalar* c, Index c_stride, bool accumulate, KernelScratch<Scalar>& scratch) {
  using Block = BlockProduct<Scalar>;
  const bool in_place = cols <= 6 * GemmTile<Scalar>::columns;  // too few to pay for packing a
  Scalar* const panels = scratch.panels.ensure_size(
      Block::packed_size((std::min)(rows, Block::max_rows), (std::min)(depth, max_gemm_depth)));
  const EvenPartition depths(depth, max_gemm_depth);
  for (Index part = 0; part < depths.count(); ++part) {
    const Index k = depths.begin(part), length = depths.length(part);
    for (Index row = 0; row < rows; row += Block::max_rows) {
      const Block block(a.from(row, k), (std::min)(Block::max_rows, rows - row), 1, length, 0, in_place, panels);
      multiply_columns(block, b.from(k, 0), cols, length, c + row, c_stride, accumulate || part > 0);
    }
  }
}

/// c = a b, or c += a b with `accumulate`, where a is rows x depth, b is depth x cols and c is rows x cols,
/// column-major with `c_stride` between columns. All products of the library are computed here, except those of
/// convolutions.
///
/// It runs on the calling thread. Its bits do not depend on where c lies in memory, nor on a division of c into several
/// products: by rows, 16 or more each, or by columns, more than `max_dot_columns` each. With fewer columns, infinite
/// values may become NaN.
template <class Scalar>
void gemm(Index rows, Index cols, Index depth, const MatrixView<Scalar>& a, const MatrixView<Scalar>& b, Scalar* c,
          Index c_stride, bool accumulate, KernelScratch<Scalar>& scratch) {
  const bool few_columns = cols < 4 || (cols <= max_dot_columns<Scalar> && depth >= 32);
  if (a.row_major && !b.row_major && few_columns) {
    multiply_by_dot_products(rows, cols, depth, a.data, a.stride, b.data, b.stride, c, c_stride, accumulate);
  } else if (!a.row_major && !b.row_major && cols == 1 && depth > 0) {
    multiply_vector(rows, depth, a.data, a.stride, b.data, c, accumulate);
  } else if (depth > 0) {
    multiply_blocks(rows, cols, depth, a, b, c, c_stride, accumulate, scratch);
  } else {
    for (Index j = 0; j < cols && !accumulate; ++j) std::fill_n(c + j * c_stride, rows, Scalar(0));
  }
}

}  // namespace eigencoder::detail
