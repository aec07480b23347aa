#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/core/gemm_kernel.hpp>
#include <utility>

/// @file
/// The product of a row-major matrix and few columns: inner products, for which a is read once and nothing is copied.
namespace eigencoder::detail {

/// Of two packets that hold sums in parts, `half` of them apart, one packet: in the lanes I without the bit `half` the
/// parts of u, two by two added, in the others those of v. One choice and one exchange of lanes, the dearer of the two.
template <int half, class Packet, int... I>
[[gnu::always_inline]] inline Packet join(Packet u, Packet v, std::integer_sequence<int, I...>) {
  constexpr int width = sizeof...(I);
  return Eigen::internal::padd<Packet>(__builtin_shufflevector(u, v, ((I & half ? width : 0) + I)...),
                                       __builtin_shufflevector(u, v, ((I & half ? width : 0) + (I ^ half))...));
}

/// The sums over each of `width` packets, as one packet in their order.
template <int width, int count = width, class Packet>
[[gnu::always_inline]] inline Packet sums_over(Packet* packets) {
  if constexpr (count > 1) {
    constexpr int half = count / 2;
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i)
      packets[i] = join<half>(packets[i], packets[i + half], std::make_integer_sequence<int, width>());
    return sums_over<width, half>(packets);
  } else {
    return packets[0];
  }
}

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of the packet's type as a template argument
#endif
/// A x for as many rows as a packet has values.
template <class Scalar, class Packet>
Packet multiply_few_rows(Index depth, const Scalar* a, Index a_stride, const Scalar* x) {
  using namespace Eigen::internal;
  constexpr int width = unpacket_traits<Packet>::size;
  constexpr int four = std::min(width, 4), fours = width / four;  // a register for each of 16 rows there is not
  Packet sums[std::size_t{width}];
  const Scalar* rows[std::size_t{fours}];
#pragma GCC unroll 16
  for (int i = 0; i < width; ++i) sums[i] = pset1<Packet>(Scalar(0));
#pragma GCC unroll 4
  for (int i = 0; i < fours; ++i) rows[i] = a + i * four * a_stride;
  const auto add = [&](const Packet& of_x, Index step) {
#pragma GCC unroll 4
    for (int i = 0; i < fours; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < four; ++j)
        sums[i * four + j] = pmadd(ploadu<Packet>(rows[i] + j * a_stride), of_x, sums[i * four + j]);
      rows[i] += step;
    }
  };
  Index k = 0;
  for (; k + width <= depth; k += width) add(ploadu<Packet>(x + k), width);
  if (k < depth) {  // the last packet of a row, without what has been counted
    Scalar last[std::size_t{width}] = {};
    std::copy(x + k, x + depth, last + (k + width - depth));
#pragma GCC unroll 4
    for (int i = 0; i < fours; ++i) rows[i] -= k + width - depth;
    add(ploadu<Packet>(last), 0);
  }
  return sums_over<width>(sums);
}

/// The inner product of two vectors.
template <class Scalar, class Packet>
Scalar inner_product(Index depth, const Scalar* a, const Scalar* x) {
  using namespace Eigen::internal;
  constexpr int width = unpacket_traits<Packet>::size;
  Packet sums = pset1<Packet>(Scalar(0));
  Index k = 0;
  for (; k + width <= depth; k += width) sums = pmadd(ploadu<Packet>(a + k), ploadu<Packet>(x + k), sums);
  Scalar parts[std::size_t{width}];
  pstoreu(parts, sums);
  for (int half = width / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) parts[i] += parts[i + half];
  Scalar sum = parts[0];
  for (; k < depth; ++k) sum = pmadd(a[k], x[k], sum);
  return sum;
}

/// y = A x, or y += A x, for `rows` rows of A: as many at a time as a packet has values, one of the widest kind that
/// the rows, and one of them, fill. Where a row is no whole number of packets some values are multiplied by 0 besides:
/// infinite ones may show as NaN.
template <class Scalar, class Packet = typename GemmTile<Scalar>::Packet>
void multiply_rows(Index rows, Index depth, const Scalar* a, Index a_stride, const Scalar* x, Scalar* y,
                   bool accumulate) {
  using namespace Eigen::internal;
  constexpr int width = unpacket_traits<Packet>::size;
  constexpr Index few = 4;
  if (depth < width || (few <= rows && rows < width))
    if constexpr (can_be_halved<Packet>)
      return multiply_rows<Scalar, typename unpacket_traits<Packet>::half>(rows, depth, a, a_stride, x, y, accumulate);
  if (depth < width || rows < few) {
    for (Index i = 0; i < rows; ++i) {
      const Scalar sum = inner_product<Scalar, Packet>(depth, a + i * a_stride, x);
      y[i] = accumulate ? y[i] + sum : sum;
    }
    return;
  }
  for (Index row = 0; row < rows; row += width) {
    const Index first = std::min(row, rows - width);  // of the last some are done
    const auto sums = multiply_few_rows<Scalar, Packet>(depth, a + first * a_stride, a_stride, x);
    if (first == row) {
      pstoreu(y + row, accumulate ? padd(ploadu<Packet>(y + row), sums) : sums);
    } else {
      Scalar values[std::size_t{width}];
      pstoreu(values, sums);
      for (Index i = row; i < rows; ++i) y[i] = accumulate ? y[i] + values[i - first] : values[i - first];
    }
  }
}

#pragma GCC diagnostic pop

}  // namespace eigencoder::detail
