#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include <vector>

namespace eigencoder {

/// Samples with what is known about them. It stands wherever samples are wanted: it converts to a
/// `View` and to a matrix.
template <class Scalar = float>
struct Dataset {
  MatrixX<Scalar> samples = {};           ///< one sample per column, `shape.size()` values each
  Shape shape = {};                       ///< of one sample
  std::vector<std::string> names = {};    ///< one per sample, or empty
  std::vector<int> labels = {};           ///< one per sample, or empty
  std::vector<std::string> skipped = {};  ///< one line per file that was left out, with the reason

  /// The number of samples.
  Index size() const { return samples.cols(); }

  operator View<Scalar>() const { return samples; }
  operator const MatrixX<Scalar>&() const { return samples; }
};

}  // namespace eigencoder
