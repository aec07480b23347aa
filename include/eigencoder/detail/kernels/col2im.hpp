#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/detail/kernels/convolution.hpp>
#include <eigencoder/detail/kernels/convolution_axis.hpp>
#include <eigencoder/detail/kernels/padded_images.hpp>
#include <eigencoder/detail/kernels/simd.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// x = A^T y for a convolution A, by col2im: one product gives the patch of x at each window position, and the patches
/// are added up where they overlap. For images of few channels: there the patches make one large product, while
/// `ImplicitGemm` would make a small one for every tap.
/// @throws OptionError if the padded image is more than memory can hold.
template <class Scalar>
void col2im(const Convolution& convolution, const Scalar* weight, Range samples, const Scalar* y, Scalar* x,
            KernelScratch<Scalar>& scratch) {
  const Shape in = convolution.in;
  const Index inputs = convolution.inputs(), patch = convolution.patch(), channels = convolution.channels;
  const ConvolutionAxis vertical = ConvolutionAxis::forward(convolution.window.height, in.height);
  const ConvolutionAxis horizontal = ConvolutionAxis::forward(convolution.window.width, in.width);
  const Rectangle padded{std::min<Index>(0, vertical.read_begin(0)),
                         (std::max)(in.height, vertical.read_end(vertical.outputs)),
                         std::min<Index>(0, horizontal.read_begin(0)),
                         (std::max)(in.width, horizontal.read_end(horizontal.outputs))};
  const Index size = image_values<Scalar>(padded.bottom - padded.top, padded.right - padded.left, inputs, 1);
  const Index row_stride = (padded.right - padded.left) * inputs;
  const Index run = horizontal.taps * inputs;
  const Index step = (horizontal.taps - 1) / horizontal.stride + 1;  // from a patch to the next one disjoint from it
  Scalar* const sum = scratch.images.ensure_size(size + patch * horizontal.outputs);
  Scalar* const patches = sum + size;
  BlockProduct<Scalar> product(patch, channels,
                               scratch.panels.ensure_size(BlockProduct<Scalar>::packed_size(patch, channels)));
  product.pack({weight, channels, true}, 0, channels);
  y += samples.first * vertical.outputs * horizontal.outputs * channels;
  x += samples.first * in.values();
  for (Index sample = 0; sample < samples.count; ++sample) {
    std::fill_n(sum, size, Scalar(0));
    for (Index q = 0; q < vertical.outputs; ++q, y += horizontal.outputs * channels) {
      product.multiply({y, 1, channels, channels}, horizontal.outputs, patches, patch, false);
      for (Index tap = 0; tap < vertical.taps; ++tap) {
        Scalar* const to = sum + (vertical.read_begin(q) + tap * vertical.dilation - padded.top) * row_stride -
                           padded.left * inputs;
        // Overlapping patches are not added one after the other: reading what was just written stalls.
        for (Index first = 0; first < step; ++first)
          for (Index position = first; position < horizontal.outputs; position += step)
            axpy(Scalar(1), patches + position * patch + tap * run, run,
                 to + horizontal.read_begin(position) * inputs);
      }
    }
    const Index width = in.width * inputs;
    for (Index i = 0; i < in.height; ++i, x += width)
      std::copy_n(sum + (i - padded.top) * row_stride - padded.left * inputs, width, x);
  }
}

}  // namespace eigencoder::detail
