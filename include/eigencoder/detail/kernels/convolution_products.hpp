#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/detail/kernels/convolution.hpp>
#include <eigencoder/detail/kernels/simd.hpp>
#include <eigencoder/extend/workspace.hpp>

/// @file
/// A convolution and its adjoint as matrix products: of the weight with patches that are read in place, and, for the
/// adjoint where channels are few, with patches that are added to the image afterwards.
namespace eigencoder::detail {

/// A convolution, or its adjoint, as products of the weight with the input images. Patches are never copied out
/// (im2col): the product reads the images through a list of offsets, so memory and traffic stay those of the images.
/// After Dukhan, "The indirect convolution algorithm" (2019).
template <class Scalar>
class ImplicitGemm {
 public:
  ImplicitGemm(const Convolution& convolution, const Scalar* weight, bool adjoint)
      : convolution_(convolution),
        weight_(weight),
        adjoint_(adjoint),
        out_(adjoint ? convolution.in : convolution.output()),
        in_channels_((adjoint ? convolution.output() : convolution.in).channels) {}

  /// Computes y at the outputs of both axes, on a range of lines of a range of samples.
  void multiply(const ConvolutionAxis& vertical, const ConvolutionAxis& horizontal, const PaddedImages<Scalar>& images,
                Range samples, Range lines, Scalar* y, KernelScratch<Scalar>& scratch) const {
    lines.count = std::max<Index>(0, (std::min)(lines.count, vertical.outputs - lines.first));
    y += ((samples.first * out_.height + vertical.first) * out_.width + horizontal.first) * out_.channels;
    if (vertical.taps * horizontal.taps == 0) return clear(vertical, horizontal, samples.count, lines, y);
    // Taps side by side are one contiguous run if their channels are.
    const Index groups = convolution_.window.groups;
    const Index inputs = in_channels_ / groups, outputs = out_.channels / groups;
    const bool together = horizontal.dilation == 1 && groups == 1 && horizontal.taps * inputs <= max_depth;
    const Index run_taps = together ? horizontal.taps : 1, across = horizontal.taps / run_taps;
    const Index runs = vertical.taps * across;
    Index* const begins = scratch.begins.ensure_size(runs);
    for (Index i = 0; i < runs; ++i)
      begins[i] =
          i / across * vertical.dilation * images.row_stride() + i % across * horizontal.dilation * in_channels_;
    const Index block_runs = std::max<Index>(1, max_depth / (run_taps * inputs));
    for (Index group = 0; group < groups; ++group)
      for (Index row = 0; row < outputs; row += Product::max_rows)
        for (Index i = 0; i < runs; i += block_runs) {
          const Index count = (std::min)(block_runs, runs - i);
          const Product product =
              pack_weight(vertical, horizontal, group, {row, (std::min)(Product::max_rows, outputs - row)},
                          {i * run_taps, count * run_taps}, scratch);
          for (Index sample = 0; sample < samples.count; ++sample)
            for (Index line = lines.first; line < lines.first + lines.count; ++line) {
              const Scalar* const x =
                  images.pixel(vertical.read_begin(line), horizontal.read_begin(0)) + group * inputs;
              const SegmentedView<Scalar> b{x + sample * images.sample_stride(), 1, horizontal.stride * in_channels_,
                                   run_taps * inputs, count, begins + i};
              Scalar* const to = line_begin(y, vertical, sample, line) + group * outputs + row;
              product.multiply(b, horizontal.outputs, to, horizontal.step * out_.channels, i > 0);
            }
        }
  }

 private:
  using Product = BlockProduct<Scalar>;
  static constexpr Index max_depth = 512;  // of a block of the weight; a tap is never split

  Scalar* line_begin(Scalar* y, const ConvolutionAxis& vertical, Index sample, Index line) const {
    return y + (sample * out_.height + line * vertical.step) * out_.width * out_.channels;
  }
  /// Writes zeros: no tap reads a value.
  void clear(const ConvolutionAxis& vertical, const ConvolutionAxis& horizontal, Index samples, Range lines,
             Scalar* y) const {
    for (Index sample = 0; sample < samples; ++sample)
      for (Index line = lines.first; line < lines.first + lines.count; ++line)
        for (Index position = 0; position < horizontal.outputs; ++position)
          std::fill_n(line_begin(y, vertical, sample, line) + position * horizontal.step * out_.channels,
                      out_.channels, Scalar(0));
  }
  /// Packs rows of a group's weight, outputs x inputs or transposed, for a range of taps.
  Product pack_weight(const ConvolutionAxis& vertical, const ConvolutionAxis& horizontal, Index group, Range rows,
                      Range taps, KernelScratch<Scalar>& scratch) const {
    const Index inputs = in_channels_ / convolution_.window.groups, depth = taps.count * inputs;
    Product product(rows.count, depth, scratch.panels.ensure_size(Product::packed_size(rows.count, depth)));
    for (Index tap = taps.first; tap < taps.first + taps.count; ++tap) {
      const Index row = vertical.tap + tap / horizontal.taps * vertical.tap_step;
      const Index col = horizontal.tap + tap % horizontal.taps * horizontal.tap_step;
      const Index index =
          (group * convolution_.window.height.kernel + row) * convolution_.window.width.kernel + col;
      const MatrixView<Scalar> weight{weight_ + index * convolution_.inputs() * convolution_.outputs(),
                                  convolution_.outputs(), adjoint_};
      product.pack(weight.from(rows.first, 0), (tap - taps.first) * inputs, inputs);
    }
    return product;
  }

  const Convolution& convolution_;
  const Scalar* weight_;
  bool adjoint_;
  Shape out_;
  Index in_channels_;
};

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
