#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/simd.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/window.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/layers/interpolation.hpp>
#include <type_traits>

/// @file
/// Kernels of linear layers without a weight: copies, and the resampling of images, for average pooling and
/// interpolation alike. Resampling is separable: a sparse matrix A combines the rows of an image, another one B its
/// columns, and each channel X becomes A X B^T. So the work for a value grows with the height and width of the filter,
/// not with its area.
namespace eigencoder::detail {

/// The part of a `LinearKernel` that kernels without a weight share. Their work is to move values, so a task is a run
/// of whole samples, several where samples are small.
struct WeightlessKernel {
  Shape in;
  Shape out;

  Index samples_per_task() const { return std::max<Index>(1, 8192 / (std::max)(in.size(), out.size())); }
  Index apply_tasks(Index batch) const { return (batch + samples_per_task() - 1) / samples_per_task(); }
  Index adjoint_tasks(Index batch) const { return apply_tasks(batch); }
  /// The samples of a task.
  Range range(Index task, Index batch) const {
    const Index first = task * samples_per_task();
    return {first, (std::min)(samples_per_task(), batch - first)};
  }

  // Moving a value costs as much as a few multiplications.
  Index work() const { return 4 * (in.size() + out.size()); }

  Index outer_tasks() const { return 0; }
  Range outer_range(Index) const { return {0, 0}; }
  template <class Scalar>
  void outer(Index, const Scalar*, const Scalar*, Index, Scalar*, bool, KernelScratch<Scalar>&) const {}
};

/// y = x: the kernel of `Reshape`.
struct CopyKernel : WeightlessKernel {
  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>&) const {
    const Range samples = range(task, batch);
    const Index size = out.size();
    std::copy_n(x + samples.first * size, samples.count * size, y + samples.first * size);
    return {0, size, samples.first, samples.count, size};
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    return apply(task, y, x, batch, scratch);
  }
};

/// The kernel of `PixelShuffle`: a permutation of values, so its adjoint is its inverse.
struct PixelShuffleKernel : WeightlessKernel {
  Index factor;

  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>&) const {
    const Range samples = range(task, batch);
    for_each_pair(samples, [=](Index from, Index to) { y[to] = x[from]; });
    return {0, out.size(), samples.first, samples.count, out.size()};
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>&) const {
    const Range samples = range(task, batch);
    for_each_pair(samples, [=](Index to, Index from) { x[to] = y[from]; });
    return {0, in.size(), samples.first, samples.count, in.size()};
  }

 private:
  /// Calls `visit(from, to)` for all values of these samples, with their indices in x and y.
  template <class Visit>
  void for_each_pair(Range samples, const Visit& visit) const {
    const Index square = factor * factor;
    Index to = samples.first * out.size();
    // The rows of all samples follow each other.
    for (Index row = samples.first * in.height; row < (samples.first + samples.count) * in.height; ++row)
      for (Index i = 0; i < factor; ++i)
        for (Index col = 0; col < in.width; ++col) {
          const Index pixel = (row * in.width + col) * in.channels + i * factor;
          for (Index j = 0; j < factor; ++j)
            for (Index c = 0; c < out.channels; ++c, ++to) visit(pixel + c * square + j, to);
        }
  }
};

/// Whether two filters copy the same input value.
inline bool are_copies(const FilterTaps& a, const FilterTaps& b) {
  return a.is_copy() && b.is_copy() && a.first == b.first;
}

/// y = the weighted sum of runs of x that a filter takes. A run is `run` contiguous values, a row or a pixel.
template <class Scalar>
void combine(const FilterTaps& taps, const Scalar* x, Index run, Scalar* y) {
  const Scalar* from = x + taps.first * run;
  if (taps.is_copy()) return fill(y, run, [=](Index i) { return from[i]; });
  const auto weight = static_cast<Scalar>(taps.weights[0]), second = static_cast<Scalar>(taps.weights[1]);
  if (taps.count == 1) return fill(y, run, [=](Index i) { return weight * from[i]; });
  const Index step = taps.step * run;
  fill(y, run, [=](Index i) { return weight * from[i] + second * from[step + i]; });
  for (Index k = 2; k < taps.count; ++k) {
    const auto other = static_cast<Scalar>(taps.weight(k));
    fill(y, run, [=](Index i) { return y[i] + other * from[k * step + i]; });
  }
}

