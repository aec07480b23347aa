#pragma once

#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include "options.hpp"

/// @file
/// Images of another kind than sprites, at the same size and with as many channels, to test whether a detector finds
/// them odd.
namespace examples {

/// Digits, each in one color on white, in the middle: MNIST's test digits where `$EIGENCODER_DATA/mnist` has them, or
/// else drawn ones. The colors are those of pixels of `sprites`, so that color does not give them away.
/// @param count    at most
/// @param sprites  images with three channels
eigencoder::Dataset<float> foreign_digits(eigencoder::Index count, const eigencoder::Dataset<float>& sprites,
                                          std::uint64_t seed);

/// Photos of faces in gray, fitted in over white: those of `$EIGENCODER_DATA/faces/orl_faces`, evenly chosen, or none.
/// @param shape  of an image, with three channels
eigencoder::Dataset<float> foreign_faces(eigencoder::Index count, const eigencoder::Shape& shape);

}  // namespace examples
