#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <eigencoder/detail/gemm/micro_kernel.hpp>
#include <utility>

/// @file
/// Products with few columns, for which nothing is packed. A row-major matrix: dot products of rows and columns. A
/// column-major matrix and a vector: a sum of the matrix's columns, each of which is read once.
namespace eigencoder::detail {

/// Adds to each lane the one whose number differs in the bit `half`, and makes one packet of two: the lanes with the
/// bit are those of v, the others those of u.
template <int half, class Packet, int... K>
[[gnu::always_inline]] inline Packet add_lane_pairs(Packet u, Packet v, std::integer_sequence<int, K...>) {
  constexpr int width = sizeof...(K);
  return Eigen::internal::padd<Packet>(__builtin_shufflevector(u, v, ((K & half ? width : 0) + K)...),
                                       __builtin_shufflevector(u, v, ((K & half ? width : 0) + (K ^ half))...));
}

/// The sums over the lanes of each of R packets, in lanes 0, ..., R - 1. The order of additions depends on the largest
/// R, `max_count`, alone.
template <int width, int max_count, int R, class Packet>
[[gnu::always_inline]] inline Packet lane_sums(Packet* packets) {
  constexpr auto lanes = std::make_integer_sequence<int, width>();
  const auto halve = [&]<int half>(std::integral_constant<int, half>) {
    constexpr int count = R > 1 ? half : 1;
#pragma GCC unroll 2
    for (int i = 0; i < count; ++i)
      packets[i] = add_lane_pairs<half>(packets[i], packets[R > 1 ? i + half : i], lanes);
  };
  if constexpr (max_count > 2) halve(std::integral_constant<int, 2>());
  if constexpr (max_count > 1) halve(std::integral_constant<int, 1>());
  Packet sum = packets[0];
  if constexpr (width > 4) sum = add_lane_pairs<4>(sum, sum, lanes);
  if constexpr (width > 8) sum = add_lane_pairs<8>(sum, sum, lanes);
  return sum;
}

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of the packet's type as a template argument
#endif

/// The size of a tile of dot products, whose sums fit in registers.
template <class Scalar, class Packet>
struct DotTile {
  static constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr bool widest = width == GemmTile<Scalar>::width;
  static constexpr int rows = (std::min)(4, width);
  static constexpr int columns = !widest ? 1 : GemmTile<Scalar>::many_registers ? 6 : 8 / rows;
};

/// Above this many columns the blocked product is faster.
template <class Scalar>
inline constexpr Index max_dot_columns = GemmTile<Scalar>::many_registers ? 16 : 8;

/// c = a b, or c += a b, for R rows and N columns. If a row is no whole number of packets, its last packet overlaps the
/// one before, and values read twice are multiplied by 0: an infinite one makes a NaN.
template <class Scalar, class Packet, int R, int N>
[[gnu::always_inline]] inline void multiply_dot_tile(Index depth, const Scalar* a, Index a_stride, const Scalar* b,
                                                     Index b_stride, Scalar* c, Index c_stride, bool accumulate) {
  using namespace Eigen::internal;
  using Tile = DotTile<Scalar, Packet>;
  Packet sums[std::size_t{N}][std::size_t{R}];
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j)
#pragma GCC unroll 4
    for (int i = 0; i < R; ++i) sums[j][i] = pset1<Packet>(Scalar(0));
  const auto add = [&](const Scalar* row, const Scalar* column, Index stride) {
    Packet rows[std::size_t{R}];
#pragma GCC unroll 4
    for (int i = 0; i < R; ++i) rows[i] = ploadu<Packet>(row + i * a_stride);
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) {
      const Packet values = ploadu<Packet>(column + j * stride);
#pragma GCC unroll 4
      for (int i = 0; i < R; ++i) sums[j][i] = pmadd(rows[i], values, sums[j][i]);
    }
  };
  Index k = 0;
  for (; k + Tile::width <= depth; k += Tile::width) add(a + k, b + k, b_stride);
  if (k < depth) {  // the last packet of a row, with zeros for the columns' values that have been multiplied
    Scalar last[std::size_t{N * Tile::width}] = {};
    for (int j = 0; j < N; ++j)
      std::copy(b + j * b_stride + k, b + j * b_stride + depth, last + (j + 1) * Tile::width - (depth - k));
    add(a + depth - Tile::width, last, Tile::width);
  }
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j) {
    Scalar values[std::size_t{Tile::width}];
    pstoreu(values, lane_sums<Tile::width, Tile::rows, R>(sums[j]));
    Scalar* const to = c + j * c_stride;
    for (int i = 0; i < R; ++i) to[i] = accumulate ? to[i] + values[i] : values[i];
  }
}

