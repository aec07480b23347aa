#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <utility>

/// @file
/// The innermost loop of a product, in Eigen's packets: it computes a tile of the result in registers. And how a length
/// is divided into tiles.
namespace eigencoder::detail {

/// Divides a length into the fewest near-equal parts of at most `max_length`.
class EvenPartition {
 public:
  EvenPartition(Index size, Index max_length) : size_(size), count_((size + max_length - 1) / max_length) {}
  /// The number of parts.
  Index count() const { return count_; }
  /// Where a part begins; `begin(count())` is the size. Both ends avoid the division, which takes as long as a small
  /// product.
  Index begin(Index part) const { return part == 0 ? 0 : part == count_ ? size_ : size_ * part / count_; }
  /// The length of a part.
  Index length(Index part) const { return begin(part + 1) - begin(part); }

 private:
  Index size_, count_;
};

/// The size of a tile, by this machine's registers, 16 or 32: a tile of c, a column of a and one value of b fill them.
template <class Scalar>
struct GemmTile {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr bool many_registers = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32;
  static constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr int packets = many_registers ? 3 : 2;        ///< of a column of the highest tile
  static constexpr int rows = packets * width;                  ///< of the highest tile
  static constexpr int columns = many_registers ? 8 : 6;        ///< of the highest tile
  static constexpr int max_columns = many_registers ? 16 : 12;  ///< of a lower tile, which is wider

  /// The number of packets that hold so many values.
  static constexpr Index packets_of(Index values) { return (values + width - 1) / width; }
  /// The number of columns of the widest tile whose columns are so many packets high.
  static constexpr int columns_of(Index packets_high) {
    return std::min<int>(max_columns, packets * columns / static_cast<int>(packets_high));
  }
};

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of the packet's type as a template argument
#endif
/// Whether the processor has packets of half as many values.
template <class Packet>
inline constexpr bool has_half_packet =
    int{Eigen::internal::unpacket_traits<typename Eigen::internal::unpacket_traits<Packet>::half>::size} <
    int{Eigen::internal::unpacket_traits<Packet>::size};
#pragma GCC diagnostic pop

/// The offsets of a matrix with one segment.
inline constexpr Index single_segment[1] = {0};

/// The factor b as the kernel reads it. Its rows come in segments of equal length: row k of segment s begins at
/// `data + segment_begins[s] + k row_stride`. A stored matrix has one segment; the patches of an image, which a
/// convolution multiplies, have one for each row of the window, so that no patch is ever copied.
template <class Scalar>
struct SegmentedView {
  const Scalar* data;
  Index row_stride, column_stride;
  Index segment_length;  ///< rows of a segment
  Index segments = 1;
  const Index* segment_begins = single_segment;

  /// Without the columns before `column`.
  SegmentedView from(Index column) const {
    return {data + column * column_stride, row_stride, column_stride, segment_length, segments, segment_begins};
  }
};

/// Rows of the factor a as the kernel reads them, packed or in place: each column is contiguous.
template <class Scalar>
struct Panel {
  const Scalar* data;
  Index column_stride;
  Index segment_gap = 0;  ///< what to skip besides between the columns of two segments
};

/// c = a b, or c += a b, for a tile of P packets x N columns. Every value is one sum in the order of k, whatever P and
/// N: its bits do not depend on how a result is divided into tiles.
template <class Scalar, int P, int N>
void multiply_tile(const Panel<Scalar>& panel, const SegmentedView<Scalar>& b, Scalar* c, Index c_stride,
                   bool accumulate) {
  using namespace Eigen::internal;
  using Packet = typename GemmTile<Scalar>::Packet;
  constexpr int width = GemmTile<Scalar>::width;
  const Scalar* a = panel.data;
  const Index a_stride = panel.column_stride, gap = panel.segment_gap;
  const Index segments = b.segments, length = b.segment_length;
  const Index row_stride = b.row_stride, column_stride = b.column_stride;
  Packet sum[std::size_t{N}][std::size_t{P}];
#pragma GCC unroll 16
  for (int j = 0; j < N; ++j)
#pragma GCC unroll 3
    for (int p = 0; p < P; ++p) sum[j][p] = pset1<Packet>(Scalar(0));
  for (Index segment = 0; segment < segments; ++segment, a += gap) {
    const Scalar* row = b.data + b.segment_begins[segment];
#pragma GCC unroll 4
    for (Index k = 0; k < length; ++k, a += a_stride, row += row_stride) {
      Packet column[std::size_t{P}];
#pragma GCC unroll 3
      for (int p = 0; p < P; ++p) column[p] = ploadu<Packet>(a + p * width);
#pragma GCC unroll 16
      for (int j = 0; j < N; ++j) {
        const Packet value = pset1<Packet>(row[j * column_stride]);
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

/// `multiply_tile` for one P and N.
template <class Scalar>
using TileKernel = void (*)(const Panel<Scalar>&, const SegmentedView<Scalar>&, Scalar*, Index, bool);

/// The kernel for a tile of so many packets x columns, both at least 1; null if it needs too many registers.
template <class Scalar>
TileKernel<Scalar> tile_kernel(Index packets, Index columns) {
  using Tile = GemmTile<Scalar>;
  constexpr int max_columns = Tile::max_columns;
  static constexpr auto kernel = []<int P, int N>(std::integer_sequence<int, P, N>) -> TileKernel<Scalar> {
    if constexpr (N <= Tile::columns_of(P)) return &multiply_tile<Scalar, P, N>;
    else return nullptr;
  };
  static constexpr auto kernels = []<int... K>(std::integer_sequence<int, K...>) {
    return std::array{kernel(std::integer_sequence<int, K / max_columns + 1, K % max_columns + 1>())...};
  }(std::make_integer_sequence<int, Tile::packets * max_columns>());
  return kernels[static_cast<std::size_t>((packets - 1) * max_columns + columns - 1)];
}

}  // namespace eigencoder::detail
