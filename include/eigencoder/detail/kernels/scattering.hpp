#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/detail/kernels/convolution.hpp>
#include <eigencoder/detail/kernels/lanes.hpp>
#include <eigencoder/detail/kernels/padded_images.hpp>
#include <eigencoder/detail/kernels/tap_line.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>

namespace eigencoder::detail {

/// The adjoint of a convolution by its definition: what each place of the window gives is added where it read. For
/// images of so few channels that a product for each of them would leave registers empty. Throws `OptionError` for
/// padding that no memory holds.
template <class Scalar>
void scatter(const Convolution& of, const Scalar* weight, Range samples, const Scalar* y, Scalar* x,
             KernelScratch<Scalar>& scratch) {
  const TapLine down = TapLine::forward(of.window.height, of.in.height);
  const TapLine right = TapLine::forward(of.window.width, of.in.width);
  const Rectangle all{std::min<Index>(0, down.read_from(0)), (std::max)(of.in.height, down.read_to(down.places)),
                      std::min<Index>(0, right.read_from(0)), (std::max)(of.in.width, right.read_to(right.places))};
  const Index size = image_values<Scalar>(all.bottom - all.top, all.right - all.left, of.inputs(), 1);
  const Index row = (all.right - all.left) * of.inputs();
  const Index run = right.count * of.inputs(), apart = (right.count - 1) / right.reach + 1;
  Scalar* const sum = scratch.images.ensure_size(size + of.patch() * right.places);
  Scalar* const patches = sum + size;
  BlockProduct<Scalar> product(of.patch(), of.channels,
                               scratch.panels.ensure_size(BlockProduct<Scalar>::room(of.patch(), of.channels)));
  product.lay_out({weight, of.channels, true}, 0, of.channels);
  y += samples.first * down.places * right.places * of.channels;
  x += samples.first * of.in.values();
  for (Index sample = 0; sample < samples.count; ++sample) {
    std::fill_n(sum, size, Scalar(0));
    for (Index q = 0; q < down.places; ++q, y += right.places * of.channels) {
      product.multiply({y, 1, of.channels, of.channels}, right.places, patches, of.patch(), false);
      for (Index tap = 0; tap < down.count; ++tap) {
        Scalar* const to = sum + (down.read_from(q) + tap * down.gap - all.top) * row - all.left * of.inputs();
        // Not one behind the other where they overlap: what has just been written is slow to read.
        for (Index first = 0; first < apart; ++first)
          for (Index place = first; place < right.places; place += apart)
            add_lanes(patches + place * of.patch() + tap * run, run, Scalar(1),
                      to + right.read_from(place) * of.inputs());
      }
    }
    const Index width = of.in.width * of.inputs();
    for (Index i = 0; i < of.in.height; ++i, x += width)
      std::copy_n(sum + (i - all.top) * row - all.left * of.inputs(), width, x);
  }
}

}  // namespace eigencoder::detail
