#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <numeric>
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

/// Calls `visit(sample)` for each sample of a loader, in their order. @throws DataError for NaN or infinity in one
template <class Scalar, class Visit>
void for_each_sample(BatchLoader<Scalar>& loader, const char* what, const Visit& visit) {
  if (loader.size() == 0) throw DataError(message({what, ": no samples"}));
  constexpr std::size_t batch_size = 256;
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(loader.size()));
  std::iota(indices.begin(), indices.end(), std::uint32_t{0});
  const auto batch_from = [&](std::size_t first) {
    first = (std::min)(first, indices.size());
    return std::span<const std::uint32_t>(indices).subspan(first, (std::min)(batch_size, indices.size() - first));
  };
  for (std::size_t first = 0; first < indices.size(); first += batch_size) {
    const auto now = batch_from(first);
    const Batch<Scalar> batch = loader.fetch(now, batch_from(first + batch_size));
    for (std::size_t j = 0; j < now.size(); ++j) {
      const Scalar* sample = batch.input(static_cast<Index>(j));
      check_finite(sample, loader.rows(), static_cast<Index>(now[j]), loader.name());
      visit(sample);
    }
  }
}

}  // namespace eigencoder::detail
