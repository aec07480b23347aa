#pragma once

#include <Eigen/Core>

/// @file
/// The few names every room uses. One sample is one column, throughout.
namespace eigencoder {

using Eigen::Dynamic;  ///< a size known only at run time
using Eigen::Index;    ///< signed sizes and positions
using Eigen::MatrixX;  ///< column-major matrix of run-time size
using Eigen::VectorX;  ///< column vector of run-time size

}  // namespace eigencoder
