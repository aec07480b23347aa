#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <numeric>
#include <span>
#include <vector>

namespace eigencoder {

/// How `AnomalyDetector::fit` divides `count` samples in memory, or of a loader that gives them in any order: `train`
/// are those from which scaling, models and scores learn, `test` those that are held back for the threshold. Samples of
/// the weight 0 are not counted.
/// @param seed  that of `FitOptions`
/// @throws DataError for less than two samples, or 2^32 or more
/// @throws OptionError for an option outside its range
inline Split calibration_split(Index count, const DetectorOptions& options, std::uint64_t seed) {
  options.validate();
  if (count < 2)
    throw DataError(detail::message({"calibration_split: ", count,
                                     " samples; expected at least two, one to train on and one held back"}));
  detail::require_countable(count, "calibration_split");
  const auto wanted = static_cast<Index>((std::round)(options.calibration * static_cast<double>(count)));
  const Index held_back = std::clamp<Index>((std::min)(wanted, options.reference), 1, count - 1);
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  Random random(seed, Purpose::split, 1);
  shuffle(std::span(order), random);
  const auto first = order.end() - held_back;
  Split parts{.train = {order.begin(), first}, .test = {first, order.end()}};
  std::sort(parts.train.begin(), parts.train.end());
  std::sort(parts.test.begin(), parts.test.end());
  return parts;
}

}  // namespace eigencoder
