#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <utility>

/// @file
/// The innermost part of a product, in Eigen's packets: a tile of the result that stays in registers.
namespace eigencoder::detail {

/// How a product is cut for this machine's registers, 16 or 32 of them: the values of a tile, a column of a and one
/// value of b fill them.
template <class Scalar>
struct GemmTile {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr bool many_registers = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32;
  static constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr int packets = many_registers ? 3 : 2;  ///< one above the other
  static constexpr int rows = packets * width;
  static constexpr int columns = many_registers ? 8 : 6;
  static constexpr int max_columns = many_registers ? 16 : 12;  ///< of a low tile, which is wide

  static constexpr Index packets_of(Index values) { return (values + width - 1) / width; }
  /// Columns of the widest tile of this height.
  static constexpr int columns_of(Index height) {
    return std::min<int>(max_columns, packets * columns / static_cast<int>(height));
  }
};

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of the packet's type as a template argument
#endif
/// Whether there are packets of half as many values.
template <class Packet>
inline constexpr bool can_be_halved =
    int{Eigen::internal::unpacket_traits<typename Eigen::internal::unpacket_traits<Packet>::half>::size} <
    int{Eigen::internal::unpacket_traits<Packet>::size};
#pragma GCC diagnostic pop

/// The beginning of a matrix whose rows are one stretch.
inline constexpr Index one_stretch[1] = {0};

/// A matrix as the kernel walks through it: the distances to the next row and to the next column. Its rows come in
/// stretches of `length`, which begin at `begins`.
template <class Scalar>
struct Walk {
  const Scalar* data;
  Index down, right;
  Index length;
  Index stretches = 1;
  const Index* begins = one_stretch;

  Walk from(Index col) const { return {data + col * right, down, right, length, stretches, begins}; }
};

/// Rows of a as the kernel walks through them, one behind the other: the distance to the next column, and what lies
/// between two stretches besides.
template <class Scalar>
struct Panel {
  const Scalar* data;
  Index right;
  Index gap = 0;
};

/// c = a b, or c += a b, for a tile of P packets x N columns. Every value is one sum in the order of k, whatever P and
/// N: bits do not depend on how a result is cut into tiles.
template <class Scalar, int P, int N>
void multiply_tile(const Panel<Scalar>& panel, const Walk<Scalar>& b, Scalar* c, Index c_stride, bool accumulate) {
  using namespace Eigen::internal;
  using Packet = typename GemmTile<Scalar>::Packet;
  constexpr int width = GemmTile<Scalar>::width;
  const Scalar* a = panel.data;
  const Index a_right = panel.right, gap = panel.gap;
  const Index stretches = b.stretches, length = b.length, down = b.down, right = b.right;
  Packet sum[std::size_t{N}][std::size_t{P}];
#pragma GCC unroll 16
  for (int j = 0; j < N; ++j)
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) sum[j][p] = pset1<Packet>(Scalar(0));
  for (Index stretch = 0; stretch < stretches; ++stretch, a += gap) {
    const Scalar* row = b.data + b.begins[stretch];
#pragma GCC unroll 4
    for (Index k = 0; k < length; ++k, a += a_right, row += down) {
      Packet column[std::size_t{P}];
#pragma GCC unroll 3
      for (int p = 0; p < P; ++p) column[p] = ploadu<Packet>(a + p * width);
#pragma GCC unroll 16
      for (int j = 0; j < N; ++j) {
        const Packet value = pset1<Packet>(row[j * right]);
#pragma GCC unroll 3
        for (int p = 0; p < P; ++p) sum[j][p] = pmadd(column[p], value, sum[j][p]);
      }
    }
  }
#pragma GCC unroll 16
  for (int j = 0; j < N; ++j)
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) {
      Scalar* const to = c + j * c_stride + p * width;
      pstoreu(to, accumulate ? padd(ploadu<Packet>(to), sum[j][p]) : sum[j][p]);
    }
}

template <class Scalar>
using TileKernel = void (*)(const Panel<Scalar>&, const Walk<Scalar>&, Scalar*, Index, bool);

/// The kernel for a height in packets and a number of columns, both from 1; null where they need too many registers.
template <class Scalar>
TileKernel<Scalar> tile_kernel(Index packets, Index columns) {
  using Tile = GemmTile<Scalar>;
  constexpr int most = Tile::max_columns;
  static constexpr auto kernel = []<int P, int N>(std::integer_sequence<int, P, N>) -> TileKernel<Scalar> {
    if constexpr (N <= Tile::columns_of(P)) return &multiply_tile<Scalar, P, N>;
    else return nullptr;
  };
  static constexpr auto kernels = []<int... K>(std::integer_sequence<int, K...>) {
    return std::array{kernel(std::integer_sequence<int, K / most + 1, K % most + 1>())...};
  }(std::make_integer_sequence<int, Tile::packets * most>());
  return kernels[static_cast<std::size_t>((packets - 1) * most + columns - 1)];
}

}  // namespace eigencoder::detail
