#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/micro_kernel.hpp>

namespace eigencoder::detail {

/// A factor of a product: a stored matrix, or its transpose.
template <class Scalar>
struct MatrixView {
  const Scalar* data;
  Index stride;    ///< from one row to the next if row-major, else from one column to the next
  bool row_major;  ///< values of a row are contiguous, else those of a column

  Index row_stride() const { return row_major ? stride : 1; }
  Index column_stride() const { return row_major ? 1 : stride; }
  /// Without the rows before `row` and the columns before `column`.
  MatrixView from(Index row, Index column) const {
    return {data + (row_major ? row * stride + column : column * stride + row), stride, row_major};
  }
  /// The matrix as b, of `depth` rows.
  SegmentedView<Scalar> as_b(Index depth) const { return {data, row_stride(), column_stride(), depth}; }
};

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"    // of the packet's type as a template argument
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // of what the compiler's own header leaves undefined
#endif
/// Packs as many rows as a packet has values into columns with a stride of `column_stride`: square blocks are
/// transposed in registers.
template <class Scalar>
void pack_transposed(const Scalar* rows, Index stride, Index depth, Scalar* panel, Index column_stride) {
  using namespace Eigen::internal;
  using Tile = GemmTile<Scalar>;
  Index k = 0;
  if constexpr (Tile::width > 1)
    for (; k + Tile::width <= depth; k += Tile::width) {
      PacketBlock<typename Tile::Packet, Tile::width> block;
      for (int i = 0; i < Tile::width; ++i)
        block.packet[i] = ploadu<typename Tile::Packet>(rows + i * stride + k);
      ptranspose(block);
      for (int i = 0; i < Tile::width; ++i) pstore(panel + (k + i) * column_stride, block.packet[i]);
    }
  for (; k < depth; ++k)
    for (int i = 0; i < Tile::width; ++i) panel[k * column_stride + i] = rows[i * stride + k];
}

#pragma GCC diagnostic pop

/// Packs rows of a, at most as many as a tile has, as the kernel reads them: column by column in whole packets, the
/// last one filled up with zeros. Returns the panel's column stride.
template <class Scalar>
Index pack_rows(const MatrixView<Scalar>& a, Index rows, Index depth, Scalar* panel) {
  using namespace Eigen::internal;
  using Tile = GemmTile<Scalar>;
  const Index column_stride = Tile::packets_of(rows) * Tile::width;
  const Index whole = rows / Tile::width * Tile::width;
  if (a.row_major)
    for (Index i = 0; i < whole; i += Tile::width)
      pack_transposed(a.data + i * a.stride, a.stride, depth, panel + i, column_stride);
  else
    for (Index k = 0; k < depth; ++k)
      for (Index i = 0; i < whole; i += Tile::width)
        pstore(panel + k * column_stride + i, ploadu<typename Tile::Packet>(a.data + k * a.stride + i));
  const Index down = a.row_stride(), right = a.column_stride();
  for (Index k = 0; whole < rows && k < depth; ++k)
    for (Index i = whole; i < column_stride; ++i)
      panel[k * column_stride + i] = i < rows ? a.data[i * down + k * right] : Scalar(0);
  return column_stride;
}

/// Packs columns of a row-major b, at most as many as a tile has: the parts of its rows one after the other.
template <class Scalar>
SegmentedView<Scalar> pack_columns(const MatrixView<Scalar>& b, Index cols, Index depth, Scalar* packed) {
  constexpr Index max_cols = GemmTile<Scalar>::columns;
  if (cols == max_cols)  // a number that the compiler knows
    for (Index k = 0; k < depth; ++k) std::copy_n(b.data + k * b.stride, max_cols, packed + k * max_cols);
  else
    for (Index k = 0; k < depth; ++k) std::copy_n(b.data + k * b.stride, cols, packed + k * cols);
  return {packed, cols, 1, depth};
}

}  // namespace eigencoder::detail
