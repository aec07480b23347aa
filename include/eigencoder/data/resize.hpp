#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>

/// @file
/// Images to another size: means over areas where an axis shrinks, linear interpolation where it grows.
/// Both are separable, so one axis is done after the other. An image is height x width x channels with
/// the channel fastest; sums are taken in double.
namespace eigencoder {
namespace detail {

/// One output position on an axis: a run of input positions and their weights, which sum to 1.
struct ResizeTaps {
  Index first = 0;
  std::vector<double> weights;
};

inline std::vector<ResizeTaps> resize_taps(std::int64_t from, std::int64_t to) {
  std::vector<ResizeTaps> taps(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / static_cast<double>(to);
  for (std::int64_t i = 0; i < to; ++i) {
    ResizeTaps& t = taps[static_cast<std::size_t>(i)];
    if (from == to) {
      t = {static_cast<Index>(i), {1}};
    } else if (from < to) {  // between the centers of two inputs, held at the borders
      const double center = (static_cast<double>(i) + 0.5) * step - 0.5;
      const double place = std::fmin(std::fmax(center, 0), static_cast<double>(from - 1));
      t.first = static_cast<Index>(place);
      const double right = place - static_cast<double>(t.first);
      t.weights = {1 - right};
      if (right > 0) t.weights.push_back(right);
    } else {  // what of each input lies in [i, i + 1) * from / to, in units of 1 / to: exact in integers
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

/// Resizes the middle axis of an array of outer x axis x inner values: `from` positions become as many as there are
/// taps.
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

/// As `resize_image`, of an image of which `read_row(y, values)` writes one row after another: a large image is never
/// there as a whole.
template <class Scalar, class ReadRow>
VectorX<Scalar> resize_rows(const ReadRow& read_row, Shape from, Shape to) {
  const Index line = from.width * from.channels, resized_line = to.width * to.channels;
  VectorX<Scalar> out(to.size());
  if (from == to) {
    for (Index y = 0; y < from.height; ++y) read_row(y, out.data() + y * line);
    return out;
  }
  const std::vector<ResizeTaps> across = resize_taps(from.width, to.width);
  std::vector<double> half(static_cast<std::size_t>(from.height) * static_cast<std::size_t>(resized_line));
  VectorX<Scalar> row(line);
  for (Index y = 0; y < from.height; ++y) {
    read_row(y, row.data());
    resize_axis(row.data(), 1, from.width, from.channels, across, half.data() + std::int64_t{y} * resized_line);
  }
  resize_axis(half.data(), 1, from.height, resized_line, resize_taps(from.height, to.height), out.data());
  return out;
}

/// As `fit_image`, of an image that is read as `resize_rows` says.
template <class Scalar, class ReadRow>
VectorX<Scalar> fit_rows(const ReadRow& read_row, Shape from, Shape to, const VectorX<Scalar>& background) {
  // The axis that would overflow first fills its side; products compare the ratios exactly.
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

/// Reads the rows of an image that is there as a whole.
template <class Scalar>
auto rows_of(const VectorX<Scalar>& image, Shape shape) {
  return [&image, line = shape.width * shape.channels](Index y, Scalar* values) {
    for (Index i = 0; i < line; ++i) values[i] = image[y * line + i];
  };
}

}  // namespace detail

/// The image at another size; the aspect is not kept (see `fit_image`). An axis that shrinks takes the mean
/// over the area each new pixel covers, one that grows interpolates linearly between pixel centers, one
/// that keeps its size is copied.
/// @throws ShapeError unless `image` has the size of `from`, both shapes are known and have as many channels
template <class Scalar>
VectorX<Scalar> resize_image(const VectorX<Scalar>& image, Shape from, Shape to) {
  if (!from.is_static() || !to.is_static() || from.channels != to.channels || image.size() != from.size())
    throw ShapeError(detail::message({"resize_image: cannot turn ", image.size(), " values of an image of ",
                                      from.text().view(), " into ", to.text().view()}));
  if (from == to) return image;
  return detail::resize_rows<Scalar>(detail::rows_of(image, from), from, to);
}

/// The whole image as large as it fits into `to` with its aspect kept (to the nearest pixel), in the middle
/// of a background; an image of the wanted size comes back as it is.
/// @param background one value per channel
/// @throws ShapeError as `resize_image`, and where the background does not have `to.channels` values
template <class Scalar>
VectorX<Scalar> fit_image(const VectorX<Scalar>& image, Shape from, Shape to,
                          const VectorX<Scalar>& background) {
  if (background.size() != to.channels)
    throw ShapeError(
        detail::message({"fit_image: the background has ", background.size(), " values, not ", to.channels}));
  if (!from.is_static() || !to.is_static() || from.channels != to.channels || image.size() != from.size())
    return resize_image(image, from, to);  // which says what is wrong
  return detail::fit_rows<Scalar>(detail::rows_of(image, from), from, to, background);
}

}  // namespace eigencoder
