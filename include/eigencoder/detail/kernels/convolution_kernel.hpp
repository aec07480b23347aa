#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/convolution_products.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// The `LinearKernel` of a convolution: cuts its products into tasks, each computed by `ImplicitGemm`, `col2im` or, for
/// the gradient of the weight, a product for each tap.
template <class Scalar>
struct ConvolutionKernel {
  Convolution convolution;
  const Scalar* weight;
  Shape out = convolution.output();

  Index work() const { return out.height * out.width * convolution.patch() * convolution.channels; }

  Index apply_tasks(Index batch) const { return ImagePartition(out.height, out.width).count(batch); }
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    const auto [samples, lines] = ImagePartition(out.height, out.width).part(task, batch);
    const Axis vertical = Axis::forward(height(), in().height).reaching(lines, in().height);
    const Axis horizontal = Axis::forward(width(), in().width).reaching({0, out.width}, in().width);
    const PaddedImages<Scalar> images(x, in(), samples, read_part(vertical, lines, horizontal), 1, scratch.images);
    ImplicitGemm<Scalar>(convolution, weight, false).multiply(vertical, horizontal, images, samples, lines, y, scratch);
    return region(samples, lines, 1, out);
  }

  Index adjoint_tasks(Index batch) const { return adjoint_partition().count(batch); }
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    const auto [samples, lines] = adjoint_partition().part(task, batch);
    if (convolution.few_channels()) {
      col2im(convolution, weight, samples, y, x, scratch);
      return region(samples, {0, in().height}, 1, in());
    }
    const Index vertical_phases = (std::min)(height().stride, in().height);
    const Index horizontal_phases = (std::min)(width().stride, in().width);
    const auto vertical = [&, band = lines](Index phase) {
      const Axis axis = Axis::adjoint(height(), in().height, phase);
      const Index count = std::max<Index>(0, (std::min)(band.count, axis.outputs - band.first));
      return axis.reaching({band.first, count}, out.height);
    };
    const auto horizontal = [&](Index phase) {
      const Axis axis = Axis::adjoint(width(), in().width, phase);
      return axis.reaching({0, axis.outputs}, out.width);
    };
    Rectangle part{0, 0, 0, 0};
    for (Index p = 0; p < vertical_phases; ++p)
      for (Index q = 0; q < horizontal_phases; ++q) part = part.joined(read_part(vertical(p), lines, horizontal(q)));
    const PaddedImages<Scalar> images(y, out, samples, part, 1, scratch.images);
    const ImplicitGemm<Scalar> product(convolution, weight, true);
    for (Index p = 0; p < vertical_phases; ++p)
      for (Index q = 0; q < horizontal_phases; ++q)
        product.multiply(vertical(p), horizontal(q), images, samples, lines, x, scratch);
    return region(samples, lines, height().stride, in());
  }

  Index outer_tasks() const { return outer_partition().count(); }
  Range outer_range(Index task) const {
    return {outer_partition().begin(task) * tap_size(), outer_partition().length(task) * tap_size()};
  }
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    const Index first = outer_partition().begin(task), count = outer_partition().length(task);
    const Index together = convolution.few_channels() ? width().kernel : 1;
    const Axis vertical = Axis::forward(height(), in().height), horizontal = Axis::forward(width(), in().width);
    const ImagePartition images(out.height, out.width);
    if (!accumulate) std::fill_n(g, count * tap_size(), Scalar(0));
    for (Index part = 0; part < images.count(batch); ++part)
      for (Index tap = first; tap < first + count; tap += together) {
        const Index group = tap / convolution.taps(), position = tap % convolution.taps();
        add_outer(group, vertical.with_taps(position / width().kernel, 1),
                  horizontal.with_taps(position % width().kernel, together), images.part(part, batch), x, dy,
                  g + (tap - first) * tap_size(), scratch);
      }
  }

 private:
  using Axis = ConvolutionAxis;

  const Shape& in() const { return convolution.in; }
  const WindowSide& height() const { return convolution.window.height; }
  const WindowSide& width() const { return convolution.window.width; }
  /// Values of the weight for one tap of a group.
  Index tap_size() const { return convolution.inputs() * convolution.outputs(); }

  // A line has the `stride` rows that the window moves over in one step. The patches of `col2im` overlap, so there a
  // whole image is one line.
  ImagePartition adjoint_partition() const {
    if (convolution.few_channels()) return {1, in().height * in().width};
    return {(in().height + height().stride - 1) / height().stride, height().stride * in().width};
  }

  // The taps of all groups. A task takes as many as have their gradient in the cache, so that a part of the images is
  // read once for all of them; with few channels whole rows of the kernel.
  EvenPartition outer_partition() const {
    constexpr Index max_values = 32768;
    const Index taps = convolution.window.groups * convolution.taps();
    if (convolution.few_channels()) return {taps, taps * tap_size() <= max_values ? taps : width().kernel};
    return {taps, std::clamp<Index>(max_values / tap_size(), 1, taps)};
  }

  /// Adds the contribution of a part of the images to g, the gradient by one or more taps of a group. A single tap
  /// skips the positions at which it reads padding, so that the images need none.
  void add_outer(Index group, const Axis& vertical, const Axis& horizontal, ImagePartition::Part part, const Scalar* x,
                 const Scalar* dy, Scalar* g, KernelScratch<Scalar>& scratch) const {
    auto [samples, lines] = part;
    Range positions{0, out.width};
    if (horizontal.taps == 1) {
      lines = vertical.inside(lines, in().height);
      positions = horizontal.inside(positions, in().width);
    }
    // A part has at least one line; a long line is cut further, so that its pieces stay in the cache.
    const Index end = positions.first + positions.count;
    for (; positions.first < end; positions.first += ImagePartition::max_positions) {
      positions.count = (std::min)(ImagePartition::max_positions, end - positions.first);
      if (lines.count > 0) add_outer(group, vertical, horizontal, samples, lines, positions, x, dy, g, scratch);
    }
  }
  void add_outer(Index group, const Axis& vertical, const Axis& horizontal, Range samples, Range lines,
                 Range positions, const Scalar* x, const Scalar* dy, Scalar* g, KernelScratch<Scalar>& scratch) const {
    using Product = BlockProduct<Scalar>;
    const Rectangle part{vertical.read_begin(lines.first), vertical.read_end(lines.first + lines.count),
                         horizontal.read_begin(positions.first),
                         horizontal.read_end(positions.first + positions.count)};
    const PaddedImages<Scalar> images(x, in(), samples, part, vertical.stride, scratch.images);
    Index* const begins = scratch.begins.ensure_size(lines.count);
    for (Index line = 0; line < lines.count; ++line) begins[line] = line * images.row_stride();
    const Index inputs = convolution.inputs(), outputs = convolution.outputs(), channels = convolution.channels;
    const Index rows = (std::min)(Product::max_rows, outputs), depth = lines.count * positions.count;
    Scalar* const panels = scratch.panels.ensure_size(Product::packed_size(rows, depth));
    for (Index sample = 0; sample < samples.count; ++sample) {
      const Scalar* const from = images.data() + sample * images.sample_stride() + group * inputs;
      const Index pixel = ((samples.first + sample) * out.height + lines.first) * out.width + positions.first;
      const MatrixView<Scalar> a{dy + pixel * channels + group * outputs, channels, false};
      for (Index row = 0; row < outputs; row += rows)
        Product(a.from(row, 0), (std::min)(rows, outputs - row), lines.count, positions.count, out.width, true, panels)
            .multiply({from, horizontal.stride * in().channels, 1, positions.count, lines.count, begins},
                      horizontal.taps * inputs, g + row, outputs, true);
    }
  }

  /// The part of an image that these lines read.
  static Rectangle read_part(const Axis& vertical, Range lines, const Axis& horizontal) {
    const Index end = (std::min)(vertical.outputs, lines.first + lines.count);
    if (vertical.taps == 0 || horizontal.taps == 0 || lines.first >= end || horizontal.outputs == 0)
      return {0, 0, 0, 0};
    return {vertical.read_begin(lines.first), vertical.read_end(end), horizontal.read_begin(0),
            horizontal.read_end(horizontal.outputs)};
  }
  /// What a task writes to images of shape `to`: lines of `line_rows` rows each.
  static Region region(Range samples, Range lines, Index line_rows, Shape to) {
    const Index first = samples.first * to.height + lines.first * line_rows;
    const Index end = (samples.first + samples.count - 1) * to.height +
                      (std::min)(to.height, (lines.first + lines.count) * line_rows);
    return {0, to.channels, first * to.width, (end - first) * to.width, to.channels};
  }
};

}  // namespace eigencoder::detail
