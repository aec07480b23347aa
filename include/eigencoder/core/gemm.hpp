#pragma once

#include <algorithm>
#include <eigencoder/core/buffer.hpp>
#include <eigencoder/core/types.hpp>

namespace eigencoder::detail {

/// A factor of a product: a stored matrix, or its transpose (`row_major` tells which index is
/// contiguous), with `stride` between neighbors along the other index.
template <class Scalar>
struct Factor {
  const Scalar* data;
  Index stride;
  bool row_major;
};

/// The two packed panels of a product, and room to lay out a factor; they grow once and are then reused, one set a
/// thread.
template <class Scalar>
struct GemmScratch {
  Buffer<Scalar> a, b, factor;
};

/// Eigen's blocking sizes for one thread, on buffers that we own: Eigen allocates nothing.
template <class Scalar>
struct Blocking : Eigen::internal::level3_blocking<Scalar, Scalar> {
  Blocking(Index rows, Index cols, Index depth, GemmScratch<Scalar>& scratch) {
    this->m_mc = rows;
    this->m_nc = cols;
    this->m_kc = depth;
    Eigen::internal::computeProductBlockingSizes<Scalar, Scalar>(this->m_kc, this->m_mc, this->m_nc, Index{1});
    // Room for whole factors: a panel of a smaller product can be larger, this bound cannot.
    this->m_blockA = scratch.a.require(rows * depth);
    this->m_blockB = scratch.b.require(depth * cols);
  }
};

template <class Scalar, int AOrder, int BOrder>
void eigen_gemm(Index rows, Index cols, Index depth, const Factor<Scalar>& a, const Factor<Scalar>& b, Scalar* c,
                Index c_stride, Blocking<Scalar>& blocking) {
  using Product =
      Eigen::internal::general_matrix_matrix_product<Index, Scalar, AOrder, false, Scalar, BOrder, false,
                                                     Eigen::ColMajor, 1>;
  Product::run(rows, cols, depth, a.data, a.stride, b.data, b.stride, c, 1, c_stride, Scalar(1), blocking);
}

/// c = a b, or c += a b with `accumulate`; c is rows x cols, column-major with `c_stride` between columns.
/// At most one of a and b is row-major.
/// The one seam through which every product of the library passes. It runs on the calling thread only
/// (Eigen's own threads would cut the sums differently), and its bits do not depend on where c lies.
template <class Scalar>
void gemm(Index rows, Index cols, Index depth, const Factor<Scalar>& a, const Factor<Scalar>& b, Scalar* c,
          Index c_stride, bool accumulate, GemmScratch<Scalar>& scratch) {
  eigen_assert(!(a.row_major && b.row_major));
  if (!accumulate)
    for (Index j = 0; j < cols; ++j) std::fill_n(c + j * c_stride, rows, Scalar(0));
  if (rows == 0 || cols == 0 || depth == 0) return;
  using Eigen::ColMajor;
  using Eigen::RowMajor;
  Blocking<Scalar> blocking(rows, cols, depth, scratch);
  if (a.row_major)
    eigen_gemm<Scalar, RowMajor, ColMajor>(rows, cols, depth, a, b, c, c_stride, blocking);
  else if (b.row_major)
    eigen_gemm<Scalar, ColMajor, RowMajor>(rows, cols, depth, a, b, c, c_stride, blocking);
  else
    eigen_gemm<Scalar, ColMajor, ColMajor>(rows, cols, depth, a, b, c, c_stride, blocking);
}

}  // namespace eigencoder::detail
