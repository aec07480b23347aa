#pragma once

#include <eigencoder/core/gemm.hpp>
#include <eigencoder/layers/kernels/patches.hpp>
#include <eigencoder/layers/window_options.hpp>
#include <limits>

namespace eigencoder::detail {

/// What a convolution of images of shape `in` to `channels` channels is made of.
struct Convolution {
  Window window;
  Shape in;
  Index channels;

  constexpr Index inputs() const { return in.channels / window.groups; }  ///< channels of a group
  constexpr Index outputs() const { return channels / window.groups; }
  constexpr Index taps() const { return window.height.kernel * window.width.kernel; }
  constexpr Index patch() const { return taps() * inputs(); }  ///< values that a group of one place sees

  /// The shape that leaves; impossible for hyperparameters out of range and images too small.
  constexpr Shape output() const {
    const Index groups = window.groups;
    if (groups != Dynamic && groups < 1) return Shape::none();
    if (groups != Dynamic && channels != Dynamic && in.channels != Dynamic &&
        (channels % groups != 0 || in.channels % groups != 0))
      return Shape::none();
    const Shape out{window.height.output(in.height), window.width.output(in.width),
                    groups == Dynamic ? Index{Dynamic} : Shape::checked(channels)};
    if (!out.is_static() || in.channels == Dynamic) return out;
    const Index most = std::numeric_limits<Index>::max() / taps();  // that a weight can count
    return channels <= most && in.channels <= most ? out : Shape::none();
  }

  /// The weight is stored as groups x kernel rows x kernel columns x inputs x outputs, the last fastest: the gradient
  /// of some taps is then one stretch of it. Only a stride's share of the taps meets each input.
  WeightShape weight_shape() const {
    const Index strides = std::max<Index>(1, window.height.stride * window.width.stride);
    return {window.groups * patch(), outputs(), patch(), std::max<Index>(1, taps() * outputs() / strides)};
  }
};

/// The products of a convolution. Each task unfolds its own patches, so many that a product is wide enough to be
/// fast and they stay in the cache: part of an image, or some small images together; never the batch.
template <class Scalar>
struct ConvolutionKernel {
  Convolution of;
  const Scalar* weight;
  Patches patches{of.window, of.in};

  Index work() const { return patches.places() * of.patch() * of.channels; }

  /// Columns that are unfolded at a time.
  Index tile() const { return std::clamp<Index>(Index{262144} / of.patch(), 64, 512); }

  // Equal shares of the columns.
  Index apply_tasks(Index batch) const { return tasks(patches.places() * batch, tile()); }
  Range apply_range(Index task, Index batch) const {
    const Index columns = patches.places() * batch, count = apply_tasks(batch);
    const Index first = columns * task / count;
    return {first, columns * (task + 1) / count - first};
  }
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, GemmScratch<Scalar>& scratch) const {
    const Range columns = apply_range(task, batch);
    for (Index group = 0; group < of.window.groups; ++group) {
      const Factor<Scalar> patch = unfolded(x, columns, patches.all_taps(), group, scratch);
      gemm<Scalar>(of.outputs(), columns.count, of.patch(), {weights(group), of.outputs(), false}, patch,
                   y + columns.first * of.channels + group * of.outputs(), of.channels, false, scratch);
    }
    return {0, of.channels, columns.first, columns.count, of.channels};
  }

  // Whole samples, for their patches overlap.
  Index samples() const { return std::max<Index>(1, tile() / patches.places()); }
  Index adjoint_tasks(Index batch) const { return tasks(batch, samples()); }
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, GemmScratch<Scalar>& scratch) const {
    const Index first = task * samples(), count = std::min(samples(), batch - first);
    const Index size = of.in.size();
    std::fill_n(x + first * size, count * size, Scalar(0));
    const Index end = (first + count) * patches.places();
    for (Index column = first * patches.places(); column < end; column += tile()) {
      const Range columns{column, std::min(tile(), end - column)};
      for (Index group = 0; group < of.window.groups; ++group) {
        Scalar* patch = scratch.factor.require(of.patch() * tile());
        gemm<Scalar>(of.patch(), columns.count, of.outputs(), {weights(group), of.outputs(), true},
                     {y + column * of.channels + group * of.outputs(), of.channels, false}, patch, of.patch(), false,
                     scratch);
        patches.fold(patch, columns, patches.all_taps(), channels(group), x);
      }
    }
    return {0, size, first, count, size};
  }

  // Neighboring taps of a row of the kernel, enough to make a product of them.
  Index outer_taps() const { return std::clamp<Index>(64 / of.inputs(), 1, of.window.width.kernel); }
  Index outer_tasks() const { return of.window.groups * of.window.height.kernel * row_tasks(); }
  Range outer_range(Index task) const {
    const Taps t = taps(task);
    const Index place = (task / row_tasks() * of.window.width.kernel + t.col) * of.inputs();
    return {place * of.outputs(), t.cols * of.inputs() * of.outputs()};
  }
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             GemmScratch<Scalar>& scratch) const {
    const Index group = task / row_tasks() / of.window.height.kernel;
    const Taps t = taps(task);
    const Index depth = t.cols * of.inputs(), all = patches.places() * batch;
    for (Index column = 0; column < all; column += tile()) {
      const Range columns{column, std::min(tile(), all - column)};
      Factor<Scalar> patch = unfolded(x, columns, t, group, scratch);
      patch.row_major = true;
      gemm<Scalar>(of.outputs(), depth, columns.count,
                   {dy + column * of.channels + group * of.outputs(), of.channels, false}, patch, g, of.outputs(),
                   accumulate || column > 0, scratch);
    }
  }

 private:
  static Index tasks(Index size, Index tile) { return (size + tile - 1) / tile; }
  Index row_tasks() const { return tasks(of.window.width.kernel, outer_taps()); }
  Taps taps(Index task) const {
    const Index col = task % row_tasks() * outer_taps();
    return {task / row_tasks() % of.window.height.kernel, 1, col, std::min(outer_taps(), of.window.width.kernel - col)};
  }
  Range channels(Index group) const { return {group * of.inputs(), of.inputs()}; }
  const Scalar* weights(Index group) const { return weight + group * of.patch() * of.outputs(); }

  /// The patches of these columns, as a matrix of taps' channels x columns.
  Factor<Scalar> unfolded(const Scalar* x, Range columns, Taps taps, Index group, GemmScratch<Scalar>& scratch) const {
    if (patches.are_the_image())
      return {x + columns.first * of.in.channels + group * of.inputs(), of.in.channels, false};
    const Index size = taps.rows * taps.cols * of.inputs();
    Scalar* patch = scratch.factor.require(of.patch() * tile());
    patches.unfold(x, columns, taps, channels(group), patch);
    return {patch, size, false};
  }
};

}  // namespace eigencoder::detail
