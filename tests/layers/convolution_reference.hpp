#pragma once

#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/window.hpp>

namespace eigencoder {

// What a convolution, its adjoint and its gradient sum up.
struct ConvolutionSums {
  MatrixX<double> small;   // the output of the images `large`
  MatrixX<double> large;   // the adjoint of the images `small`
  MatrixX<double> weight;  // the gradient of both
};

// These sums from the definition of a convolution that makes `small` images of `large` ones. Weights are groups x kernel
// rows x kernel columns x inputs x outputs of a group, the last fastest.
ConvolutionSums convolution_sums(const Window& window, Shape large_shape, Shape small_shape,
                                 const MatrixX<double>& weight, const MatrixX<double>& large,
                                 const MatrixX<double>& small);

}  // namespace eigencoder
