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
/// correlations: the sum of their estimated variances over the sum of their squares, in [0, 1]. 1 for one sample.
/// `data` is standardized, values x samples; values that are constant are 0.
/// Source: Schaefer & Strimmer, "A shrinkage approach to large-scale covariance matrix estimation and implications for
/// functional genomics" (2005), eq. 8 and table 1, target D.
inline double shrinkage_intensity(const MatrixX<double>& data) {
  const auto n = static_cast<double>(data.cols());
  if (data.cols() < 2) return 1;
  double variances = 0, squares = 0;
  for (Index a = 0; a < data.rows(); ++a)
    for (Index b = 0; b < a; ++b) {
      const auto products = data.row(a).array() * data.row(b).array();
      const double mean = products.mean();
      variances += (products - mean).square().sum() / (n - 1) / n;
      squares += mean * mean;
    }
  return squares > 0 ? std::clamp(variances / squares, 0.0, 1.0) : 1;
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
