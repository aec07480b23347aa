#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/lanes.hpp>
#include <eigencoder/detail/kernels/weightless.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>

/// @file
/// Linear maps of images that treat rows, columns and channels alike: averages and interpolation. Each is one matrix
/// for the rows and one for the columns, of few entries; see `ResamplingKernel`.
namespace eigencoder::detail {

/// One result on a side, a weighted sum of `count` values which lie `step` apart.
struct LineTaps {
  Index first, step, count;
  double weight;  ///< of the first value
  double others;  ///< of each one behind it

  bool is_copy() const { return count == 1 && weight == 1; }
};

/// Whether two results are the same value.
inline bool are_copies(const LineTaps& a, const LineTaps& b) {
  return a.is_copy() && b.is_copy() && a.first == b.first;
}

/// y = the weighted sum of runs of x. Run r of x has its `run` values from x + r run on.
template <class Scalar>
void combine(const LineTaps& taps, const Scalar* x, Index run, Scalar* y) {
  const Scalar* from = x + taps.first * run;
  if (taps.is_copy()) return fill_lanes(y, run, [=](Index i) { return from[i]; });
  const auto weight = static_cast<Scalar>(taps.weight), others = static_cast<Scalar>(taps.others);
  if (taps.count == 1) return fill_lanes(y, run, [=](Index i) { return weight * from[i]; });
  const Index step = taps.step * run;
  fill_lanes(y, run, [=](Index i) { return weight * from[i] + others * from[step + i]; });
  for (Index k = 2; k < taps.count; ++k)
    fill_lanes(y, run, [=](Index i) { return y[i] + others * from[k * step + i]; });
}

/// The adjoint of `combine`, added to x.
template <class Scalar>
void spread(const LineTaps& taps, const Scalar* y, Index run, Scalar* x) {
  Scalar* to = x + taps.first * run;
  for (Index k = 0; k < taps.count; ++k, to += taps.step * run)
    add_lanes(y, run, static_cast<Scalar>(k == 0 ? taps.weight : taps.others), to);
}

/// The product of a matrix for the rows and one for the columns with each channel of an image. A `Side` gives the
/// entries: `taps(i)` for the result at i. Each line of the result comes from one line that the rows combine to.
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
        const LineTaps taps = rows.taps(row);
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
    const Index run = in.width * in.channels, wide = out.width * in.channels;
    Scalar* const line = scratch.images.ensure_size(run + wide);
    Scalar* const sum = line + run;
    y += samples.first * out.size();
    std::fill_n(x + samples.first * in.size(), samples.count * in.size(), Scalar(0));
    for (Index j = samples.first; j < samples.first + samples.count; ++j)
      for (Index row = 0, next; row < out.height; row = next) {
        const LineTaps taps = rows.taps(row);
        Scalar* const image = x + j * in.size();
        const Scalar* from = y;
        for (next = row + 1; next < out.height && are_copies(taps, rows.taps(next)); ++next) {
          if (next == row + 1) from = std::copy_n(y, wide, sum) - wide;
          add_lanes(y + (next - row) * wide, wide, Scalar(1), sum);
        }
        y += (next - row) * wide;
        Scalar* const to = taps.is_copy() ? image + taps.first * run : line;
        if (to == line) std::fill_n(line, run, Scalar(0));
        for (Index col = 0; col < out.width; ++col) spread(cols.taps(col), from + col * in.channels, in.channels, to);
        if (to == line) spread(taps, line, run, image);
      }
    return {0, in.size(), samples.first, samples.count, in.size()};
  }
};

}  // namespace eigencoder::detail