/// c = a b, or c += a b, for any number of rows and N columns.
template <class Scalar, class Packet, int N>
void multiply_dot_rows(Index rows, Index depth, const Scalar* a, Index a_stride, const Scalar* b, Index b_stride,
                       Scalar* c, Index c_stride, bool accumulate) {
  constexpr int tile_rows = DotTile<Scalar, Packet>::rows;
  Index row = 0;
  for (; row + tile_rows <= rows; row += tile_rows)
    multiply_dot_tile<Scalar, Packet, tile_rows, N>(depth, a + row * a_stride, a_stride, b, b_stride, c + row, c_stride,
                                                    accumulate);
  for (; row < rows; ++row)
    multiply_dot_tile<Scalar, Packet, 1, N>(depth, a + row * a_stride, a_stride, b, b_stride, c + row, c_stride,
                                          accumulate);
}

/// c = a b, or c += a b, for a row-major a and a column-major b, in the widest packets that a row fills.
template <class Scalar, class Packet = typename GemmTile<Scalar>::Packet>
void multiply_by_dot_products(Index rows, Index cols, Index depth, const Scalar* a, Index a_stride, const Scalar* b,
                              Index b_stride, Scalar* c, Index c_stride, bool accumulate) {
  using Tile = DotTile<Scalar, Packet>;
  if constexpr (has_half_packet<Packet>)
    if (depth < Tile::width)
      return multiply_by_dot_products<Scalar, typename Eigen::internal::unpacket_traits<Packet>::half>(
          rows, cols, depth, a, a_stride, b, b_stride, c, c_stride, accumulate);
  if (depth < Tile::width) {
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) {
        Scalar sum(0);
        for (Index k = 0; k < depth; ++k) sum += a[i * a_stride + k] * b[j * b_stride + k];
        c[j * c_stride + i] = accumulate ? c[j * c_stride + i] + sum : sum;
      }
    return;
  }
  static constexpr auto kernels = []<int... K>(std::integer_sequence<int, K...>) {
    return std::array{&multiply_dot_rows<Scalar, Packet, K + 1>...};
  }(std::make_integer_sequence<int, Tile::columns>());
  const EvenPartition groups(cols, Tile::columns);
  for (Index group = 0; group < groups.count(); ++group) {
    const Index col = groups.begin(group);
    kernels[static_cast<std::size_t>(groups.length(group) - 1)](rows, depth, a, a_stride, b + col * b_stride, b_stride,
                                                                c + col * c_stride, c_stride, accumulate);
  }
}

#pragma GCC diagnostic pop

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of the packet's type as a template argument
#endif

/// y = A x, or y += A x, for P packets of rows.
template <class Scalar, class Packet, int P>
void accumulate_columns(Index depth, const Scalar* a, Index a_stride, const Scalar* x, Scalar* y, bool accumulate) {
  using namespace Eigen::internal;
  constexpr int width = unpacket_traits<Packet>::size;
  Packet sums[std::size_t{P}];
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) sums[p] = pset1<Packet>(Scalar(0));
  for (Index k = 0; k < depth; ++k, a += a_stride) {
    const Packet value = pset1<Packet>(x[k]);
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) sums[p] = pmadd(ploadu<Packet>(a + p * width), value, sums[p]);
  }
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p)
    pstoreu(y + p * width, accumulate ? padd(ploadu<Packet>(y + p * width), sums[p]) : sums[p]);
}

/// y = A x, or y += A x, for `rows` rows of A, in the widest packets that they fill. Every value is one sum in the
/// order of k.
template <class Scalar, class Packet = typename GemmTile<Scalar>::Packet>
void multiply_vector(Index rows, Index depth, const Scalar* a, Index a_stride, const Scalar* x, Scalar* y,
                     bool accumulate) {
  using namespace Eigen::internal;
  constexpr int width = unpacket_traits<Packet>::size;
  constexpr int max_packets = 8;  // independent sums, which hide the latency of additions
  static constexpr auto kernels = []<int... K>(std::integer_sequence<int, K...>) {
    return std::array{&accumulate_columns<Scalar, Packet, K + 1>...};
  }(std::make_integer_sequence<int, max_packets>());
  if (rows < width) {
    if constexpr (has_half_packet<Packet>)
      return multiply_vector<Scalar, typename unpacket_traits<Packet>::half>(rows, depth, a, a_stride, x, y,
                                                                             accumulate);
    for (Index i = 0; i < rows; ++i) {
      Scalar sum(0);
      for (Index k = 0; k < depth; ++k) sum = pmadd(a[k * a_stride + i], x[k], sum);
      y[i] = accumulate ? y[i] + sum : sum;
    }
    return;
  }
  const EvenPartition groups(rows / width, max_packets);
  for (Index group = 0; group < groups.count(); ++group) {
    const Index row = groups.begin(group) * width;
    kernels[static_cast<std::size_t>(groups.length(group) - 1)](depth, a + row, a_stride, x, y + row, accumulate);
  }
  if (rows % width == 0) return;
  Scalar last[std::size_t{width}];  // the last `width` rows, of which the first are already computed
  kernels[0](depth, a + rows - width, a_stride, x, last, false);
  for (Index i = rows / width * width; i < rows; ++i) {
    const Scalar sum = last[i - rows + width];
    y[i] = accumulate ? y[i] + sum : sum;
  }
}

#pragma GCC diagnostic pop

}  // namespace eigencoder::detail
