#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/core/gemm_kernel.hpp>
#include <utility>

/// @file
/// The product of a row-major matrix and few columns: inner products, for which a is read once and nothing is copied.
namespace eigencoder::detail {

/// Two packets that hold R sums each, in width / R parts, as one that holds 2 R sums in half as many parts. The sums of a
/// part lie beside each other.
template <int R, class Packet, int... I>
[[gnu::always_inline]] inline Packet join(Packet u, Packet v, std::integer_sequence<int, I...>) {
  constexpr int width = sizeof...(I);
  constexpr auto from = [](int i) { return i / (2 * R) * R + i % R + (i % (2 * R) < R ? 0 : width); };
  return Eigen::internal::padd<Packet>(__builtin_shufflevector(u, v, from(I)...),
                                       __builtin_shufflevector(u, v, (from(I) + width / 2)...));
}

/// The sums over each of `width` packets, as one packet.
template <int width, int R = 1, class Packet>
[[gnu::always_inline]] inline Packet sums_over(Packet* packets) {
  if constexpr (R < width) {
#pragma GCC unroll 8
    for (int i = 0; i < width / R / 2; ++i)
      packets[i] = join<R>(packets[2 * i], packets[2 * i + 1], std::make_integer_sequence<int, width>());
    return sums_over<width, 2 * R>(packets);
  } else {
    return packets[0];
  }
}

/// y = A x, or y += A x, for `rows` rows of A, no more than a packet has values.
template <class Scalar>
void multiply_rows(Index rows, Index depth, const Scalar* a, Index a_stride, const Scalar* x, Scalar* y,
                   bool accumulate) {
  using namespace Eigen::internal;
  using Packet = typename GemmTile<Scalar>::Packet;
  constexpr int width = GemmTile<Scalar>::width;
  Scalar values[std::size_t{width}];
  if (depth < width) {
    for (Index i = 0; i < rows; ++i) {
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
      row[i] = a + std::min<Index>(i, rows - 1) * a_stride;  // the last row stands in for those there are not
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
  for (Index i = 0; i < rows; ++i) y[i] = (accumulate ? y[i] : Scalar(0)) + values[i];
}

}  // namespace eigencoder::detail
