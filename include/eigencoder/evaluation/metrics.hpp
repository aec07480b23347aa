#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/losses/regression.hpp>
#include <limits>
#include <type_traits>
#include <vector>

/// @file
/// How well samples are reconstructed: by a model, and how much two sets of samples differ. Each of these sets may be a
/// `View`, a stored Eigen matrix or a `Dataset`; both have the same scalar.
namespace eigencoder {

/// The peak signal-to-noise ratio in decibels, 10 log10(peak^2 / mse), of values from 0 to `peak`; infinite where the
/// error is 0.
/// @throws DataError for a negative error or NaN, or a peak that is not above 0
inline double psnr(double mse, double peak = 1) {
  if (!(mse >= 0)) throw DataError("eigencoder: psnr needs a mean squared error that is at least 0");
  if (!(peak > 0)) throw DataError("eigencoder: psnr needs a peak above 0");
  if (mse == 0) return std::numeric_limits<double>::infinity();
  return 20 * std::log10(peak) - 10 * std::log10(mse);
}

/// How well a model reconstructs samples, in inference: with clean inputs, running statistics, and no dropout.
struct Evaluation {
  Index samples = 0;        ///< the number of samples
  double loss = 0;          ///< mean per sample, without penalties
  double mse = 0;           ///< mean squared error per value, of the reconstruction (`Loss::to_mean` of the output)
  double psnr = 0;          ///< 10 log10(1 / mse), in decibels, for values from 0 to 1
  /// Those of the bottleneck, such as the KL divergence in nats, and what the loss reports: means per sample.
  std::vector<Term> terms;

  /// The loss plus the bottleneck's terms in the objective, at their full weight. For a variational model this is a
  /// little below the negative evidence lower bound, since the loss is that of the mean code; a `log_likelihood` with
  /// one draw estimates the bound itself.
  double objective() const {
    double sum = loss;
    for (const Term& term : terms) sum += term.in_objective ? term.value : 0;
    return sum;
  }
};

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
