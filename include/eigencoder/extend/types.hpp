#pragma once

#include <eigencoder/detail/platform/floating_point.hpp>

#include <Eigen/Core>

/// @file
/// The few names every room uses. One sample is one column, throughout.
namespace eigencoder {

using Eigen::Dynamic;  ///< a size known only at run time
using Eigen::Index;    ///< signed sizes and positions
using Eigen::VectorX;  ///< column vector of run-time size

/// Column-major matrix of run-time size, also where `EIGEN_DEFAULT_TO_ROW_MAJOR` makes Eigen's own a row-major one.
template <class Scalar>
using MatrixX = Eigen::Matrix<Scalar, Dynamic, Dynamic, Eigen::ColMajor>;

}  // namespace eigencoder
