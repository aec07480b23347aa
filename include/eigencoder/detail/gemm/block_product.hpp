#pragma once

#include <algorithm>
#include <eigencoder/detail/base/even_partition.hpp>
#include <eigencoder/detail/gemm/packing.hpp>
#include <eigencoder/extend/buffer.hpp>

namespace eigencoder::detail {

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
