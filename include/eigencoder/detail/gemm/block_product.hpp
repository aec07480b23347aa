#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/micro_kernel.hpp>
#include <eigencoder/extend/buffer.hpp>

/// @file
/// The product of a block that fits in the cache, and how its factors are packed for the kernel.
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

/// A block of a, `rows` x `depth`, to be multiplied by any number of columns of b. It is packed once, in panels of the
/// height of a tile, or read in place; it should fit in the second-level cache, and a tile's columns of b in the first.
template <class Scalar>
class BlockProduct {
  using Tile = GemmTile<Scalar>;

 public:
  static constexpr Index max_rows = 480 / Tile::rows * Tile::rows;
  /// Values of a packed block.
  static Index packed_size(Index rows, Index depth) { return Tile::packets_of(rows) * Tile::width * depth; }

  /// A block that `pack` has to be called for.
  /// @param panels  memory for `packed_size` values
  BlockProduct(Index rows, Index depth, Scalar* panels) : rows_(rows), depth_(depth), panels_(panels) {}
  /// A whole block.
  /// @param segments  how many segments its columns come in
  /// @param length    columns of a segment
  /// @param distance  columns of a from the beginning of one segment to that of the next
  /// @param in_place  whether to read panels that consist of whole packets in place, if a is column-major
  BlockProduct(const MatrixView<Scalar>& a, Index rows, Index segments, Index length, Index distance, bool in_place,
               Scalar* panels)
      : BlockProduct(rows, segments * length, panels) {
    if (in_place && !a.row_major) a_ = {a.data, a.stride, (distance - length) * a.stride};
    for (Index row = 0; row < rows; row += height(row))
      for (Index i = 0; i < segments && !read_in_place(row); ++i)
        pack(a.from(0, i * distance), row, i * length, length);
  }

  /// Packs columns `first`, ..., `first + count - 1` of the block: the first `count` columns of a.
  void pack(const MatrixView<Scalar>& a, Index first, Index count) {
    for (Index row = 0; row < rows_; row += height(row)) pack(a, row, first, count);
  }

  /// c = a b, or c += a b, for `cols` columns of b.
  void multiply(const SegmentedView<Scalar>& b, Index cols, Scalar* c, Index c_stride, bool accumulate) const {
    const EvenPartition groups(cols, Tile::columns_of(std::min<Index>(Tile::packets, Tile::packets_of(rows_))));
    for (Index group = 0; group < groups.count(); ++group) {
      const Index col = groups.begin(group);
      const SegmentedView<Scalar> columns = b.from(col);
      for (Index row = 0; row < rows_; row += height(row))
        multiply(row, columns, groups.length(group), c + col * c_stride + row, c_stride, accumulate);
    }
  }

 private:
  /// The height of the panel that begins at this row: a tile's; but rather than leave one packet to the last panel, the
  /// last two share the rest.
  Index height(Index row) const {
    const Index left = rows_ - row;
    if (left <= Tile::rows) return left;
    return Tile::packets_of(left) == Tile::packets + 1 ? (Tile::packets + 2) / 2 * Tile::width : Index{Tile::rows};
  }
  bool read_in_place(Index row) const { return a_.data && height(row) % Tile::width == 0; }
  void pack(const MatrixView<Scalar>& a, Index row, Index first, Index count) {
    const Index rows = height(row);
    pack_rows(a.from(row, 0), rows, count, panels_ + row * depth_ + first * Tile::packets_of(rows) * Tile::width);
  }

  void multiply(Index row, const SegmentedView<Scalar>& b, Index cols, Scalar* c, Index c_stride,
                bool accumulate) const {
    const Index rows = height(row), packets = Tile::packets_of(rows), stride = packets * Tile::width;
    const auto kernel = tile_kernel<Scalar>(packets, cols);
    if (read_in_place(row))
      return kernel({a_.data + row, a_.column_stride, a_.segment_gap}, b, c, c_stride, accumulate);
    const Scalar* const panel = panels_ + row * depth_;
    if (rows == stride) return kernel({panel, stride}, b, c, c_stride, accumulate);
    alignas(alignment) Scalar edge[Tile::packets * Tile::columns * Tile::width];
    kernel({panel, stride}, b, edge, stride, false);
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) {
        Scalar& value = c[j * c_stride + i];
        value = accumulate ? value + edge[j * stride + i] : edge[j * stride + i];
      }
  }

  Index rows_, depth_;
  Scalar* panels_;
  Panel<Scalar> a_ = {nullptr, 0};  // where a block is that is read in place
};

}  // namespace eigencoder::detail
