#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

/// @file
/// Heat maps: a number for each pixel of an image, and pictures of these.
namespace examples {

/// The sum of each pixel's values, such as contributions to a score: pixels x samples.
eigencoder::MatrixX<double> pixel_heat(const eigencoder::MatrixX<double>& contributions, eigencoder::Index channels);

/// Heat in color over the images in pale gray, in three channels: from none over yellow, at a quarter of `hottest`, to
/// red, at `hottest` and above.
/// @param images  one a column, of `shape`, with three channels
/// @param heat    pixels x images
/// @throws ShapeError where the sizes do not fit
eigencoder::MatrixX<float> heat_overlay(eigencoder::View<float> images, const eigencoder::Shape& shape,
                                        const eigencoder::MatrixX<double>& heat, double hottest);

/// Masks as pictures in three channels: black where the mask is 1, else light gray.
eigencoder::MatrixX<float> mask_pictures(const eigencoder::MatrixX<float>& masks);

}  // namespace examples
