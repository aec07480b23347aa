#pragma once

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <eigencoder/extend/types.hpp>
#include <limits>

/// @file
/// Covariance matrices of few samples, and their inverses.
namespace eigencoder::detail {

/// How many of each row's values are known, not NaN; 1 for none.
inline Eigen::VectorXd known_counts(const MatrixX<double>& data) {
  const Index columns = data.cols();
  return Eigen::VectorXd::NullaryExpr(data.rows(), [&](Index i) {
    Index count = 0;
    for (Index j = 0; j < columns; ++j) count += (std::isnan)(data(i, j)) ? 0 : 1;
    return static_cast<double>((std::max)(Index{1}, count));
  });
}

/// The mean of the columns of `data`, values x samples; of the known values, where some are NaN.
inline MatrixX<double> column_mean(const MatrixX<double>& data) {
  const Eigen::VectorXd counts = known_counts(data);
  if (counts.minCoeff() == static_cast<double>(data.cols())) return data.rowwise().mean();
  return data.array().isNaN().select(0.0, data).rowwise().sum().cwiseQuotient(counts);
}

/// The shrinkage intensity of a covariance towards its diagonal that minimizes the expected squared error of the
/// correlations: the sum of their estimated variances over the sum of their squares, in [1 / n, 1] for n samples. 1 for
/// less than three.
/// `data` is standardized, values x samples; values that are constant are 0.
/// Source: Schaefer & Strimmer, "A shrinkage approach to large-scale covariance matrix estimation and implications for
/// functional genomics" (2005), eq. 8 and table 1, target D.
inline double shrinkage_intensity(const MatrixX<double>& data) {
  const auto n = static_cast<double>(data.cols());
  if (data.cols() < 3) return 1;  // two standardized samples have correlations of 1 and -1 alone
  const MatrixX<double> squared = data.cwiseAbs2();
  const MatrixX<double> mean = data * data.transpose() / n;                  // of the products of two values
  const MatrixX<double> square = squared * squared.transpose() / n;          // of their squares
  const double squares = mean.squaredNorm() - mean.diagonal().squaredNorm();
  const double variances = (square.sum() - square.diagonal().sum() - squares) / (n - 1);
  // n samples span n - 1 directions: in the others the matrix is what the diagonal gives it.
  return squares > 0 ? std::clamp(variances / squares, 1 / n, 1.0) : 1;
}

/// The covariance of the columns of `data` around `mean`, shrunk by `intensity` towards its diagonal, or by
/// `shrinkage_intensity` where that is negative. Variances below `floor` times their mean are raised to that, so that
/// the matrix has an inverse; where all are 0 it is the identity. NaN is unknown: a variance is that of the known
/// values, and a correlation the sum over the samples that know both, divided by the root of the product of their
/// counts, so that the matrix stays positive definite.
inline MatrixX<double> shrunk_covariance(const MatrixX<double>& data, const MatrixX<double>& mean, double intensity,
                                         double floor = 1e-9) {
  const Eigen::VectorXd counts = known_counts(data);
  MatrixX<double> centered = data.colwise() - mean.col(0);
  centered = centered.array().isNaN().select(0.0, centered).eval();
  const Eigen::VectorXd measured = centered.rowwise().squaredNorm().cwiseQuotient(counts);
  const double least = floor * measured.mean();
  if (!(least > 0)) return MatrixX<double>::Identity(data.rows(), data.rows());
  const Eigen::VectorXd stddev = measured.cwiseMax(least).cwiseSqrt();
  const auto all = static_cast<double>(data.cols());
  for (Index i = 0; i < data.rows(); ++i) centered.row(i) /= stddev(i) * std::sqrt(counts(i) / all);
  const double lambda = intensity < 0 ? shrinkage_intensity(centered) : intensity;
  MatrixX<double> correlation = centered * centered.transpose() * ((1 - lambda) / static_cast<double>(data.cols()));
  correlation.diagonal().setOnes();
  return stddev.asDiagonal() * correlation * stddev.asDiagonal();
}

/// The inverse of a positive definite matrix; an empty matrix for one that is not, or not symmetric.
inline MatrixX<double> positive_definite_inverse(const MatrixX<double>& matrix) {
  if (matrix.rows() != matrix.cols() || !matrix.allFinite() || !matrix.isApprox(matrix.transpose(), 1e-9)) return {};
  // In units of the standard deviations, which may differ by many orders.
  if (!(matrix.diagonal().minCoeff() > 0)) return {};
  const Eigen::VectorXd unit = matrix.diagonal().cwiseSqrt().cwiseInverse();
  const MatrixX<double> scaled = unit.asDiagonal() * matrix * unit.asDiagonal();
  const Eigen::LLT<MatrixX<double>> factor(scaled);
  if (static_cast<int>(factor.info()) != 0) return {};
  const MatrixX<double> inverse = factor.solve(MatrixX<double>::Identity(matrix.rows(), matrix.rows()));
  if (!inverse.allFinite()) return {};
  return unit.asDiagonal() * ((inverse + inverse.transpose()) / 2) * unit.asDiagonal();
}

/// The values of a Gaussian that are unknown in a sample, whose mean and variance depend on the known ones.
/// It works in the caller's memory.
/// Source: Bishop, "Pattern recognition and machine learning" (2006), eqs. 2.73 and 2.75.
class UnknownOfGaussian {
 public:
  /// Doubles that it works in, where u values are unknown.
  static Index scratch_size(Index u) { return u * (u + 2); }

  /// @param precision  the inverse of the covariance
  /// @param count      how many are unknown
  /// @param is_known   whether value i is known
  template <class IsKnown>
  UnknownOfGaussian(const MatrixX<double>& precision, Index count, const IsKnown& is_known, double* scratch)
      : precision_(precision),
        indices_(scratch, count),
        column_(scratch + count, count),
        block_(scratch + 2 * count, count, count) {
    for (Index i = 0, k = 0; k < count; ++i)
      if (!is_known(i)) indices_(k++) = static_cast<double>(i);
    for (Index k = 0; k < count; ++k)
      for (Index l = 0; l < count; ++l) block_(l, k) = precision(at(l), at(k));
    const Eigen::LLT<Eigen::Ref<MatrixX<double>>> factor(block_);  // in place
  }

  /// Sets the unknown deviations v from the mean to those that are expected, given the known ones.
  void expect(double* v) {
    for (Index k = 0; k < indices_.size(); ++k) v[at(k)] = 0;
    for (Index k = 0; k < indices_.size(); ++k) {
      double sum = 0;
      for (Index i = 0; i < precision_.rows(); ++i) sum -= precision_(i, at(k)) * v[i];
      column_(k) = sum;
    }
    block_.triangularView<Eigen::Lower>().solveInPlace(column_);
    block_.triangularView<Eigen::Lower>().transpose().solveInPlace(column_);
    for (Index k = 0; k < indices_.size(); ++k) v[at(k)] = column_(k);
  }

  /// Element (i, i) of the inverse covariance of the known values alone, for a known value i.
  double precision_of(Index i) {
    for (Index k = 0; k < indices_.size(); ++k) column_(k) = precision_(at(k), i);
    block_.triangularView<Eigen::Lower>().solveInPlace(column_);
    const double whole = precision_(i, i);
    return (std::max)(whole - column_.squaredNorm(), whole * std::numeric_limits<double>::epsilon());
  }

 private:
  Index at(Index k) const { return static_cast<Index>(indices_(k)); }

  const MatrixX<double>& precision_;
  Eigen::Map<Eigen::VectorXd> indices_, column_;
  Eigen::Map<MatrixX<double>> block_;
};

}  // namespace eigencoder::detail
