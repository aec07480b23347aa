#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <eigencoder/detail/base/even_partition.hpp>
#include <eigencoder/detail/gemm/micro_kernel.hpp>
#include <utility>

/// @file
/// The product of a row-major matrix and few columns: inner products, for which nothing is laid out.
namespace eigencoder::detail {

/// Each lane and the one whose number differs in the bit `half`, added. Of two packets one: the lanes with the bit are
/// those of v, the others those of u.
template <int half, class Packet, int... K>
[[gnu::always_inline]] inline Packet add_lanes_apart(Packet u, Packet v, std::integer_sequence<int, K...>) {
  constexpr int width = sizeof...(K);
  return Eigen::internal::padd<Packet>(__builtin_shufflevector(u, v, ((K & half ? width : 0) + K)...),
                                       __builtin_shufflevector(u, v, ((K & half ? width : 0) + (K ^ half))...));
}

/// The sums over the lanes of each of R packets, side by side from lane 0 on. How each is added up depends on `most`
/// alone, the largest R.
template <int width, int most, int R, class Packet>
[[gnu::always_inline]] inline Packet sums_over(Packet* packets) {
  constexpr auto lanes = std::make_integer_sequence<int, width>();
  const auto halve = [&]<int half>(std::integral_constant<int, half>) {
    constexpr int left = R > 1 ? half : 1;
#pragma GCC unroll 2
    for (int i = 0; i < left; ++i)
      packets[i] = add_lanes_apart<half>(packets[i], packets[R > 1 ? i + half : i], lanes);
  };
  if constexpr (most > 2) halve(std::integral_constant<int, 2>());
  if constexpr (most > 1) halve(std::integral_constant<int, 1>());
  Packet sum = packets[0];
  if constexpr (width > 4) sum = add_lanes_apart<4>(sum, sum, lanes);
  if constexpr (width > 8) sum = add_lanes_apart<8>(sum, sum, lanes);
  return sum;
}

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of the packet's type as a template argument
#endif

/// So many rows by columns at a time that registers hold their sums.
template <class Scalar, class Packet>
struct InnerTile {
  static constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr bool widest = width == GemmTile<Scalar>::width;
  static constexpr int rows = (std::min)(4, width);
  static constexpr int columns = !widest ? 1 : GemmTile<Scalar>::many_registers ? 6 : 8 / rows;
};

/// Of more columns than these blocks are sooner done.
template <class Scalar>
inline constexpr Index max_inner_columns = GemmTile<Scalar>::many_registers ? 16 : 8;

/// c = a b, or c += a b, for R rows and N columns. Where a row is no whole number of packets some values are multiplied
/// by 0 besides: infinite ones may show as NaN.
template <class Scalar, class Packet, int R, int N>
[[gnu::always_inline]] inline void multiply_inner_tile(Index depth, const Scalar* a, Index a_stride, const Scalar* b,
                                                       Index b_stride, Scalar* c, Index c_stride, bool accumulate) {
  using namespace Eigen::internal;
  using Tile = InnerTile<Scalar, Packet>;
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
  if (k < depth) {  // the last packet of a row, without what has been counted
    Scalar last[std::size_t{N * Tile::width}] = {};
    for (int j = 0; j < N; ++j)
      std::copy(b + j * b_stride + k, b + j * b_stride + depth, last + (j + 1) * Tile::width - (depth - k));
    add(a + depth - Tile::width, last, Tile::width);
  }
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j) {
    Scalar values[std::size_t{Tile::width}];
    pstoreu(values, sums_over<Tile::width, Tile::rows, R>(sums[j]));
    Scalar* const to = c + j * c_stride;
    for (int i = 0; i < R; ++i) to[i] = accumulate ? to[i] + values[i] : values[i];
  }
}

/// The same for any number of rows.
template <class Scalar, class Packet, int N>
void multiply_inner(Index rows, Index depth, const Scalar* a, Index a_stride, const Scalar* b, Index b_stride,
                    Scalar* c, Index c_stride, bool accumulate) {
  constexpr int high = InnerTile<Scalar, Packet>::rows;
  Index row = 0;
  for (; row + high <= rows; row += high)
    multiply_inner_tile<Scalar, Packet, high, N>(depth, a + row * a_stride, a_stride, b, b_stride, c + row, c_stride,
                                                 accumulate);
  for (; row < rows; ++row)
    multiply_inner_tile<Scalar, Packet, 1, N>(depth, a + row * a_stride, a_stride, b, b_stride, c + row, c_stride,
                                              accumulate);
}

/// c = a b, or c += a b, for a row-major a and a column-major b, in packets of the widest kind that a row fills.
template <class Scalar, class Packet = typename GemmTile<Scalar>::Packet>
void multiply_rows(Index rows, Index cols, Index depth, const Scalar* a, Index a_stride, const Scalar* b,
                   Index b_stride, Scalar* c, Index c_stride, bool accumulate) {
  using Tile = InnerTile<Scalar, Packet>;
  if constexpr (can_be_halved<Packet>)
    if (depth < Tile::width)
      return multiply_rows<Scalar, typename Eigen::internal::unpacket_traits<Packet>::half>(
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
    return std::array{&multiply_inner<Scalar, Packet, K + 1>...};
  }(std::make_integer_sequence<int, Tile::columns>());
  const EvenPartition groups(cols, Tile::columns);
  for (Index group = 0; group < groups.count(); ++group) {
    const Index col = groups.begin(group);
    kernels[static_cast<std::size_t>(groups.length(group) - 1)](rows, depth, a, a_stride, b + col * b_stride, b_stride,
                                                                c + col * c_stride, c_stride, accumulate);
  }
}

#pragma GCC diagnostic pop

}  // namespace eigencoder::detail
