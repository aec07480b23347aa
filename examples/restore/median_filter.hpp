#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

namespace examples {

/// Images each of whose values is the median of the 3 x 3 pixels around it, in each channel of its own; pixels at the
/// border are repeated beyond it.
/// Source: Gonzalez & Woods, "Digital image processing" (4th edition, 2018), section 3.5, median filters.
/// @throws ShapeError where the images do not have `shape`
eigencoder::MatrixX<float> median_filtered(eigencoder::View<float> images, const eigencoder::Shape& shape);

}  // namespace examples
