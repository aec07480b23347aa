#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/correlation.hpp>
#include <eigencoder/detail/kernels/scattering.hpp>
#include <eigencoder/detail/kernels/shares.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>

namespace eigencoder::detail {

/// The products of a convolution, a `LinearKernel`.
template <class Scalar>
struct ConvolutionKernel {
  Convolution of;
  const Scalar* weight;
  Shape out = of.output();

  Index work() const { return out.height * out.width * of.patch() * of.channels; }

  Index apply_tasks(Index batch) const { return Shares(out.height, out.width).count(batch); }
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    const auto [samples, lines] = Shares(out.height, out.width).share(task, batch);
    const TapLine down = TapLine::forward(of.window.height, of.in.height).reaching(lines, of.in.height);
    const TapLine right = TapLine::forward(of.window.width, of.in.width).reaching({0, out.width}, of.in.width);
    const PaddedImages<Scalar> images(x, of.in, samples, read(down, lines, right), 1, scratch.images);
    Correlation<Scalar>(of, weight, false).values(down, right, images, samples, lines, y, scratch);
    return region(samples, lines, 1, out);
  }

  Index adjoint_tasks(Index batch) const { return adjoint_shares().count(batch); }
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    const auto [samples, lines] = adjoint_shares().share(task, batch);
    if (of.few_inputs()) {
      scatter(of, weight, samples, y, x, scratch);
      return region(samples, {0, of.in.height}, 1, of.in);
    }
    const Index down_phases = (std::min)(of.window.height.stride, of.in.height);
    const Index right_phases = (std::min)(of.window.width.stride, of.in.width);
    const auto down = [&, to = lines](Index phase) {
      const TapLine line = TapLine::backward(of.window.height, of.in.height, phase);
      return line.reaching({to.first, std::max<Index>(0, (std::min)(to.count, line.places - to.first))}, out.height);
    };
    const auto right = [&](Index phase) {
      const TapLine line = TapLine::backward(of.window.width, of.in.width, phase);
      return line.reaching({0, line.places}, out.width);
    };
    Rectangle part{0, 0, 0, 0};
    for (Index p = 0; p < down_phases; ++p)
      for (Index q = 0; q < right_phases; ++q) part = part.joined(read(down(p), lines, right(q)));
    const PaddedImages<Scalar> images(y, out, samples, part, 1, scratch.images);
    const Correlation<Scalar> correlation(of, weight, true);
    for (Index p = 0; p < down_phases; ++p)
      for (Index q = 0; q < right_phases; ++q)
        correlation.values(down(p), right(q), images, samples, lines, x, scratch);
    return region(samples, lines, of.window.height.stride, of.in);
  }

  Index outer_tasks() const { return outer_parts().count(); }
  Range outer_range(Index task) const {
    const Index tap = of.inputs() * of.outputs();
    return {outer_parts().begin(task) * tap, outer_parts().length(task) * tap};
  }
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    const Index first = outer_parts().begin(task), count = outer_parts().length(task);
    const Index tap_size = of.inputs() * of.outputs(), together = of.few_inputs() ? of.window.width.kernel : 1;
    const TapLine down = TapLine::forward(of.window.height, of.in.height);
    const TapLine right = TapLine::forward(of.window.width, of.in.width);
    const Shares shares(out.height, out.width);
    if (!accumulate) std::fill_n(g, count * tap_size, Scalar(0));
    for (Index share = 0; share < shares.count(batch); ++share)
      for (Index tap = first; tap < first + count; tap += together) {
        const Index place = tap % of.taps();
        outer(tap / of.taps(), down.taps(place / of.window.width.kernel, 1),
              right.taps(place % of.window.width.kernel, together), shares.share(share, batch), x, dy,
              g + (tap - first) * tap_size, scratch);
      }
  }

 private:
  // A line is as many rows of the image as the window steps over. What is scattered overlaps: an image is one line.
  Shares adjoint_shares() const {
    if (of.few_inputs()) return {1, of.in.height * of.in.width};
    const Index stride = of.window.height.stride;
    return {(of.in.height + stride - 1) / stride, stride * of.in.width};
  }

  // As many taps in a task as leave their gradient in the cache, so that a share is read once for all of them; of few
  // channels a row of the kernel at least, together.
  EvenPartition outer_parts() const {
    constexpr Index most = 32768;
    const Index taps = of.window.groups * of.taps(), tap = of.inputs() * of.outputs();
    if (of.few_inputs()) return {taps, taps * tap <= most ? taps : of.window.width.kernel};
    return {taps, std::clamp<Index>(most / tap, 1, taps)};
  }

  /// Adds to g, the gradient by some taps of a group, what a share gives. One tap alone leaves out the places at which
  /// it reads nothing, so that no image needs padding.
  void outer(Index group, const TapLine& down, const TapLine& right, Shares::Share share, const Scalar* x,
             const Scalar* dy, Scalar* g, KernelScratch<Scalar>& scratch) const {
    auto [samples, lines] = share;
    Range places{0, out.width};
    if (right.count == 1) {
      lines = down.inside(lines, of.in.height);
      places = right.inside(places, of.in.width);
    }
    // A share is a line at least: a long one is taken in parts, so that they stay in the cache.
    for (const Index end = places.first + places.count; places.first < end; places.first += Shares::most) {
      places.count = (std::min)(Shares::most, end - places.first);
      if (lines.count > 0) outer(group, down, right, samples, lines, places, x, dy, g, scratch);
    }
  }
  void outer(Index group, const TapLine& down, const TapLine& right, Range samples, Range lines, Range places,
             const Scalar* x, const Scalar* dy, Scalar* g, KernelScratch<Scalar>& scratch) const {
    const Rectangle part{down.read_from(lines.first), down.read_to(lines.first + lines.count),
                         right.read_from(places.first), right.read_to(places.first + places.count)};
    const PaddedImages<Scalar> images(x, of.in, samples, part, down.reach, scratch.images);
    Index* const begins = scratch.begins.ensure_size(lines.count);
    for (Index line = 0; line < lines.count; ++line) begins[line] = line * images.row_stride();
    const Index most = (std::min)(BlockProduct<Scalar>::max_rows, of.outputs()), depth = lines.count * places.count;
    Scalar* const panels = scratch.panels.ensure_size(BlockProduct<Scalar>::room(most, depth));
    for (Index sample = 0; sample < samples.count; ++sample) {
      const Scalar* const from = images.data() + sample * images.sample_stride() + group * of.inputs();
      const Index place = ((samples.first + sample) * out.height + lines.first) * out.width + places.first;
      const Factor<Scalar> a{dy + place * of.channels + group * of.outputs(), of.channels, false};
      for (Index row = 0; row < of.outputs(); row += most)
        BlockProduct<Scalar>(a.from(row, 0), (std::min)(most, of.outputs() - row), lines.count, places.count, out.width,
                             true, panels)
            .multiply({from, right.reach * of.in.channels, 1, places.count, lines.count, begins},
                      right.count * of.inputs(), g + row, of.outputs(), true);
    }
  }

  /// The part of an image that is read for these lines.
  static Rectangle read(const TapLine& down, Range lines, const TapLine& right) {
    const Index end = (std::min)(down.places, lines.first + lines.count);
    if (down.count == 0 || right.count == 0 || lines.first >= end || right.places == 0) return {0, 0, 0, 0};
    return {down.read_from(lines.first), down.read_to(end), right.read_from(0), right.read_to(right.places)};
  }
  /// What a share writes, `step` rows a line, of images of shape `to`.
  static Region region(Range samples, Range lines, Index step, Shape to) {
    const Index first = samples.first * to.height + lines.first * step;
    const Index end = (samples.first + samples.count - 1) * to.height +
                      (std::min)(to.height, (lines.first + lines.count) * step);
    return {0, to.channels, first * to.width, (end - first) * to.width, to.channels};
  }
};

}  // namespace eigencoder::detail
