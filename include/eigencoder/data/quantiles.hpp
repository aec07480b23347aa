#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <vector>

/// @file
/// Quantiles of lists of numbers. A list is a range of numbers (`std::vector`, `std::span`), an Eigen vector, matrix or
/// expression, or a `View`; of a matrix all values count.
namespace eigencoder {

/// The quantiles of n values at each of the probabilities, in the order of these. Of the sorted values x_0, ...,
/// x_(n-1) the quantile at q is x_h where h = (n - 1) q is whole, and linearly interpolated between the neighbors of h
/// elsewhere: definition 7 of Hyndman & Fan, "Sample quantiles in statistical packages" (1996), the default of NumPy
/// and R. So those at 0, 1/2 and 1 are the smallest value, the median and the largest value. O(n log n).
/// @throws DataError for no values, NaN or infinity
/// @throws OptionError for a probability outside [0, 1]
template <class Values>
std::vector<double> quantiles(const Values& values, const std::vector<double>& probabilities) {
  std::vector<double> sorted = detail::to_doubles(values);
  if (sorted.empty()) throw DataError("eigencoder: quantile: there are no values");
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (!std::isfinite(sorted[i]))
      throw DataError(detail::message({"quantile: value ", i, " is ", std::isnan(sorted[i]) ? "NaN" : "infinite"}));
  for (const double q : probabilities)
    if (!(q >= 0 && q <= 1)) throw OptionError("eigencoder: quantile: a probability must lie between 0 and 1");
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> found;
  found.reserve(probabilities.size());
  for (const double q : probabilities) found.push_back(detail::quantile_of_sorted(std::span<const double>(sorted), q));
  return found;
}

/// The quantile of the values at one probability, see `quantiles`. `quantile(scores, 0.99)` of the scores of normal
/// samples is a threshold that about one normal sample of a hundred exceeds.
/// @throws DataError for no values, NaN or infinity
/// @throws OptionError for a probability outside [0, 1]
template <class Values>
double quantile(const Values& values, double q) {
  return quantiles(values, {q}).front();
}

}  // namespace eigencoder
