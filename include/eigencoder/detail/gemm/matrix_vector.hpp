#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <eigencoder/detail/base/even_partition.hpp>
#include <eigencoder/detail/gemm/micro_kernel.hpp>
#include <utility>

/// @file
/// The product of a column-major matrix and a vector, a sum of the matrix's columns: each is read once and none is
/// packed.
namespace eigencoder::detail {

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
