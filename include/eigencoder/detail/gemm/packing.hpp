#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/micro_kernel.hpp>

namespace eigencoder::detail {

/// A factor of a product: a stored matrix, or its transpose (`row_major` tells which index is
/// contiguous), with `stride` between neighbors along the other index.
template <class Scalar>
struct Factor {
  const Scalar* data;
  Index stride;
  bool row_major;

  /// What lies from this row and column on.
  Factor from(Index row, Index col) const {
    return {data + (row_major ? row * stride + col : col * stride + row), stride, row_major};
  }
  Walk<Scalar> walk(Index depth) const {
    return row_major ? Walk<Scalar>{data, stride, 1, depth} : Walk<Scalar>{data, 1, stride, depth};
  }
};

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"    // of the packet's type as a template argument
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // of what the compiler's own header leaves undefined
#endif
/// Lays as many rows as a packet has values out below each other in columns, `right` apart: square blocks of registers
/// are turned.
template <class Scalar>
void pack_turned(const Scalar* rows, Index stride, Index depth, Scalar* panel, Index right) {
  using namespace Eigen::internal;
  using Tile = GemmTile<Scalar>;
  Index k = 0;
  if constexpr (Tile::width > 1)
    for (; k + Tile::width <= depth; k += Tile::width) {
      PacketBlock<typename Tile::Packet, Tile::width> block;
      for (int i = 0; i < Tile::width; ++i)
        block.packet[i] = ploadu<typename Tile::Packet>(rows + i * stride + k);
      ptranspose(block);
      for (int i = 0; i < Tile::width; ++i) pstore(panel + (k + i) * right, block.packet[i]);
    }
  for (; k < depth; ++k)
    for (int i = 0; i < Tile::width; ++i) panel[k * right + i] = rows[i * stride + k];
}

#pragma GCC diagnostic pop

/// Lays some rows of a, no more than a tile has, out as the kernel reads them: in whole packets, with zeros below.
/// Returns the distance between columns.
template <class Scalar>
Index pack_rows(const Factor<Scalar>& a, Index rows, Index depth, Scalar* panel) {
  using namespace Eigen::internal;
  using Tile = GemmTile<Scalar>;
  const Index right = Tile::packets_of(rows) * Tile::width;
  const Index whole = rows / Tile::width * Tile::width;
  if (a.row_major)
    for (Index i = 0; i < whole; i += Tile::width)
      pack_turned(a.data + i * a.stride, a.stride, depth, panel + i, right);
  else
    for (Index k = 0; k < depth; ++k)
      for (Index i = 0; i < whole; i += Tile::width)
        pstore(panel + k * right + i, ploadu<typename Tile::Packet>(a.data + k * a.stride + i));
  const Walk<Scalar> walk = a.walk(depth);
  for (Index k = 0; whole < rows && k < depth; ++k)
    for (Index i = whole; i < right; ++i)
      panel[k * right + i] = i < rows ? walk.data[i * walk.down + k * walk.right] : Scalar(0);
  return right;
}

/// Columns of a row-major b, no more than a tile has, as the kernel reads them: its rows copied behind each other.
template <class Scalar>
Walk<Scalar> pack_columns(const Factor<Scalar>& b, Index cols, Index depth, Scalar* room) {
  constexpr Index most = GemmTile<Scalar>::columns;
  if (cols == most)  // a number that the compiler knows
    for (Index k = 0; k < depth; ++k) std::copy_n(b.data + k * b.stride, most, room + k * most);
  else
    for (Index k = 0; k < depth; ++k) std::copy_n(b.data + k * b.stride, cols, room + k * cols);
  return {room, cols, 1, depth};
}

}  // namespace eigencoder::detail
