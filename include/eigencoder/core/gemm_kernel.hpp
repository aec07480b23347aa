#pragma once

#include <array>
#include <cstddef>
#include <eigencoder/core/types.hpp>
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

  static constexpr Index packets_of(Index values) { return (values + width - 1) / width; }
};

/// A matrix as the kernel walks through it: the distances to the next row and to the next column.
template <class Scalar>
struct Walk {
  const Scalar* data;
  Index down, right;
};

/// c = a b, or c += a b, for a tile of P packets x N columns; the rows of a lie one behind the other, `a_right` is the
/// distance between its columns. Every value is one sum in the order of k, whatever P and N: bits do not depend on how a
/// result is cut into tiles.
template <class Scalar, int P, int N>
void multiply_tile(Index depth, const Scalar* a, Index a_right, Walk<Scalar> b, Scalar* c, Index c_stride,
                   bool accumulate) {
  using namespace Eigen::internal;
  using Packet = typename GemmTile<Scalar>::Packet;
  constexpr int width = GemmTile<Scalar>::width;
  constexpr Index ahead = 8;  // columns of a that are called into the cache before they are used
  Packet sum[std::size_t{N}][std::size_t{P}];
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j)
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) sum[j][p] = pset1<Packet>(Scalar(0));
  for (Index k = 0; k < depth; ++k, a += a_right, b.data += b.down) {
    Packet column[std::size_t{P}];
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) {
      prefetch(a + ahead * a_right + p * width);
      column[p] = ploadu<Packet>(a + p * width);
    }
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) {
      const Packet value = pset1<Packet>(b.data[j * b.right]);
#pragma GCC unroll 3
      for (int p = 0; p < P; ++p) sum[j][p] = pmadd(column[p], value, sum[j][p]);
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j)
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) {
      Scalar* const to = c + j * c_stride + p * width;
      pstoreu(to, accumulate ? padd(ploadu<Packet>(to), sum[j][p]) : sum[j][p]);
    }
}

template <class Scalar>
using TileKernel = void (*)(Index, const Scalar*, Index, Walk<Scalar>, Scalar*, Index, bool);

/// The kernel for a height in packets and a number of columns, both from 1.
template <class Scalar>
TileKernel<Scalar> tile_kernel(Index packets, Index columns) {
  using Tile = GemmTile<Scalar>;
  static constexpr auto kernels = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array{&multiply_tile<Scalar, I / Tile::columns + 1, I % Tile::columns + 1>...};
  }(std::make_integer_sequence<int, Tile::packets * Tile::columns>());
  return kernels[static_cast<std::size_t>((packets - 1) * Tile::columns + columns - 1)];
}

}  // namespace eigencoder::detail
