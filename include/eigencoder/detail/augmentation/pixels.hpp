#pragma once

#include <eigencoder/extend/types.hpp>
#include <type_traits>

namespace eigencoder::detail {

/// Calls `run(channels)`, for gray and colored images with a constant: copying a pixel is then a few moves, not a
/// loop.
template <class Run>
void by_channels(Index channels, const Run& run) {
  if (channels == 1)
    run(std::integral_constant<Index, 1>());
  else if (channels == 3)
    run(std::integral_constant<Index, 3>());
  else
    run(channels);
}

}  // namespace eigencoder::detail
