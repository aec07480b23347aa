#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace eigencoder {

/// The indices of a data set's samples in two parts, each index in one of them, in ascending order.
struct Split {
  std::vector<Index> train;  ///< to fit models
  std::vector<Index> test;   ///< to evaluate them
};

/// Draws round(held_out_fraction * count) of `count` samples, without replacement, as the test part. The same arguments
/// give the same parts on every machine.
/// @throws OptionError unless 0 < held_out_fraction < 1
/// @throws DataError where a part would be empty, or count is 2^32 or more
[[gnu::cold]] inline Split split(Index count, double held_out_fraction, std::uint64_t seed) {
  if (!(held_out_fraction > 0 && held_out_fraction < 1))
    throw OptionError("eigencoder: split: held_out_fraction must lie between 0 and 1");
  if (count < 0) throw DataError(detail::message({"split: cannot split ", count, " samples"}));
  detail::require_countable(count, "split");
  const auto held_out = static_cast<Index>((std::round)(held_out_fraction * static_cast<double>(count)));
  if (held_out == 0 || held_out == count)
    throw DataError(detail::message({"split: a part of ", count, " samples would be empty"}));

  const auto n = static_cast<std::size_t>(count);
  std::vector<Index> order(n);
  std::iota(order.begin(), order.end(), Index{0});
  Random random(seed, Purpose::split);
  shuffle(std::span(order), random);

  std::vector<bool> in_test(n);
  for (std::size_t i = 0; i < static_cast<std::size_t>(held_out); ++i)
    in_test[static_cast<std::size_t>(order[i])] = true;
  Split parts;
  for (std::size_t i = 0; i < n; ++i)
    (in_test[i] ? parts.test : parts.train).push_back(static_cast<Index>(i));
  return parts;
}

/// The samples of these indices, in this order; an index may come twice.
/// @throws OptionError where there is no sample of an index
template <class Scalar>
MatrixX<Scalar> take(View<Scalar> samples, std::span<const Index> indices) {
  for (const Index j : indices)
    if (j < 0 || j >= samples.cols())
      throw OptionError(
          detail::message({"take: there is no sample ", j, " in a set of ", samples.cols(), " (counted from 0)"}));
  MatrixX<Scalar> taken(samples.rows(), static_cast<Index>(indices.size()));
  for (Index k = 0; k < taken.cols(); ++k) {
    const Scalar* from = samples.column(indices[static_cast<std::size_t>(k)]);
    Scalar* to = taken.col(k).data();
    for (Index i = 0; i < taken.rows(); ++i) to[i] = from[i];
  }
  return taken;
}

/// The same of an Eigen matrix.
template <class Derived>
MatrixX<typename Derived::Scalar> take(const Eigen::MatrixBase<Derived>& samples,
                                       std::span<const Index> indices) {
  return take(View<typename Derived::Scalar>(samples), indices);
}

/// The same of a data set, with names and labels, but without the report of skipped files.
template <class Scalar>
Dataset<Scalar> take(const Dataset<Scalar>& data, std::span<const Index> indices) {
  Dataset<Scalar> taken{take(View<Scalar>(data.samples), indices), data.shape, {}, {}, {}};
  for (const Index j : indices) {
    const auto index = static_cast<std::size_t>(j);
    if (!data.names.empty()) taken.names.push_back(data.names.at(index));
    if (!data.labels.empty()) taken.labels.push_back(data.labels.at(index));
  }
  return taken;
}

}  // namespace eigencoder
