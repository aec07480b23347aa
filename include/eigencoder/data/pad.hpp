#pragma once

#include <algorithm>
#include <eigencoder/detail/data/check_images.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>

/// @file
/// Padding of images, for a model that takes sizes of a multiple alone, and the way back:
///
///     const Shape padded = padded_shape(shape, 4);
///     const MatrixX<float> restored =
///         resized(model, padded.height, padded.width).reconstruct(pad_to_multiple(photo, shape, 4));
///     const MatrixX<float> result = crop_image(restored, padded, shape);
namespace eigencoder {

/// What lies beyond the border of an image.
enum class Border {
  repeat,  ///< the outermost pixel, again and again
  reflect  ///< the image mirrored at its outermost pixel, which is not doubled
};

/// The shape of padded images: height and width rounded up to multiples of `multiple`.
/// @throws OptionError unless `multiple` is positive; ShapeError for sizes that are unknown or have no such multiple
[[gnu::cold]] inline Shape padded_shape(Shape shape, Index multiple) {
  if (multiple < 1)
    throw OptionError(detail::message({"padded_shape: the multiple must be positive, not ", multiple}));
  detail::check_image_shape("padded_shape", shape);
  const auto rounded = [=](Index n) {
    const Index more = (multiple - n % multiple) % multiple;
    return more <= (std::numeric_limits<Index>::max)() - n ? n + more : Shape::impossible;
  };
  const Shape padded{rounded(shape.height), rounded(shape.width), shape.channels};
  detail::check_image_shape("padded_shape", padded);
  return padded;
}

/// The images, height x width x channels, padded at the bottom and at the right to `padded_shape(shape, multiple)`.
/// @throws ShapeError where the images do not have `shape`; and as `padded_shape` does
template <class Derived>
MatrixX<typename Derived::Scalar> pad_to_multiple(const Eigen::MatrixBase<Derived>& images, Shape shape, Index multiple,
                                                  Border border = Border::reflect) {
  using Scalar = typename Derived::Scalar;
  const Shape padded = padded_shape(shape, multiple);
  detail::check_images("pad_to_multiple", images.rows(), shape);
  const View<Scalar> from(images);
  MatrixX<Scalar> out(padded.size(), images.cols());
  const Index channels = shape.channels, line = shape.width * channels;
  const auto source = [=](Index i, Index n) {  // the pixel that stands at i, of a side of n pixels
    if (i < n) return i;
    if (border == Border::repeat || n == 1) return n - 1;
    const Index period = 2 * (n - 1);
    return (std::min)(i % period, period - i % period);
  };
  Scalar* to = out.data();
  for (Index j = 0; j < out.cols(); ++j)
    for (Index row = 0; row < padded.height; ++row) {
      const Scalar* pixels = from.column(j) + source(row, shape.height) * line;
      to = std::copy_n(pixels, line, to);
      for (Index col = shape.width; col < padded.width; ++col)
        to = std::copy_n(pixels + source(col, shape.width) * channels, channels, to);
    }
  return out;
}

/// The part of the images at the top left that has the shape `to`, as it was before the padding.
/// @throws ShapeError where the images do not have the shape `from`, or `to` is larger or has other channels
template <class Derived>
MatrixX<typename Derived::Scalar> crop_image(const Eigen::MatrixBase<Derived>& images, Shape from, Shape to) {
  using Scalar = typename Derived::Scalar;
  detail::check_images("crop_image", images.rows(), from);
  if (!to.is_static() || to.height > from.height || to.width > from.width || to.channels != from.channels)
    throw ShapeError(
        detail::message({"crop_image: ", to.text().view(), " is no part of ", from.text().view()}));
  const View<Scalar> source(images);
  MatrixX<Scalar> out(to.size(), images.cols());
  const Index line = to.width * to.channels;
  for (Index j = 0; j < out.cols(); ++j)
    for (Index row = 0; row < to.height; ++row)
      std::copy_n(source.column(j) + row * from.width * from.channels, line, out.col(j).data() + row * line);
  return out;
}

}  // namespace eigencoder
