#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/data/dataset.hpp>

namespace examples {

/// Draws creatures in pixel art on white, `height` x `width` in three channels, values in [0, 1] in
/// steps of 1/255. Each mirrors itself about its vertical axis. Creature i depends on the seed and on i
/// alone, so a larger set begins with the smaller one.
/// @throws eigencoder::OptionError unless count >= 0, height > 0 and width > 0
eigencoder::Dataset<float> draw_creatures(eigencoder::Index count, std::uint64_t seed, eigencoder::Index height = 40,
                                          eigencoder::Index width = 40);

}  // namespace examples
