#pragma once

#include <eigencoder/data/dataset.hpp>
#include <string>

namespace examples {

/// An image in gray from a binary PGM file of one byte a pixel, as a set of one sample with values in [0, 1].
/// Source: the manual page of Netpbm, pgm(5), format P5.
/// @throws eigencoder::FileError naming the file where it cannot be read, is no such file, or is cut off
eigencoder::Dataset<float> read_pgm(const std::string& file);

}  // namespace examples
