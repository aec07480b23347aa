#pragma once

#include <algorithm>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/detail/kernels/convolution.hpp>
#include <eigencoder/detail/kernels/padded_images.hpp>
#include <eigencoder/detail/kernels/tap_line.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>

namespace eigencoder::detail {

/// A convolution, or its adjoint, as products of the weight with the images that enter. No patch is ever written out:
/// the kernel of the product walks through the images. After Dukhan, "The indirect convolution algorithm" (2019).
template <class Scalar>
class Correlation {
 public:
  Correlation(const Convolution& of, const Scalar* weight, bool adjoint)
      : of_(of), weight_(weight), adjoint_(adjoint), to_(adjoint ? of.in : of.output()) {
    from_ = (adjoint ? of.output() : of.in).channels;
  }

  /// Some lines of samples `samples` of y, at the values that `down` and `right` tell, from the images that enter.
  void values(const TapLine& down, const TapLine& right, const PaddedImages<Scalar>& images, Range samples, Range lines,
              Scalar* y, KernelScratch<Scalar>& scratch) const {
    lines.count = std::max<Index>(0, (std::min)(lines.count, down.places - lines.first));
    y += ((samples.first * to_.height + down.first) * to_.width + right.first) * to_.channels;
    if (down.count * right.count == 0) return clear(down, right, samples.count, lines, y);
    // Taps side by side are one stretch where their channels are.
    const Index entering = from_ / of_.window.groups, leaving = to_.channels / of_.window.groups;
    const bool together = right.gap == 1 && of_.window.groups == 1 && right.count * entering <= max_depth;
    const Index taps = together ? right.count : 1, across = right.count / taps, stretches = down.count * across;
    Index* const begins = scratch.begins.ensure_size(stretches);
    for (Index i = 0; i < stretches; ++i)
      begins[i] = i / across * down.gap * images.row_stride() + i % across * right.gap * from_;
    const Index at_once = std::max<Index>(1, max_depth / (taps * entering));
    for (Index group = 0; group < of_.window.groups; ++group)
      for (Index row = 0; row < leaving; row += Product::max_rows)
        for (Index i = 0; i < stretches; i += at_once) {
          const Index count = (std::min)(at_once, stretches - i);
          const Product product = weights(down, right, group, {row, (std::min)(Product::max_rows, leaving - row)},
                                          {i * taps, count * taps}, scratch);
          for (Index sample = 0; sample < samples.count; ++sample)
            for (Index line = lines.first; line < lines.first + lines.count; ++line) {
              const Scalar* const x = images.at(down.read_from(line), right.read_from(0)) + group * entering;
              const Walk<Scalar> b{x + sample * images.sample_stride(), 1, right.reach * from_, taps * entering, count,
                                   begins + i};
              Scalar* const to = at(y, down, sample, line) + group * leaving + row;
              product.multiply(b, right.places, to, right.step * to_.channels, i > 0);
            }
        }
  }

 private:
  using Product = BlockProduct<Scalar>;
  static constexpr Index max_depth = 512;  // of a block of the weight; a tap is never cut

  Scalar* at(Scalar* y, const TapLine& down, Index sample, Index line) const {
    return y + (sample * to_.height + line * down.step) * to_.width * to_.channels;
  }
  /// Zeros where no tap reads anything.
  void clear(const TapLine& down, const TapLine& right, Index samples, Range lines, Scalar* y) const {
    for (Index sample = 0; sample < samples; ++sample)
      for (Index line = lines.first; line < lines.first + lines.count; ++line)
        for (Index place = 0; place < right.places; ++place)
          std::fill_n(at(y, down, sample, line) + place * right.step * to_.channels, to_.channels, Scalar(0));
  }
  /// These rows of the weight of a group, outputs x inputs or transposed, its taps behind each other.
  Product weights(const TapLine& down, const TapLine& right, Index group, Range rows, Range taps,
                  KernelScratch<Scalar>& scratch) const {
    const Index entering = from_ / of_.window.groups, depth = taps.count * entering;
    Product product(rows.count, depth, scratch.panels.ensure_size(Product::room(rows.count, depth)));
    for (Index tap = taps.first; tap < taps.first + taps.count; ++tap) {
      const Index row = down.tap + tap / right.count * down.tap_step;
      const Index col = right.tap + tap % right.count * right.tap_step;
      const Index place = (group * of_.window.height.kernel + row) * of_.window.width.kernel + col;
      const Factor<Scalar> weight{weight_ + place * of_.inputs() * of_.outputs(), of_.outputs(), adjoint_};
      product.lay_out(weight.from(rows.first, 0), (tap - taps.first) * entering, entering);
    }
    return product;
  }

  const Convolution& of_;
  const Scalar* weight_;
  bool adjoint_;
  Shape to_;
  Index from_;
};

}  // namespace eigencoder::detail
