#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>

/// @file
/// The modes by which `Upsample` and `UpsampleTo` bring an image to another size. A mode resamples one side at a time:
/// rows and columns are interpolated independently.
namespace eigencoder {

/// The filter of one resampled value: a weighted sum of `count` input values with equal distances.
struct FilterTaps {
  Index first;    ///< index of the first input value
  Index step;     ///< distance from one input value to the next
  Index count;    ///< number of input values, at least 1
  double weight;  ///< weight of the first input value
  double others;  ///< weight of each further input value

  /// Whether the result is the input value at `first`, unchanged.
  bool is_copy() const { return count == 1 && weight == 1; }
};

/// Nearest neighbor: value i of a side resampled from `in` to `out` values is the input value at floor(i in / out).
/// Where out is a multiple of in, this repeats every value.
struct Nearest {
  /// As every `Interpolation`.
  ///@{
  constexpr Text name() const { return "Nearest"; }
  static FilterTaps taps(Index i, Index in, Index out) { return {i * in / out, 1, 1, 1, 0}; }
  ///@}
};

/// Linear interpolation between the centers of the input values, constant beyond the first and the last center: value i
/// lies at (i + 1/2) in / out - 1/2 (PyTorch's `align_corners=False`).
struct Bilinear {
  /// As every `Interpolation`.
  ///@{
  constexpr Text name() const { return "Bilinear"; }
  static FilterTaps taps(Index i, Index in, Index out) {
    const double center = (static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5;
    const double position = std::clamp(center, 0.0, static_cast<double>(in - 1));
    const auto first = static_cast<Index>(position);
    const double right = position - static_cast<double>(first);
    return {first, 1, right > 0 ? 2 : 1, 1 - right, right};
  }
  ///@}
};

/// Averaging, for a side that shrinks: value i is the mean of the input values floor(i in / out), ...,
/// ceil((i + 1) in / out) - 1.
struct Area {
  /// As every `Interpolation`.
  ///@{
  constexpr Text name() const { return "Area"; }
  static FilterTaps taps(Index i, Index in, Index out) {
    const Index first = i * in / out, count = ((i + 1) * in + out - 1) / out - first;
    const double weight = 1 / static_cast<double>(count);
    return {first, 1, count, weight, weight};
  }
  ///@}
};

/// A mode of interpolation: `Nearest`, `Bilinear`, `Area`, or a type of your own.
///
/// - `name()`: how it is spelled in a layer's name
/// - `taps(i, in, out)`: the filter of value i when a side is resampled from `in` to `out` values; its indices are in
///   [0, in)
template <class M>
concept Interpolation = std::default_initializable<M> && requires(const M& mode, Index n) {
  { mode.name() } -> std::same_as<Text>;
  { M::taps(n, n, n) } -> std::same_as<FilterTaps>;
};

}  // namespace eigencoder
