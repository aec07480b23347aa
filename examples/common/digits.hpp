#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/data/dataset.hpp>

namespace examples {

/// Draws digits, 28 x 28 in one channel like MNIST's: white on black, values in [0, 1] in steps of 1/255. Digit i
/// depends on the seed and on i alone.
eigencoder::Dataset<float> draw_digits(eigencoder::Index count, std::uint64_t seed);

}  // namespace examples
