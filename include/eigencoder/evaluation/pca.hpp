#pragma once

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <limits>
#include <string>
#include <vector>

namespace eigencoder {

/// Principal component analysis: the linear autoencoder of the least squared error (Baldi & Hornik, "Neural
/// networks and principal component analysis" (1989)), and so a baseline for all others. A sample x of d
/// values has the code B^T (x - mean), and the reconstruction B code + mean; the columns of B are
/// eigenvectors of the covariance, the largest eigenvalue first (Bishop, "Pattern Recognition and Machine
/// Learning" (2006), sec. 12.1). They are computed in `double`.
template <class Scalar = float>
class Pca {
 public:
  /// Fits `components` components to samples (d x n, one per column), or fewer if the numerical rank is smaller, which
  /// is at most min(d, n - 1). Computes the eigenvectors of the covariance or, if there are fewer samples than values,
  /// of their Gram matrix (Bishop, sec. 12.1.4), in O(min(d, n)^2 max(d, n)) operations.
  /// @throws OptionError for fewer than one component
  /// @throws DataError for an empty set, for NaN, infinity, and values whose squares overflow
  Pca(View<Scalar> samples, Index components) {
    if (components < 1) throw OptionError("eigencoder: Pca needs at least 1 component");
    if (samples.rows() == 0 || samples.cols() == 0)
      throw DataError("eigencoder: Pca needs at least one sample");
    const Index d = samples.rows();
    const Index n = samples.cols();

    Matrix centered(d, n);
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i < d; ++i) centered(i, j) = static_cast<double>(finite(samples, i, j));
    const double energy = centered.squaredNorm();
    if (!std::isfinite(energy)) throw DataError("eigencoder: Pca met values whose squares overflow");
    const Eigen::VectorXd mean = centered.rowwise().mean();
    centered.colwise() -= mean;

    const bool use_gram = n < d;
    const detail::MatrixView<double> columns{centered.data(), d, false};
    const detail::MatrixView<double> rows{centered.data(), d, true};
    Matrix products((std::min)(d, n), (std::min)(d, n));
    if (use_gram)
      tiled_gemm(n, n, d, rows, columns, products.data(), false, true);
    else
      tiled_gemm(d, d, n, columns, rows, products.data(), false, true);
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(products);  // reads the lower triangle only
    if (static_cast<int>(solver.info()) != 0) throw DataError("eigencoder: Pca found no eigenvectors of the data");

    const Eigen::VectorXd& eigenvalues = solver.eigenvalues();
    const Index count = (std::min)(components, rank(eigenvalues, (std::min)(d, n - 1), (std::max)(d, n), energy));
    Matrix basis = solver.eigenvectors().rightCols(count).rowwise().reverse();
    if (use_gram) basis = from_gram(columns, d, n, basis);
    for (Index k = 0; k < count; ++k) {
      Index largest = 0;
      basis.col(k).cwiseAbs().maxCoeff(&largest);
      if (basis(largest, k) < 0) basis.col(k) *= -1;
    }
    mean_ = mean.cast<Scalar>();
    basis_ = basis.cast<Scalar>();
    explained_variance_ = eigenvalues.tail(count).reverse() / static_cast<double>(std::max<Index>(n - 1, 1));
  }

  /// The number of components, at most the requested one; 0 where all samples are equal.
  Index components() const { return basis_.cols(); }
  /// The mean of the samples (d values).
  const VectorX<Scalar>& mean() const { return mean_; }
  /// The components as orthonormal columns (d x components). The sign of each is such that its entry of largest
  /// magnitude is positive.
  const MatrixX<Scalar>& basis() const { return basis_; }
  /// The variance of the samples along each component, with the divisor n - 1.
  const VectorX<double>& explained_variance() const { return explained_variance_; }

