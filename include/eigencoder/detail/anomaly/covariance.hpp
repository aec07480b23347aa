#pragma once

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <eigencoder/extend/types.hpp>
#include <limits>

/// @file
/// Covariance matrices of few samples, and their inverses.
namespace eigencoder::detail {

/// The mean of the columns of `data`, values x samples.
inline MatrixX<double> column_mean(const MatrixX<double>& data) { return data.rowwise().mean(); }

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
/// the matrix has an inverse; where all are 0 it is the identity.
inline MatrixX<double> shrunk_covariance(const MatrixX<double>& data, const MatrixX<double>& mean, double intensity,
                                         double floor = 1e-9) {
  MatrixX<double> centered = data.colwise() - mean.col(0);
  const Eigen::VectorXd measured = centered.rowwise().squaredNorm() / static_cast<double>(data.cols());
  const double least = floor * measured.mean();
  if (!(least > 0)) return MatrixX<double>::Identity(data.rows(), data.rows());
  const Eigen::VectorXd stddev = measured.cwiseMax(least).cwiseSqrt();
  for (Index i = 0; i < data.rows(); ++i) centered.row(i) /= stddev(i);
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

}  // namespace eigencoder::detail
