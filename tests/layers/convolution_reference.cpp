#include "layers/convolution_reference.hpp"

#include "layers/image_index.hpp"

namespace eigencoder {
namespace {

// Zeros before a side, from the definition of Same: the fewest that suffice, the larger half of them at the end.
Index zeros_before(const WindowSide& side, Index n, Index positions) {
  if (!side.same) return side.before;
  Index missing = 0;
  while ((positions - 1) * side.stride + (side.kernel - 1) * side.dilation + 1 > n + missing) ++missing;
  return missing / 2;
}

// Calls `visit(large, small, weight)` for all products of a convolution: the indices of an input value, of an output
// value and of the weight between them.
template <class Visit>
void each_product(const Window& w, Shape large, Shape small, const Visit& visit) {
  const Index top = zeros_before(w.height, large.height, small.height);
  const Index left = zeros_before(w.width, large.width, small.width);
  const Index inputs = large.channels / w.groups, outputs = small.channels / w.groups;
  for (Index i = 0; i < small.height; ++i)
    for (Index j = 0; j < small.width; ++j)
      for (Index out = 0; out < small.channels; ++out)
        for (Index k = 0; k < w.height.kernel; ++k)
          for (Index l = 0; l < w.width.kernel; ++l)
            for (Index in = 0; in < inputs; ++in) {
              const Index row = i * w.height.stride + k * w.height.dilation - top;
              const Index col = j * w.width.stride + l * w.width.dilation - left;
              if (row < 0 || row >= large.height || col < 0 || col >= large.width) continue;
              const Index group = out / outputs;
              visit(at(large, row, col, group * inputs + in), at(small, i, j, out),
                    (((group * w.height.kernel + k) * w.width.kernel + l) * inputs + in) * outputs + out % outputs);
            }
}

}  // namespace

ConvolutionSums convolution_sums(const Window& window, Shape large_shape, Shape small_shape,
                                 const MatrixX<double>& weight, const MatrixX<double>& large,
                                 const MatrixX<double>& small) {
  ConvolutionSums sums{MatrixX<double>::Zero(small.rows(), small.cols()),
                       MatrixX<double>::Zero(large.rows(), large.cols()), MatrixX<double>::Zero(weight.size(), 1)};
  each_product(window, large_shape, small_shape, [&](Index of_large, Index of_small, Index of_weight) {
    for (Index j = 0; j < large.cols(); ++j) {
      sums.small(of_small, j) += weight(of_weight) * large(of_large, j);
      sums.large(of_large, j) += weight(of_weight) * small(of_small, j);
      sums.weight(of_weight) += large(of_large, j) * small(of_small, j);
    }
  });
  return sums;
}

}  // namespace eigencoder
