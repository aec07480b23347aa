#pragma once

#include <eigencoder/detail/platform/floating_point.hpp>

#include <Eigen/Core>

/// @file
/// The names that every room uses. One sample is one column, throughout.
namespace eigencoder {

using Eigen::Dynamic;  ///< a size known only at run time
using Eigen::Index;    ///< signed sizes and positions
using Eigen::VectorX;  ///< column vector of run-time size

/// A column-major matrix of run-time size, even where `EIGEN_DEFAULT_TO_ROW_MAJOR` changes Eigen's own default.
template <class Scalar>
using MatrixX = Eigen::Matrix<Scalar, Dynamic, Dynamic, Eigen::ColMajor>;

}  // namespace eigencoder
