#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace eigencoder {

/// Places of samples in a set, each in exactly one part, in ascending order.
struct Split {
  std::vector<Index> train;
  std::vector<Index> test;
};

/// Holds out round(held_out_fraction * count) of `count` samples, drawn without replacement; the same
/// arguments give the same parts everywhere.
/// @throws OptionError unless 0 < held_out_fraction < 1
/// @throws DataError where a part would be empty, or count is 2^32 or more
[[gnu::cold]] inline Split split(Index count, double held_out_fraction, std::uint64_t seed) {
  if (!(held_out_fraction > 0 && held_out_fraction < 1))
    throw OptionError("eigencoder: split: held_out_fraction has to lie between 0 and 1");
  if (count < 0 || static_cast<std::uint64_t>(count) > (std::numeric_limits<std::uint32_t>::max)())
    throw DataError(detail::message({"split: cannot split ", count, " samples"}));
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

/// The samples at the given places, in that order; a place may come twice.
/// @throws OptionError where a place is not one of the set
template <class Scalar>
MatrixX<Scalar> take(View<Scalar> samples, std::span<const Index> places) {
  for (const Index j : places)
    if (j < 0 || j >= samples.cols())
      throw OptionError(
          detail::message({"take: there is no sample ", j, " in a set of ", samples.cols(), " (counted from 0)"}));
  MatrixX<Scalar> taken(samples.rows(), static_cast<Index>(places.size()));
  for (Index k = 0; k < taken.cols(); ++k) {
    const Scalar* from = samples.column(places[static_cast<std::size_t>(k)]);
    Scalar* to = taken.col(k).data();
    for (Index i = 0; i < taken.rows(); ++i) to[i] = from[i];
  }
  return taken;
}

/// The same of an Eigen matrix.
template <class Derived>
MatrixX<typename Derived::Scalar> take(const Eigen::MatrixBase<Derived>& samples,
                                       std::span<const Index> places) {
  return take(View<typename Derived::Scalar>(samples), places);
}

/// The same of a data set, with names and labels; the report of skipped files stays behind.
template <class Scalar>
Dataset<Scalar> take(const Dataset<Scalar>& data, std::span<const Index> places) {
  Dataset<Scalar> taken{take(View<Scalar>(data.samples), places), data.shape, {}, {}, {}};
  for (const Index j : places) {
    const auto place = static_cast<std::size_t>(j);
    if (!data.names.empty()) taken.names.push_back(data.names.at(place));
    if (!data.labels.empty()) taken.labels.push_back(data.labels.at(place));
  }
  return taken;
}

}  // namespace eigencoder
