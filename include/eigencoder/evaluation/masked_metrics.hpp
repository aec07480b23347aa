#pragma once

#include <cstddef>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/evaluation/chosen_error.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// How much two sets of samples differ where a mask is not 0, such as in the hole that `erased_mask` marks. Each of the
/// sets and the mask may be a `View`, a stored Eigen matrix or a `Dataset`; all have the same scalar and sizes.
namespace eigencoder {

/// The mean squared error per value, over all values of all samples where the mask is not 0.
/// @throws ShapeError where the sizes differ
/// @throws DataError where the mask is 0 everywhere, or holds NaN or infinity
template <class A, class B, class M>
double mean_squared_error(const A& first, const B& second, const M& mask) {
  const View a(first);
  const decltype(View(first)) b(second), chosen(mask);
  for (const auto& set : {b, chosen})
    if (a.rows() != set.rows() || a.cols() != set.cols())
      throw ShapeError(detail::message(
          {"cannot compare ", a.rows(), " x ", a.cols(), " values with ", set.rows(), " x ", set.cols()}));
  detail::check_finite(chosen, "mean_squared_error: the mask");
  std::vector<detail::ChosenError> errors(static_cast<std::size_t>(a.cols()));
  detail::parallel_tiles(a.cols(), 16, threads(), [&](Index begin, Index count, int) {
    for (Index j = begin; j < begin + count; ++j)
      errors[static_cast<std::size_t>(j)] = detail::chosen_error(a.column(j), b.column(j), chosen.column(j), a.rows());
  });
  detail::ChosenError all;
  for (const detail::ChosenError& error : errors) {
    all.sum += error.sum;
    all.count += error.count;
  }
  if (all.count == 0) throw DataError("eigencoder: the mask chooses no value to compare");
  return all.sum / static_cast<double>(all.count);
}

/// The peak signal-to-noise ratio in decibels, of values from 0 to `peak`, by the mean squared error of all values of
/// all samples where the mask is not 0.
/// @throws ShapeError, DataError as `mean_squared_error` and `psnr` do
template <class A, class B, class M>
double psnr(const A& first, const B& second, const M& mask, double peak = 1) {
  return psnr(mean_squared_error(first, second, mask), peak);
}

}  // namespace eigencoder
