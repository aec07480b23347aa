#pragma once

#include <cmath>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/losses/squared_error.hpp>
#include <limits>
#include <string>
#include <vector>

/// @file
/// How far two sets of samples are apart. Each may be a `View`, a stored Eigen matrix or a `Dataset`; both
/// have one scalar.
namespace eigencoder {

namespace detail {

template <class Scalar>
View<Scalar> view_of(View<Scalar> samples) { return samples; }

template <class Scalar>
View<Scalar> view_of(const Dataset<Scalar>& samples) { return samples; }

template <class Derived>
View<typename Derived::Scalar> view_of(const Eigen::MatrixBase<Derived>& samples) { return samples; }

template <class Scalar>
std::vector<double> squared_errors(View<Scalar> a, View<Scalar> b) {
  if (a.rows() != b.rows() || a.cols() != b.cols())
    throw ShapeError("eigencoder: cannot compare " + std::to_string(a.rows()) + " x " +
                     std::to_string(a.cols()) + " values with " + std::to_string(b.rows()) + " x " +
                     std::to_string(b.cols()));
  if (a.rows() == 0 || a.cols() == 0) throw DataError("eigencoder: there are no values to compare");
  std::vector<double> errors(static_cast<std::size_t>(a.cols()));
  for (Index j = 0; j < a.cols(); ++j)
    errors[static_cast<std::size_t>(j)] = SquaredError{}.value_and_gradient(
        a.column(j), b.column(j), static_cast<Scalar*>(nullptr), a.rows(), a.rows(), 1.0);
  return errors;
}

}  // namespace detail

/// The squared error of each sample (column), summed over its values. Throws `ShapeError` where the sizes
/// differ and `DataError` for empty sets.
template <class A, class B>
std::vector<double> squared_errors(const A& a, const B& b) {
  return detail::squared_errors(detail::view_of(a), detail::view_of(b));
}

/// The mean squared error per value (not per sample). Throws as `squared_errors`.
template <class A, class B>
double mean_squared_error(const A& a, const B& b) {
  double sum = 0;
  for (const double error : squared_errors(a, b)) sum += error;
  const auto compared = detail::view_of(a);
  return sum / static_cast<double>(compared.rows()) / static_cast<double>(compared.cols());
}

/// The peak signal-to-noise ratio in decibels, 10 log10(peak^2 / mse), of values that reach from 0 to
/// `peak`; infinite where the error is 0. Throws `DataError` for a negative error or a peak not above 0.
inline double psnr(double mse, double peak = 1) {
  if (!(mse >= 0)) throw DataError("eigencoder: psnr needs a mean squared error that is at least 0");
  if (!(peak > 0)) throw DataError("eigencoder: psnr needs a peak above 0");
  if (mse == 0) return std::numeric_limits<double>::infinity();
  return 20 * std::log10(peak) - 10 * std::log10(mse);
}

}  // namespace eigencoder
