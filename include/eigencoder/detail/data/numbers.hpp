#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <iterator>
#include <span>
#include <type_traits>
#include <vector>

/// @file
/// Lists of numbers, as functions of statistics take them, and their quantiles.
namespace eigencoder::detail {

/// The numbers of a `View`, of an Eigen vector, matrix, array or expression (column by column), or of a range such as
/// `std::vector` or `std::span`.
template <class Values>
std::vector<double> to_doubles(const Values& values) {
  std::vector<double> numbers;
  if constexpr (requires { values.matrix(); }) {
    const auto& stored = values.matrix().eval();
    numbers.reserve(static_cast<std::size_t>(stored.size()));
    for (Index j = 0; j < stored.cols(); ++j)
      for (Index i = 0; i < stored.rows(); ++i) numbers.push_back(static_cast<double>(stored(i, j)));
  } else if constexpr (requires { *std::begin(values); std::end(values); }) {
    static_assert(std::is_arithmetic_v<std::decay_t<decltype(*std::begin(values))>>,
                  "eigencoder: the elements of this range are not numbers");
    for (const auto& number : values) numbers.push_back(static_cast<double>(number));
  } else {
    static_assert(!sizeof(Values), "eigencoder: numbers are a View, an Eigen vector, or a range such as std::vector");
  }
  return numbers;
}

/// The value at a position from 0 to n - 1 of n finite values in ascending order, linearly interpolated.
template <class Scalar>
double interpolated_at(std::span<const Scalar> sorted, double position) {
  const auto below = static_cast<std::size_t>(position);
  const auto low = static_cast<double>(sorted[below]);
  if (below + 1 == sorted.size()) return low;
  return std::lerp(low, static_cast<double>(sorted[below + 1]), position - static_cast<double>(below));
}

/// The quantile at probability `q` of finite values in ascending order, by Hyndman & Fan's definition 7.
template <class Scalar>
double quantile_of_sorted(std::span<const Scalar> sorted, double q) {
  return interpolated_at(sorted, q * static_cast<double>(sorted.size() - 1));
}

}  // namespace eigencoder::detail
