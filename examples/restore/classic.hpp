#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include "task.hpp"

/// @file
/// How each task is done without a network, for comparison.
namespace examples {

/// Images restored by the task's classic method, values in [0, 1], one image a column:
///
/// - colorize: the mean color of the training pixels that are as gray, see `MeanColors`
/// - inpaint: the values around a hole, spread over it, see `diffused`
/// - watermark: the median of 3 x 3 pixels, see `median_filtered`
/// - upscale: the damaged images as they are, which were enlarged bicubically
/// - deblur: unsharp masking by the values best on training images, see `best_sharpening`
///
/// @param training_clean    images to learn from; 500 of them, spread evenly, choose the values of unsharp masking
/// @param training_damaged  the same images, damaged
/// @param damaged           images to restore
/// @param mask              1 for each erased value; used by inpaint alone
/// @param shape             of an image, with three channels
/// @throws ShapeError where the sizes do not fit
/// @throws DataError without training images where there is something to learn
eigencoder::MatrixX<float> classic(Task task, eigencoder::View<float> training_clean,
                                   eigencoder::View<float> training_damaged, eigencoder::View<float> damaged,
                                   eigencoder::View<float> mask, const eigencoder::Shape& shape);

/// The method's name in tables, such as "the 3 x 3 median".
std::string classic_name(Task task);

}  // namespace examples
