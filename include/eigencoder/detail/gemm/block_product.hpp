#pragma once

#include <algorithm>
#include <eigencoder/detail/base/even_partition.hpp>
#include <eigencoder/detail/gemm/packing.hpp>
#include <eigencoder/extend/buffer.hpp>

namespace eigencoder::detail {

/// The products of a block of a, `rows` x `depth`, with any number of b. The block is laid out once, in panels, or read
/// where it lies; it should stay in the second-level cache, and some columns of b in the first.
template <class Scalar>
class BlockProduct {
  using Tile = GemmTile<Scalar>;

 public:
  static constexpr Index max_rows = 480 / Tile::rows * Tile::rows;
  /// Values that the panels of a block hold.
  static Index room(Index rows, Index depth) { return Tile::packets_of(rows) * Tile::width * depth; }

  /// A block whose columns `lay_out` is to be told.
  BlockProduct(Index rows, Index depth, Scalar* panels) : rows_(rows), depth_(depth), panels_(panels) {}
  /// A whole block, whose columns come in stretches of `length` that begin `apart` columns from each other. `in_place`
  /// reads it where it lies, as far as its rows fill packets.
  BlockProduct(const Factor<Scalar>& a, Index rows, Index stretches, Index length, Index apart, bool in_place,
               Scalar* panels)
      : BlockProduct(rows, stretches * length, panels) {
    if (in_place && !a.row_major) a_ = {a.data, a.stride, (apart - length) * a.stride};
    for (Index row = 0; row < rows; row += height(row))
      for (Index i = 0; i < stretches && !read_in_place(row); ++i)
        lay_out(a.from(0, i * apart), row, i * length, length);
  }

  /// Columns `from`, ..., `from + count - 1` of the block.
  void lay_out(const Factor<Scalar>& a, Index from, Index count) {
    for (Index row = 0; row < rows_; row += height(row)) lay_out(a, row, from, count);
  }

  /// c = a b, or c += a b, for `cols` columns of b.
  void multiply(const Walk<Scalar>& b, Index cols, Scalar* c, Index c_stride, bool accumulate) const {
    const EvenPartition groups(cols, Tile::columns_of(std::min<Index>(Tile::packets, Tile::packets_of(rows_))));
    for (Index group = 0; group < groups.count(); ++group) {
      const Index col = groups.begin(group);
      const Walk<Scalar> columns = b.from(col);
      for (Index row = 0; row < rows_; row += height(row))
        multiply(row, columns, groups.length(group), c + col * c_stride + row, c_stride, accumulate);
    }
  }

 private:
  /// Of the panel that begins at this row: a tile's, but where one packet would be left over two panels share.
  Index height(Index row) const {
    const Index left = rows_ - row;
    if (left <= Tile::rows) return left;
    return Tile::packets_of(left) == Tile::packets + 1 ? (Tile::packets + 2) / 2 * Tile::width : Index{Tile::rows};
  }
  bool read_in_place(Index row) const { return a_.data && height(row) % Tile::width == 0; }
  void lay_out(const Factor<Scalar>& a, Index row, Index from, Index count) {
    const Index high = height(row);
    pack_rows(a.from(row, 0), high, count, panels_ + row * depth_ + from * Tile::packets_of(high) * Tile::width);
  }

  void multiply(Index row, const Walk<Scalar>& b, Index cols, Scalar* c, Index c_stride, bool accumulate) const {
    const Index high = height(row), packets = Tile::packets_of(high), filled = packets * Tile::width;
    const auto kernel = tile_kernel<Scalar>(packets, cols);
    if (read_in_place(row)) return kernel({a_.data + row, a_.right, a_.gap}, b, c, c_stride, accumulate);
    const Scalar* const panel = panels_ + row * depth_;
    if (high == filled) return kernel({panel, filled}, b, c, c_stride, accumulate);
    alignas(alignment) Scalar edge[Tile::packets * Tile::columns * Tile::width];
    kernel({panel, filled}, b, edge, filled, false);
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < high; ++i) {
        Scalar& value = c[j * c_stride + i];
        value = accumulate ? value + edge[j * filled + i] : edge[j * filled + i];
      }
  }

  Index rows_, depth_;
  Scalar* panels_;
  Panel<Scalar> a_ = {nullptr, 0};
};

}  // namespace eigencoder::detail
