#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <numeric>
#include <span>
#include <vector>

namespace eigencoder::detail {

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
