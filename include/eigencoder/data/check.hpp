#pragma once

#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/view.hpp>
#include <string>

/// @file
/// The checks that data passes before anything else happens to it.
namespace eigencoder::detail {

inline std::string of_shape(Index rows, Index cols) {
  return std::to_string(rows) + " x " + std::to_string(cols);
}

/// Throws `DataError` for an empty set and `ShapeError` unless the samples have `rows` values.
template <class Scalar>
void check_rows(View<Scalar> data, Index rows, const char* what) {
  if (data.cols() == 0) throw DataError("eigencoder: " + std::string(what) + ": no samples");
  if (data.rows() != rows)
    throw ShapeError("eigencoder: " + std::string(what) + ": got " + of_shape(data.rows(), data.cols()) +
                     " (values x samples), wanted " + std::to_string(rows) + " values a sample, one sample a column");
}

/// Throws `DataError` for the first NaN or infinity.
template <class Scalar>
void check_finite(View<Scalar> data, const char* what) {
  for (Index j = 0; j < data.cols(); ++j) {
    const Scalar* column = data.column(j);
    Scalar zero = 0;  // stays 0, or becomes NaN: one branch a sample
    for (Index i = 0; i < data.rows(); ++i) zero += column[i] * 0;
    if (zero == 0) continue;
    for (Index i = 0; i < data.rows(); ++i)
      if (!std::isfinite(column[i]))
        throw DataError("eigencoder: " + std::string(what) + ": sample " + std::to_string(j) + " holds " +
                        (std::isnan(column[i]) ? "NaN" : "infinity") + " at value " + std::to_string(i));
  }
}

/// Throws `DataError` for the first target outside the loss's range.
template <class Scalar, class Loss>
void check_range(View<Scalar> targets, const Loss& loss, Index channels, const char* what) {
  for (Index j = 0; j < targets.cols(); ++j)
    if (!loss.accepts(targets.column(j), targets.rows(), channels))
      throw DataError("eigencoder: " + std::string(what) + ": sample " + std::to_string(j) + " is outside the range of " +
                      std::string(Loss::name) + ", which takes " + std::string(Loss::range));
}

}  // namespace eigencoder::detail
