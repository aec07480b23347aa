#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/layers/interpolation.hpp>
#include <vector>

/// @file
/// Resizing is separable: one axis is resized after the other. An image is height x width x channels with the channel
/// fastest; sums are taken in double.
namespace eigencoder::detail {

/// @throws ShapeError unless an image of this many values can be resized from one shape to the other
[[gnu::cold]] inline void check_resizable(Index values, Shape from, Shape to) {
  if (!from.is_static() || !to.is_static() || from.channels != to.channels || values != from.size())
    throw ShapeError(message({"resize_image: cannot turn ", values, " values of an image of ", from.text().view(),
                              " into ", to.text().view()}));
}

/// One output position on an axis: the weights of consecutive input positions, which sum to 1.
struct ResizeTaps {
  Index first = 0;
  std::vector<double> weights;
};

/// The taps of all output positions on an axis that is resized.
inline std::vector<ResizeTaps> resize_taps(std::int64_t from, std::int64_t to) {
  std::vector<ResizeTaps> taps(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / static_cast<double>(to);
  for (std::int64_t i = 0; i < to; ++i) {
    ResizeTaps& t = taps[static_cast<std::size_t>(i)];
    if (from == to) {
      t = {static_cast<Index>(i), {1}};
    } else if (from < to) {  // between the centers of two inputs, clamped at the borders
      const double center = (static_cast<double>(i) + 0.5) * step - 0.5;
      const double position = std::fmin(std::fmax(center, 0), static_cast<double>(from - 1));
      t.first = static_cast<Index>(position);
      const double right = position - static_cast<double>(t.first);
      t.weights = {1 - right};
      if (right > 0) t.weights.push_back(right);
    } else {  // the part of each input in [i, i + 1) * from / to, in units of 1 / to: exact in integers
      t.first = static_cast<Index>(i * from / to);
      const std::int64_t end = (i + 1) * from;
      for (std::int64_t k = t.first; k * to < end; ++k) {
        const std::int64_t left = k * to < i * from ? i * from : k * to;
        const std::int64_t right = (k + 1) * to < end ? (k + 1) * to : end;
        t.weights.push_back(static_cast<double>(right - left) / static_cast<double>(from));
      }
    }
  }
  return taps;
}

/// The taps of all output positions on an axis that a mode resamples.
template <Interpolation Mode>
std::vector<ResizeTaps> interpolated_taps(std::int64_t from, std::int64_t to) {
  std::vector<ResizeTaps> taps(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    const FilterTaps filter = Mode::taps(static_cast<Index>(i), static_cast<Index>(from), static_cast<Index>(to));
    const Index reach = (filter.count - 1) * filter.step;  // from the first input to the last, either way
    ResizeTaps& t = taps[static_cast<std::size_t>(i)];
    t.first = filter.first + (std::min)(reach, Index{0});
    t.weights.resize(static_cast<std::size_t>((std::max)(reach, -reach)) + 1);
    for (Index k = 0; k < filter.count; ++k)
      t.weights[static_cast<std::size_t>(filter.first + k * filter.step - t.first)] += filter.weight(k);
  }
  return taps;
}

/// Resizes the middle axis of an array of outer x axis x inner values, from `from` to `taps.size()` positions.
template <class In, class Out>
void resize_axis(const In* in, Index outer, Index from, Index inner, const std::vector<ResizeTaps>& taps, Out* out) {
  const auto to = static_cast<Index>(taps.size());
  for (Index o = 0; o < outer; ++o)
    for (Index i = 0; i < to; ++i) {
      const ResizeTaps& t = taps[static_cast<std::size_t>(i)];
      const In* run = in + std::int64_t{o * from + t.first} * inner;
      for (Index c = 0; c < inner; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < t.weights.size(); ++k)
          sum += t.weights[k] * static_cast<double>(run[static_cast<Index>(k) * inner + c]);
        out[(o * to + i) * inner + c] = static_cast<Out>(sum);
      }
    }
}

/// As `resize_image`, of an image whose rows `read_row(y, values)` writes one after another, so that a large image need
/// not be in memory as a whole. `taps_of(from, to)` are the taps of an axis.
template <class Scalar, class ReadRow, class TapsOf = decltype(&resize_taps)>
VectorX<Scalar> resize_rows(const ReadRow& read_row, Shape from, Shape to, const TapsOf& taps_of = &resize_taps) {
  const Index line = from.width * from.channels, resized_line = to.width * to.channels;
  VectorX<Scalar> out(to.size());
  if (from == to) {
    for (Index y = 0; y < from.height; ++y) read_row(y, out.data() + y * line);
    return out;
  }
  const std::vector<ResizeTaps> across = taps_of(from.width, to.width);
  std::vector<double> half(static_cast<std::size_t>(from.height) * static_cast<std::size_t>(resized_line));
  VectorX<Scalar> row(line);
  for (Index y = 0; y < from.height; ++y) {
    read_row(y, row.data());
    resize_axis(row.data(), 1, from.width, from.channels, across, half.data() + std::int64_t{y} * resized_line);
  }
  resize_axis(half.data(), 1, from.height, resized_line, taps_of(from.height, to.height), out.data());
  return out;
}

/// As `fit_image`, of an image that is read row by row as by `resize_rows`.
template <class Scalar, class ReadRow>
VectorX<Scalar> fit_rows(const ReadRow& read_row, Shape from, Shape to, const VectorX<Scalar>& background) {
  // The axis that is longer in relation to `to` fills it; products compare the ratios exactly.
  Shape inner = to;
  const auto scaled = [](std::int64_t side, std::int64_t numerator, std::int64_t denominator) {
    const std::int64_t rounded = (2 * side * numerator + denominator) / (2 * denominator);
    return rounded < 1 ? Index{1} : static_cast<Index>(rounded);
  };
  if (std::int64_t{to.height} * from.width < std::int64_t{to.width} * from.height)
    inner.width = scaled(from.width, to.height, from.height);
  else
    inner.height = scaled(from.height, to.width, from.width);
  VectorX<Scalar> resized = resize_rows<Scalar>(read_row, from, inner);
  if (inner == to) return resized;

  VectorX<Scalar> out(to.size());
  for (Index i = 0; i < out.size(); ++i) out[i] = background[i % to.channels];
  const Index top = (to.height - inner.height) / 2;
  const Index left = (to.width - inner.width) / 2;
  const Index run = inner.width * inner.channels;
  for (Index row = 0; row < inner.height; ++row) {
    Scalar* target = out.data() + ((top + row) * to.width + left) * to.channels;
    for (Index i = 0; i < run; ++i) target[i] = resized[row * run + i];
  }
  return out;
}

/// A `read_row` of an image in memory.
template <class Scalar>
auto rows_of(const VectorX<Scalar>& image, Shape shape) {
  return [&image, line = shape.width * shape.channels](Index y, Scalar* values) {
    for (Index i = 0; i < line; ++i) values[i] = image[y * line + i];
  };
}

}  // namespace eigencoder::detail
