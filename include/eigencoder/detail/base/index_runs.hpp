#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// The largest number of samples: their indices are 32 bits wide.
inline constexpr Index max_sample_count = static_cast<Index>(
    (std::min<std::uint64_t>)((std::numeric_limits<std::uint32_t>::max)(), (std::numeric_limits<Index>::max)()));

/// @throws DataError for more samples than `max_sample_count`; `what` names the function and argument that got them
inline void require_countable(Index samples, const char* what) {
  if (samples > max_sample_count)
    throw DataError(message({what, ": ", samples, " samples, at most ", max_sample_count, " are allowed"}));
}

/// The indices 0, ..., count - 1.
inline std::vector<std::uint32_t> iota(Index count) {
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), std::uint32_t{0});
  return indices;
}

/// Calls `visit(run, next)` for runs of up to `length` indices, each with the run after it (empty after the last), as
/// `BatchLoader::fetch` takes them.
template <class Visit>
void for_each_run(std::span<const std::uint32_t> indices, std::size_t length, const Visit& visit) {
  const auto run = [&](std::size_t first) {
    first = (std::min)(first, indices.size());
    return indices.subspan(first, (std::min)(length, indices.size() - first));
  };
  for (std::size_t first = 0; first < indices.size(); first += length) visit(run(first), run(first + length));
}

}  // namespace eigencoder::detail
