#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

namespace examples {

/// Images whose erased values are those of the membrane over the hole: each is the mean of its neighbors above, below,
/// left and right (the discrete Laplace equation), where known values do not change and images are mirrored at their
/// border. It is found by successive over-relaxation until no value changes by more than 1e-5. A channel without known
/// values becomes 0.5.
/// Source: Pérez, Gangnet & Blake, "Poisson image editing" (2003), eq. 2, membrane interpolation; Young, "Iterative
/// methods for solving partial difference equations of elliptic type" (1954), for the relaxation.
/// @param images  one a column, of `shape`
/// @param mask    1 for each erased value, else 0
/// @throws ShapeError where the sizes do not fit
eigencoder::MatrixX<float> diffused(eigencoder::View<float> images, eigencoder::View<float> mask,
                                    const eigencoder::Shape& shape);

}  // namespace examples
