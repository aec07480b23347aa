#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <vector>

/// @file
/// Passes over a data set to which a scaling is fitted. `what` names the function in error messages.
namespace eigencoder::detail {

[[noreturn, gnu::cold]] inline void throw_too_wide(std::size_t value, const char* what) {
  throw DataError(message({what, ": value ", value, " spans more than its scalar type can hold"}));
}

/// The smallest and the largest of each value of the samples.
/// @throws DataError for an empty set, NaN, infinity, and a range that the scalar cannot represent
template <class Scalar>
struct ValueBounds {
  std::vector<Scalar> low, high;

  ValueBounds(View<Scalar> samples, const char* what) {
    if (samples.rows() == 0) throw DataError(message({what, ": the samples have no values"}));
    check_rows(samples, samples.rows(), what);
    check_finite(samples, what);
    low.assign(samples.column(0), samples.column(0) + samples.rows());
    high = low;
    for (Index j = 1; j < samples.cols(); ++j) {
      const Scalar* column = samples.column(j);
      for (std::size_t i = 0; i < low.size(); ++i) {
        low[i] = column[i] < low[i] ? column[i] : low[i];
        high[i] = column[i] > high[i] ? column[i] : high[i];
      }
    }
    for (std::size_t i = 0; i < low.size(); ++i)
      if (!std::isfinite(high[i] - low[i])) throw_too_wide(i, what);
  }
};

/// Calls `visit(i, sorted)` for each value i of the samples, with that value of all samples in ascending order.
template <class Scalar, class Visit>
void for_each_sorted_value(View<Scalar> samples, const Visit& visit) {
  std::vector<Scalar> sorted(static_cast<std::size_t>(samples.cols()));
  for (Index i = 0; i < samples.rows(); ++i) {
    for (Index j = 0; j < samples.cols(); ++j) sorted[static_cast<std::size_t>(j)] = samples.column(j)[i];
    std::sort(sorted.begin(), sorted.end());
    visit(i, std::span<const Scalar>(sorted));
  }
}

/// Calls `visit(sample)` for each sample of a loader, in order.
/// @throws DataError for an empty set, NaN and infinity
template <class Scalar, class Visit>
void for_each_loaded_sample(BatchLoader<Scalar>& loader, const char* what, const Visit& visit) {
  if (loader.size() == 0) throw DataError(message({what, ": no samples"}));
  const std::vector<std::uint32_t> indices = iota(loader.size());
  for_each_run(indices, 256, [&](auto run, auto next) {
    const Batch<Scalar> batch = loader.fetch(run, next);
    for (std::size_t j = 0; j < run.size(); ++j) {
      const Scalar* sample = batch.input(static_cast<Index>(j));
      check_finite(sample, loader.rows(), static_cast<Index>(run[j]), loader.name());
      visit(sample);
    }
  });
}

}  // namespace eigencoder::detail
