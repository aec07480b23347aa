#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/evaluation/evaluation.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/losses/squared_error.hpp>
#include <limits>
#include <type_traits>
#include <vector>

/// @file
/// How much two sets of samples differ. Each set may be a `View`, a stored Eigen matrix or a `Dataset`; both have the
/// same scalar.
namespace eigencoder {

/// The squared error of each sample (column), summed over its values.
/// @throws ShapeError where the sizes of the sets differ
/// @throws DataError for empty sets
template <class A, class B>
std::vector<double> squared_errors(const A& first, const B& second) {
  const View a(first);
  const decltype(View(first)) b(second);
  if (a.rows() != b.rows() || a.cols() != b.cols())
    throw ShapeError(detail::message({"cannot compare ", a.rows(), " x ", a.cols(), " values with ", b.rows(), " x ",
                                      b.cols()}));
  if (a.rows() == 0 || a.cols() == 0) throw DataError("eigencoder: there are no values to compare");
  using Scalar = std::remove_cvref_t<decltype(*a.data())>;
  std::vector<double> errors(static_cast<std::size_t>(a.cols()));
  for (Index j = 0; j < a.cols(); ++j)
    errors[static_cast<std::size_t>(j)] = SquaredError{}.value_and_gradient(
        a.column(j), b.column(j), static_cast<Scalar*>(nullptr), a.rows(), a.rows(), 1.0);
  return errors;
}

/// The mean squared error per value (not per sample).
/// @throws ShapeError, DataError as `squared_errors` does
template <class A, class B>
double mean_squared_error(const A& first, const B& second) {
  double sum = 0;
  for (const double error : squared_errors(first, second)) sum += error;
  const View compared(first);
  return sum / static_cast<double>(compared.rows()) / static_cast<double>(compared.cols());
}

}  // namespace eigencoder
