#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>

/// @file
/// The modes by which `Upsample` and `UpsampleTo` bring an image to another size. A mode resamples one side at a time:
/// rows and columns are interpolated independently.
namespace eigencoder {

/// The filter of one resampled value: a weighted sum of `count` input values with equal distances.
struct FilterTaps {
  static constexpr Index max_weights = 4;  ///< how many input values may differ in their weights

  Index first;  ///< index of the first input value
  Index step;   ///< distance from one input value to the next
  Index count;  ///< number of input values, at least 1
  std::array<double, max_weights> weights;  ///< of the first input values, one each; the last also for all further ones

  /// `count` input values from `first` on, `step` from one to the next, and the weights of the first ones.
  constexpr FilterTaps(Index from, Index distance, Index number, const std::array<double, max_weights>& each)
      : first(from), step(distance), count(number), weights(each) {}

  /// The weight of input value k of the sum, counted from 0.
  constexpr double weight(Index k) const {
    return weights[static_cast<std::size_t>(k < max_weights ? k : max_weights - 1)];
  }
  /// Whether the result is the input value at `first`, unchanged.
  constexpr bool is_copy() const { return count == 1 && weights[0] == 1; }

  /// The input value at `index`, unchanged.
  static constexpr FilterTaps copy(Index index) { return {index, 1, 1, {1}}; }
  /// The mean of `count` input values.
  static constexpr FilterTaps mean(Index first, Index step, Index count) {
    const double weight = 1 / static_cast<double>(count);
    return {first, step, count, {weight, weight, weight, weight}};
  }
};

/// Nearest neighbor: value i of a side resampled from `in` to `out` values is the input value at floor(i in / out).
/// Where out is a multiple of in, this repeats every value.
struct Nearest {
  /// As every `Interpolation`.
  ///@{
  constexpr Text name() const { return "Nearest"; }
  static FilterTaps taps(Index i, Index in, Index out) { return FilterTaps::copy(i * in / out); }
  ///@}
};

/// Linear interpolation between the centers of the input values, constant beyond the first and the last center: value i
/// lies at `center` (PyTorch's `align_corners=False`).
struct Bilinear {
  /// Where the center of value i lies among the input values: at (i + 1/2) in / out - 1/2.
  static double center(Index i, Index in, Index out) {
    return (static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5;
  }
  /// As every `Interpolation`.
  ///@{
  constexpr Text name() const { return "Bilinear"; }
  static FilterTaps taps(Index i, Index in, Index out) {
    const double position = std::clamp(center(i, in, out), 0.0, static_cast<double>(in - 1));
    const auto first = static_cast<Index>(position);
    const double right = position - static_cast<double>(first);
    return {first, 1, right > 0 ? 2 : 1, {1 - right, right}};
  }
  ///@}
};

/// Cubic convolution with a = -1/2 (Keys 1981, "Cubic convolution interpolation for digital image processing", equation
/// 15): value i lies where it does for `Bilinear` and is a weighted sum of the four input values around it; beyond the
/// border the outermost value repeats. Quadratic polynomials are reproduced inside. Results may overshoot the range of
/// the inputs. It does not smooth a side that shrinks. (PyTorch's `bicubic` has a = -3/4.)
struct Bicubic {
  /// As every `Interpolation`.
  ///@{
  constexpr Text name() const { return "Bicubic"; }
  static FilterTaps taps(Index i, Index in, Index out) {
    const double position = Bilinear::center(i, in, out);
    const Index left = static_cast<Index>(position + 1) - 1;  // the floor, as positions lie above -1
    const double t = position - static_cast<double>(left);
    if (t == 0) return FilterTaps::copy(left);
    const double keys[] = {t * (-1 + t * (2 - t)) / 2, (2 + t * t * (-5 + 3 * t)) / 2, t * (1 + t * (4 - 3 * t)) / 2,
                           t * t * (-1 + t) / 2};
    const Index first = (std::max)(left - 1, Index{0}), last = (std::min)(left + 2, in - 1);
    if (first == last) return FilterTaps::copy(first);
    FilterTaps taps{first, 1, last - first + 1, {}};
    for (Index k = 0; k < 4; ++k)
      taps.weights[static_cast<std::size_t>(std::clamp(left - 1 + k, first, last) - first)] += keys[k];
    return taps;
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
    const Index first = i * in / out;
    return FilterTaps::mean(first, 1, ((i + 1) * in + out - 1) / out - first);
  }
  ///@}
};

/// A mode of interpolation: `Nearest`, `Bilinear`, `Bicubic`, `Area`, or a type of your own.
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