  /// The codes (components x N) of samples (d x N). @throws ShapeError where a sample has not d values
  MatrixX<Scalar> encode(View<Scalar> samples) const {
    require_rows(samples, basis_.rows(), "sample");
    const Index d = basis_.rows();
    const Index n = samples.cols();
    MatrixX<Scalar> centered(d, n);
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i < d; ++i) centered(i, j) = samples.column(j)[i] - mean_[i];
    MatrixX<Scalar> codes(components(), n);
    tiled_gemm<Scalar>(components(), n, d, {basis_.data(), d, true}, {centered.data(), d, false}, codes.data(),
                       false);
    return codes;
  }

  /// The reconstructions (d x N) of codes (components x N). @throws ShapeError where a code has another size
  MatrixX<Scalar> decode(View<Scalar> codes) const {
    require_rows(codes, components(), "code");
    const Index d = basis_.rows();
    MatrixX<Scalar> samples = mean_.replicate(1, codes.cols());
    tiled_gemm<Scalar>(d, codes.cols(), components(), {basis_.data(), d, false},
                       {codes.data(), codes.stride(), false}, samples.data(), true);
    return samples;
  }

  /// decode(encode(samples)). @throws ShapeError where a sample has not d values
  MatrixX<Scalar> reconstruct(View<Scalar> samples) const { return decode(encode(samples)); }

 private:
  using Matrix = MatrixX<double>;

  /// c = a b, or c += a b: gemm in tiles of columns of b and c, on all threads. The tiles, and so the result's bits, do
  /// not depend on the number of threads. With `lower`, skips tiles above the diagonal of c.
  template <class T>
  static void tiled_gemm(Index rows, Index cols, Index depth, const detail::MatrixView<T>& a,
                         const detail::MatrixView<T>& b, T* c, bool accumulate, bool lower = false) {
    const int team = threads();
    std::vector<KernelScratch<T>> scratch(static_cast<std::size_t>(team));
    const auto moved = [](const detail::MatrixView<T>& f, Index along_stride, Index along_unit) {
      return detail::MatrixView<T>{f.data + along_stride * f.stride + along_unit, f.stride, f.row_major};
    };
    detail::parallel_tiles(cols, 64, team, [&](Index first, Index count, int thread) {
      const Index top = lower ? first : 0;
      detail::gemm(rows - top, count, depth, a.row_major ? moved(a, top, 0) : moved(a, 0, top),
                   b.row_major ? moved(b, 0, first) : moved(b, first, 0), c + first * rows + top, rows, accumulate,
                   scratch[static_cast<std::size_t>(thread)]);
    });
  }

  static Scalar finite(View<Scalar> samples, Index i, Index j) {
    const Scalar value = samples.column(j)[i];
    if (!std::isfinite(value))
      throw DataError("eigencoder: Pca needs finite values; value " + std::to_string(i) + " of sample " +
                      std::to_string(j) + " is not");
    return value;
  }

  static void require_rows(View<Scalar> data, Index expected, const char* what) {
    if (data.rows() != expected)
      throw ShapeError(std::string("eigencoder: Pca: a ") + what + " has " + std::to_string(data.rows()) +
                       " values, expected " + std::to_string(expected));
  }

  /// The number of eigenvalues above rounding errors: those of the products (relative to the largest eigenvalue) and
  /// those of the centering (relative to `energy`, the sum of squares before it).
  static Index rank(const Eigen::VectorXd& eigenvalues, Index bound, Index longest, double energy) {
    const double epsilon = std::numeric_limits<double>::epsilon();
    const double largest = (std::max)(eigenvalues[eigenvalues.size() - 1], epsilon * energy);
    const double noise = static_cast<double>(longest) * epsilon * largest;
    Index rank = 0;
    while (rank < bound && eigenvalues[eigenvalues.size() - 1 - rank] > noise) ++rank;
    return rank;
  }

  /// Eigenvectors of X X^T: X v for each eigenvector v of X^T X. Those of small eigenvalues are not quite orthogonal;
  /// Householder's QR, which leaves the leading ones as they are, corrects that.
  static Matrix from_gram(const detail::MatrixView<double>& x, Index d, Index n, const Matrix& v) {
    Matrix basis(d, v.cols());
    tiled_gemm<double>(d, v.cols(), n, x, {v.data(), n, false}, basis.data(), false);
    basis.colwise().normalize();
    const Eigen::HouseholderQR<Matrix> qr(basis);
    return qr.householderQ() * Matrix::Identity(d, v.cols());
  }

  VectorX<Scalar> mean_;
  MatrixX<Scalar> basis_;
  VectorX<double> explained_variance_;
};

/// `Pca pca(samples, components)` deduces the scalar of a matrix or a data set.
///@{
template <class Derived>
Pca(const Eigen::MatrixBase<Derived>&, Index) -> Pca<typename Derived::Scalar>;
template <class Scalar>
Pca(const Dataset<Scalar>&, Index) -> Pca<Scalar>;
///@}

}  // namespace eigencoder
