#pragma once

#include <eigencoder/core/types.hpp>
#include <type_traits>

namespace eigencoder {

/// A read-only look at samples that someone else owns: one sample per column, columns contiguous.
/// Binds to Eigen matrices, vectors (one sample), maps and column blocks of the same scalar; an
/// expression or a row-major matrix has to be stored first (`.eval()`, `MatrixX<Scalar>(x)`).
template <class Scalar>
class View {
 public:
  constexpr View() = default;
  constexpr View(const Scalar* data, Index rows, Index cols) : View(data, rows, cols, rows) {}
  constexpr View(const Scalar* data, Index rows, Index cols, Index stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {}

  template <class Derived>
  View(const Eigen::MatrixBase<Derived>& m)
      : View(pointer(m.derived()), m.rows(), m.cols(), stride(m.derived())) {}

  constexpr const Scalar* data() const { return data_; }
  constexpr const Scalar* column(Index j) const { return data_ + j * stride_; }
  constexpr Index rows() const { return rows_; }
  constexpr Index cols() const { return cols_; }
  constexpr Index stride() const { return stride_; }

  /// `count` columns from `first`.
  constexpr View columns(Index first, Index count) const {
    return {column(first), rows_, count, stride_};
  }

 private:
  template <class Derived>
  static const Scalar* pointer(const Derived& m) {
    static_assert(std::is_same_v<typename Derived::Scalar, Scalar>,
                  "eigencoder: the data's scalar is not the model's: cast it, x.template cast<float>().eval()");
    static_assert((Derived::Flags & Eigen::DirectAccessBit) != 0,
                  "eigencoder: this is an expression, not stored data: append .eval()");
    static_assert(!Derived::IsRowMajor || Derived::IsVectorAtCompileTime,
                  "eigencoder: samples are columns of a column-major matrix: this one is row-major");
    static_assert(Derived::RowsAtCompileTime == 1 || Derived::InnerStrideAtCompileTime == 1,
                  "eigencoder: the values of a sample must lie side by side: append .eval()");
    return m.data();
  }
  template <class Derived>
  static Index stride(const Derived& m) {
    if (m.cols() <= 1) return m.rows();
    return Derived::IsRowMajor ? m.innerStride() : m.outerStride();
  }

  const Scalar* data_ = nullptr;
  Index rows_ = 0;
  Index cols_ = 0;
  Index stride_ = 0;
};

}  // namespace eigencoder