/// The adjoint of `combine`, added to x.
template <class Scalar>
void spread(const FilterTaps& taps, const Scalar* y, Index run, Scalar* x) {
  Scalar* to = x + taps.first * run;
  for (Index k = 0; k < taps.count; ++k, to += taps.step * run)
    axpy(static_cast<Scalar>(taps.weight(k)), y, run, to);
}

/// X -> A X B^T for each channel X of an image. A `Side` gives a matrix row by row: `taps(i)` are the entries of row i.
/// A row of the result is computed in two steps: rows of X are combined into one row, then the pixels of that row.
template <class Side>
struct ResamplingKernel : WeightlessKernel {
  Side rows;
  Side cols;

  ResamplingKernel(Shape from, Shape to, const Side& down, const Side& right)
      : WeightlessKernel{from, to}, rows(down), cols(right) {}

  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    const Range samples = range(task, batch);
    const Index run = in.width * in.channels;
    Scalar* line = scratch.images.ensure_size(run);
    y += samples.first * out.size();
    for (Index j = samples.first; j < samples.first + samples.count; ++j)
      for (Index row = 0; row < out.height; ++row) {
        const FilterTaps taps = rows.taps(row);
        const Scalar* image = x + j * in.values();
        if (row > 0 && are_copies(taps, rows.taps(row - 1))) {
          y = std::copy_n(y - out.width * in.channels, out.width * in.channels, y);
          continue;
        }
        if (!taps.is_copy()) combine(taps, image, run, line);
        const Scalar* from = taps.is_copy() ? image + taps.first * run : line;
        for (Index col = 0; col < out.width; ++col, y += in.channels) combine(cols.taps(col), from, in.channels, y);
      }
    return {0, out.size(), samples.first, samples.count, out.size()};
  }

  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    const Range samples = range(task, batch);
    const Index run = in.width * in.channels, out_run = out.width * in.channels;
    Scalar* const line = scratch.images.ensure_size(run + out_run);
    Scalar* const sum = line + run;
    y += samples.first * out.size();
    std::fill_n(x + samples.first * in.size(), samples.count * in.size(), Scalar(0));
    for (Index j = samples.first; j < samples.first + samples.count; ++j)
      for (Index row = 0, next; row < out.height; row = next) {
        const FilterTaps taps = rows.taps(row);
        Scalar* const image = x + j * in.size();
        const Scalar* from = y;  // the sum of the rows of y that copy the same row of x
        for (next = row + 1; next < out.height && are_copies(taps, rows.taps(next)); ++next) {
          if (next == row + 1) from = std::copy_n(y, out_run, sum) - out_run;
          axpy(Scalar(1), y + (next - row) * out_run, out_run, sum);
        }
        y += (next - row) * out_run;
        Scalar* const to = taps.is_copy() ? image + taps.first * run : line;
        if (to == line) std::fill_n(line, run, Scalar(0));
        for (Index col = 0; col < out.width; ++col) spread(cols.taps(col), from + col * in.channels, in.channels, to);
        if (to == line) spread(taps, line, run, image);
      }
    return {0, in.size(), samples.first, samples.count, in.size()};
  }
};

/// The filters of one side that `Mode` interpolates.
template <Interpolation Mode>
struct InterpolatedSide {
  Index in;
  Index out;
  FilterTaps taps(Index i) const { return Mode::taps(i, in, out); }
};

template <Interpolation Mode>
auto interpolation_kernel(Shape in, Shape out) {
  using Side = InterpolatedSide<Mode>;
  return ResamplingKernel<Side>(in, out, {in.height, out.height}, {in.width, out.width});
}

/// The mode as an option in a layer's name, which leaves out the default.
template <Interpolation Mode>
using NamedMode = std::conditional_t<std::is_same_v<Mode, Nearest>, Pack<>, Pack<Mode>>;

/// `n` if it is a size that a layer may have: at least 1, and so small that products of two sizes do not overflow.
constexpr Index checked_size(Index n) { return n <= WindowSide::max_size ? Shape::checked(n) : Shape::impossible; }

/// `factor` times n, a side of an image.
constexpr Index scaled_size(Index n, Index factor) {
  const Index f = checked_size(factor);
  if (f == Shape::impossible || n > WindowSide::max_size) return Shape::impossible;
  return f == Dynamic || n == Dynamic ? Index{Dynamic} : Shape::checked(n * f);
}

}  // namespace eigencoder::detail
