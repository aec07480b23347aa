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
template <class Packet>
inline constexpr bool can_be_halved =
    int{Eigen::internal::unpacket_traits<typename Eigen::internal::unpacket_traits<Packet>::half>::size} <
    int{Eigen::internal::unpacket_traits<Packet>::size};

/// y = A x, or y += A x, for `rows` rows of A: as many at a time as a packet has values, one of the widest kind that a
/// row fills. Where a row is no whole number of packets some values are multiplied by 0 besides: infinite ones may show
/// as NaN.
template <class Scalar, class Packet = typename GemmTile<Scalar>::Packet>
void multiply_rows(Index rows, Index depth, const Scalar* a, Index a_stride, const Scalar* x, Scalar* y,
                   bool accumulate) {
  using namespace Eigen::internal;
  constexpr int width = unpacket_traits<Packet>::size;
  if constexpr (can_be_halved<Packet>)
    if (depth < width)
      return multiply_rows<Scalar, typename unpacket_traits<Packet>::half>(rows, depth, a, a_stride, x, y, accumulate);
  for (Index first = 0; first < rows; first += width, a += width * a_stride, y += width) {
    const Index count = std::min<Index>(width, rows - first);
    Scalar values[std::size_t{width}];
    if (depth < width) {
      for (Index i = 0; i < count; ++i) {
        values[i] = Scalar(0);
        for (Index k = 0; k < depth; ++k) values[i] += a[i * a_stride + k] * x[k];
      }
    } else {
      const Scalar* row[std::size_t{width}];
      Packet sums[std::size_t{width}];
      const auto add = [&](Index k, const Packet& of_x) {
#pragma GCC unroll 16
        for (int i = 0; i < width; ++i) sums[i] = pmadd(ploadu<Packet>(row[i] + k), of_x, sums[i]);
      };
#pragma GCC unroll 16
      for (int i = 0; i < width; ++i) {
        row[i] = a + std::min<Index>(i, count - 1) * a_stride;  // the last row stands in for those there are not
        sums[i] = pset1<Packet>(Scalar(0));
      }
      Index k = 0;
      for (; k + width <= depth; k += width) add(k, ploadu<Packet>(x + k));
      if (k < depth) {  // the last packet of a row, without what has been counted
        std::fill_n(values, width, Scalar(0));
        std::copy(x + k, x + depth, values + (k + width - depth));
        add(depth - width, ploadu<Packet>(values));
      }
      pstoreu(values, sums_over<width>(sums));
    }
    if (!accumulate) std::copy_n(values, count, y);
    else
      for (Index i = 0; i < count; ++i) y[i] += values[i];
  }
}

#pragma GCC diagnostic pop

}  // namespace eigencoder::detail
