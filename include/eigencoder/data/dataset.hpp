#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include <vector>

namespace eigencoder {

/// Samples with what is known about them. It converts to a `View` and to a matrix, so that it can be passed wherever
/// samples are expected.
template <class Scalar = float>
struct Dataset {
  MatrixX<Scalar> samples = {};           ///< one sample per column, `shape.size()` values each
  Shape shape = {};                       ///< of a sample
  std::vector<std::string> names = {};    ///< one per sample, such as its file's name, or empty
  std::vector<int> labels = {};           ///< one per sample, or empty
  std::vector<std::string> skipped = {};  ///< one line per file that was left out, with the reason

  /// The number of samples.
  Index size() const { return samples.cols(); }

  /// The samples.
  operator View<Scalar>() const { return samples; }
  /// The samples.
  operator const MatrixX<Scalar>&() const { return samples; }
};

/// `View(samples)` deduces the scalar of a matrix or a data set.
///@{
template <class Derived>
View(const Eigen::MatrixBase<Derived>&) -> View<typename Derived::Scalar>;
template <class Scalar>
View(const Dataset<Scalar>&) -> View<Scalar>;
///@}

}  // namespace eigencoder
