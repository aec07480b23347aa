#pragma once

#include <eigencoder/extend/types.hpp>
#include <type_traits>

namespace eigencoder {

/// Samples in memory that the view does not own, to be read only: one sample a column, its values contiguous. Eigen
/// matrices, vectors (one sample), maps and column blocks of the same scalar convert to it; an expression or a
/// row-major matrix has to be stored first (`.eval()`, `MatrixX<Scalar>(x)`).
template <class Scalar>
class View {
 public:
  /// No samples.
  constexpr View() = default;
  /// `cols` samples of `rows` values, with `stride` values from one sample to the next; `rows` without it.
  ///@{
  constexpr View(const Scalar* data, Index rows, Index cols) : View(data, rows, cols, rows) {}
  constexpr View(const Scalar* data, Index rows, Index cols, Index stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {}
  ///@}

  /// The columns of an Eigen matrix, which must outlive the view.
  template <class Derived>
  View(const Eigen::MatrixBase<Derived>& m)
      : View(pointer(m.derived()), m.rows(), m.cols(), stride(m.derived())) {}

  /// The first value of the first sample.
  constexpr const Scalar* data() const { return data_; }
  /// The first value of sample j.
  constexpr const Scalar* column(Index j) const { return data_ + j * stride_; }
  /// Values of a sample.
  constexpr Index rows() const { return rows_; }
  /// The number of samples.
  constexpr Index cols() const { return cols_; }
  /// Values from one sample to the next.
  constexpr Index stride() const { return stride_; }

  /// The same samples as an Eigen map, to compute with.
  Eigen::Map<const MatrixX<Scalar>, 0, Eigen::OuterStride<>> matrix() const {
    return {data_, rows_, cols_, Eigen::OuterStride<>(stride_)};
  }

  /// `count` samples from `first` on.
  constexpr View columns(Index first, Index count) const {
    return {column(first), rows_, count, stride_};
  }

  /// Whether both are the same memory.
  friend constexpr bool operator==(const View&, const View&) = default;

 private:
  template <class Derived>
  static const Scalar* pointer(const Derived& m) {
    constexpr bool same_scalar = std::is_same_v<typename Derived::Scalar, Scalar>;
    constexpr bool stored = (Derived::Flags & Eigen::DirectAccessBit) != 0;
    static_assert(same_scalar, "eigencoder: the data's scalar is not the model's: "
                               "convert it by x.cast<Model::Scalar>().eval()");
    static_assert(!same_scalar || stored, "eigencoder: this is an expression, not stored data: append .eval()");
    if constexpr (same_scalar && stored) {
      constexpr bool column_major = !Derived::IsRowMajor || Derived::IsVectorAtCompileTime;
      constexpr bool side_by_side = Derived::RowsAtCompileTime == 1 || Derived::InnerStrideAtCompileTime == 1;
      static_assert(column_major, "eigencoder: samples are columns, this matrix is row-major: "
                                  "store it as MatrixX<Model::Scalar>(x)");
      static_assert(!column_major || side_by_side,
                    "eigencoder: the values of a sample must lie side by side in memory: append .eval()");
      return m.data();
    } else {
      return nullptr;
    }
  }
  template <class Derived>
  static Index stride(const Derived& m) {
    if constexpr (requires { m.outerStride(); })
      if (m.cols() > 1) return Derived::IsRowMajor ? m.innerStride() : m.outerStride();
    return m.rows();
  }

  const Scalar* data_ = nullptr;
  Index rows_ = 0;
  Index cols_ = 0;
  Index stride_ = 0;
};

}  // namespace eigencoder
