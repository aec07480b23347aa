#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/data/running_statistics.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/unknown.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>
#include <span>
#include <vector>

/// @file
/// Passes over a data set to which a scaling is fitted. `what` names the function in error messages.
namespace eigencoder::detail {

/// @throws DataError for infinity, for NaN where it is refused, with the `remedy`, and where only unknown values are in
///         a sample
template <class Scalar>
void check_sample(const Scalar* sample, Index rows, Index index, Unknown unknown, const char* what,
                  const char* remedy = may_be_skipped) {
  if (unknown == Unknown::refused) check_finite(sample, rows, index, what, remedy);
  else check_known(sample, rows, index, what);
}
/// The same of a data set.
template <class Scalar>
void check_samples(View<Scalar> data, Unknown unknown, const char* what, const char* remedy = may_be_skipped) {
  if (unknown == Unknown::refused) check_finite(data, what, remedy);
  else check_known(data, what);
}

[[noreturn, gnu::cold]] inline void throw_too_wide(std::size_t value, const char* what) {
  throw DataError(message({what, ": value ", value, " spans more than its scalar type can hold"}));
}

/// The smallest and the largest of each value of the samples.
/// @throws DataError for an empty set, NaN (see `Unknown`), infinity, a value that is unknown in all samples, and a
///         range that the scalar cannot represent
template <class Scalar>
struct ValueBounds {
  std::vector<Scalar> low, high;

  ValueBounds(View<Scalar> samples, Unknown unknown, const char* what) {
    if (samples.rows() == 0) throw DataError(message({what, ": the samples have no values"}));
    check_rows(samples, samples.rows(), what);
    check_samples(samples, unknown, what);
    if (unknown == Unknown::skipped) check_known_values(samples, what);
    low.assign(samples.column(0), samples.column(0) + samples.rows());
    high = low;
    for (Index j = 1; j < samples.cols(); ++j) {
      const Scalar* column = samples.column(j);
      for (std::size_t i = 0; i < low.size(); ++i) {
        low[i] = column[i] < low[i] || std::isnan(low[i]) ? column[i] : low[i];
        high[i] = column[i] > high[i] || std::isnan(high[i]) ? column[i] : high[i];
      }
    }
    for (std::size_t i = 0; i < low.size(); ++i)
      if (!std::isfinite(high[i] - low[i])) throw_too_wide(i, what);
  }
};

/// Calls `visit(i, sorted)` for each value i of the samples, with that value of all samples where it is known, in
/// ascending order.
template <class Scalar, class Visit>
void for_each_sorted_value(View<Scalar> samples, const Visit& visit) {
  std::vector<Scalar> sorted;
  sorted.reserve(static_cast<std::size_t>(samples.cols()));
  for (Index i = 0; i < samples.rows(); ++i) {
    sorted.clear();
    for (Index j = 0; j < samples.cols(); ++j)
      if (const Scalar value = samples.column(j)[i]; !std::isnan(value)) sorted.push_back(value);
    std::sort(sorted.begin(), sorted.end());
    visit(i, std::span<const Scalar>(sorted));
  }
}

/// Calls `visit(sample)` for each sample of a loader, in order.
/// @throws DataError for an empty set, NaN (see `Unknown`) and infinity
template <class Scalar, class Visit>
void for_each_loaded_sample(BatchLoader<Scalar>& loader, Unknown unknown, const char* what, const Visit& visit) {
  if (loader.size() == 0) throw DataError(message({what, ": no samples"}));
  const std::vector<std::uint32_t> indices = iota(loader.size());
  for_each_run(indices, 256, [&](auto run, auto next) {
    const Batch<Scalar> batch = loader.fetch(run, next);
    for (std::size_t j = 0; j < run.size(); ++j) {
      const Scalar* sample = batch.input(static_cast<Index>(j));
      check_sample(sample, loader.rows(), static_cast<Index>(run[j]), unknown, loader.name());
      visit(sample);
    }
  });
}

/// All samples of a loader, or for each value 65536 of its known ones drawn at random, by a seed that is always the
/// same (see `Reservoir`): values x samples, NaN where there are fewer. Values of one column need not be of one sample.
/// @throws DataError for an empty set, NaN (see `Unknown`) and infinity
template <class Scalar>
MatrixX<Scalar> draw_samples(BatchLoader<Scalar>& loader, Unknown unknown, const char* what) {
  std::vector<Reservoir<Scalar>> reservoirs;
  for (Index i = 0; i < loader.rows(); ++i) reservoirs.emplace_back(3U, static_cast<std::uint32_t>(i));
  for_each_loaded_sample(loader, unknown, what, [&](const Scalar* sample) {
    for (std::size_t i = 0; i < reservoirs.size(); ++i)
      if (!std::isnan(sample[i])) reservoirs[i].add(sample[i]);
  });
  std::size_t most = 0;
  for (const auto& reservoir : reservoirs) most = (std::max)(most, reservoir.drawn().size());
  MatrixX<Scalar> drawn = MatrixX<Scalar>::Constant(loader.rows(), static_cast<Index>(most),
                                                    std::numeric_limits<Scalar>::quiet_NaN());
  for (Index i = 0; i < drawn.rows(); ++i) {
    const std::vector<Scalar>& numbers = reservoirs[static_cast<std::size_t>(i)].drawn();
    for (std::size_t k = 0; k < numbers.size(); ++k) drawn(i, static_cast<Index>(k)) = numbers[k];
  }
  return drawn;
}

}  // namespace eigencoder::detail
