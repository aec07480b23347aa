#pragma once

#include <eigencoder/core/buffer.hpp>
#include <eigencoder/core/gemm_pack.hpp>
#include <eigencoder/core/gemm_rows.hpp>

namespace eigencoder::detail {

/// Room for the panels of a product, and to lay out a factor; it grows once and is then reused, one a thread.
template <class Scalar>
struct GemmScratch {
  Buffer<Scalar> panels, factor;
};

/// A length in as few parts as none is longer than `most`, all nearly equal.
class EqualParts {
 public:
  EqualParts(Index size, Index most) : size_(size), count_((size + most - 1) / most) {}
  Index count() const { return count_; }
  Index begin(Index part) const { return size_ * part / count_; }
  Index length(Index part) const { return begin(part + 1) - begin(part); }

 private:
  Index size_, count_;
};

/// A product of a block of a with all of b. Panels of a stay in the second-level cache, columns of b in the first.
template <class Scalar>
class BlockProduct {
  using Tile = GemmTile<Scalar>;

 public:
  static constexpr Index most_rows = 480 / Tile::rows * Tile::rows;
  static constexpr Index most_depth = 256;
  /// Few columns do not pay for a copy of a.
  static bool reads_in_place(const Factor<Scalar>& a, Index cols) { return !a.row_major && cols <= 6 * Tile::columns; }
  /// Values that the panels of a hold.
  static Index room(Index rows, Index depth) {
    return std::min(most_rows, Tile::packets_of(rows) * Tile::width) * std::min(depth, most_depth);
  }

  BlockProduct(const Factor<Scalar>& a, Index rows, Index depth, bool in_place, Scalar* panels)
      : a_(a), rows_(rows), depth_(depth), in_place_(in_place), panels_(panels) {
    for (Index row = 0; row < rows; row += Tile::rows)
      if (!read_in_place(row)) pack_rows(a.from(row, 0), height(row), depth, panels + row * depth);
  }

  void multiply(const Factor<Scalar>& b, Index cols, Scalar* c, Index c_stride, bool accumulate) const {
    alignas(alignment) Scalar room[most_depth * Tile::columns];
    const EqualParts groups(cols, Tile::columns);
    for (Index group = 0; group < groups.count(); ++group) {
      const Index col = groups.begin(group), wide = groups.length(group);
      const Walk<Scalar> columns = pack_columns(b.from(0, col), wide, depth_, room);
      for (Index row = 0; row < rows_; row += Tile::rows)
        multiply(row, columns, wide, c + col * c_stride + row, c_stride, accumulate);
    }
  }

 private:
  Index height(Index row) const { return std::min<Index>(Tile::rows, rows_ - row); }
  bool read_in_place(Index row) const { return in_place_ && height(row) == Tile::rows; }

  void multiply(Index row, const Walk<Scalar>& b, Index cols, Scalar* c, Index c_stride, bool accumulate) const {
    const Index high = height(row), packets = Tile::packets_of(high), filled = packets * Tile::width;
    const auto kernel = tile_kernel<Scalar>(packets, cols);
    if (read_in_place(row)) return kernel(depth_, a_.from(row, 0).data, a_.stride, b, c, c_stride, accumulate);
    const Scalar* const panel = panels_ + row * depth_;
    if (high == filled) return kernel(depth_, panel, filled, b, c, c_stride, accumulate);
    alignas(alignment) Scalar edge[Tile::rows * Tile::columns];
    kernel(depth_, panel, filled, b, edge, filled, false);
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < high; ++i) {
        Scalar& value = c[j * c_stride + i];
        value = (accumulate ? value : Scalar(0)) + edge[j * filled + i];
      }
  }

  Factor<Scalar> a_;
  Index rows_, depth_;
  bool in_place_;
  Scalar* panels_;
};

/// c = a b, or c += a b with `accumulate`; c is rows x cols, column-major with `c_stride` between columns.
/// The one seam through which every product of the library passes. It runs on the calling thread only, and its bits do
/// not depend on where c lies, nor on how a product is cut into several by rows, or by columns in fours or more.
/// After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).
template <class Scalar>
void gemm(Index rows, Index cols, Index depth, const Factor<Scalar>& a, const Factor<Scalar>& b, Scalar* c,
          Index c_stride, bool accumulate, GemmScratch<Scalar>& scratch) {
  using Block = BlockProduct<Scalar>;
  if (rows == 0 || cols == 0) return;
  if (depth == 0) {
    for (Index j = 0; j < cols && !accumulate; ++j) std::fill_n(c + j * c_stride, rows, Scalar(0));
    return;
  }
  if (a.row_major && !b.row_major && cols < 4) {
    for (Index row = 0; row < rows; row += GemmTile<Scalar>::width)
      for (Index j = 0; j < cols; ++j)
        multiply_rows<Scalar>(std::min<Index>(GemmTile<Scalar>::width, rows - row), depth, a.from(row, 0).data, a.stride,
                              b.from(0, j).data, c + j * c_stride + row, accumulate);
    return;
  }
  const bool in_place = Block::reads_in_place(a, cols);
  Scalar* const panels = scratch.panels.require(Block::room(rows, depth));
  const EqualParts depths(depth, Block::most_depth);
  for (Index part = 0; part < depths.count(); ++part) {
    const Index k = depths.begin(part);
    for (Index row = 0; row < rows; row += Block::most_rows)
      Block(a.from(row, k), std::min(Block::most_rows, rows - row), depths.length(part), in_place, panels)
          .multiply(b.from(k, 0), cols, c + row, c_stride, accumulate || part > 0);
  }
}

}  // namespace eigencoder::detail
