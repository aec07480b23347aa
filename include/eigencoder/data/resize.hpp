#pragma once

#include <eigencoder/detail/data/resize_rows.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/layers/interpolation.hpp>

/// @file
/// Images to another size: means over areas where an axis shrinks, linear interpolation where it grows; or by a mode of
/// interpolation.
namespace eigencoder {

/// The image at another size, with another aspect where the shapes differ in theirs (but see `fit_image`). An axis that
/// shrinks takes the mean over the area that each new pixel covers, one that grows interpolates linearly between pixel
/// centers, one that keeps its size is copied.
/// @throws ShapeError unless `image` has the size of `from`, and both shapes are known and have equally many channels
template <class Scalar>
VectorX<Scalar> resize_image(const VectorX<Scalar>& image, Shape from, Shape to) {
  detail::check_resizable(image.size(), from, to);
  if (from == to) return image;
  return detail::resize_rows<Scalar>(detail::rows_of(image, from), from, to);
}

/// The image at another size by this mode, as `UpsampleTo` resizes it: `resize_image(image, from, to, Bicubic{})`. Of
/// the library's modes only `Area` uses every value of an axis that shrinks. An image of that size is returned as it is.
/// @throws ShapeError as without a mode
template <class Scalar, Interpolation Mode>
VectorX<Scalar> resize_image(const VectorX<Scalar>& image, Shape from, Shape to, const Mode&) {
  detail::check_resizable(image.size(), from, to);
  if (from == to) return image;
  return detail::resize_rows<Scalar>(detail::rows_of(image, from), from, to, &detail::interpolated_taps<Mode>);
}

/// The whole image, resized to fill `to` in one direction with its aspect kept (to the nearest pixel), in the middle of
/// a background, which has one value per channel. An image of the shape `to` is returned as it is.
/// @throws ShapeError as `resize_image` does, and where the background does not have `to.channels` values
template <class Scalar>
VectorX<Scalar> fit_image(const VectorX<Scalar>& image, Shape from, Shape to, const VectorX<Scalar>& background) {
  if (background.size() != to.channels)
    throw ShapeError(
        detail::message({"fit_image: the background has ", background.size(), " values, not ", to.channels}));
  detail::check_resizable(image.size(), from, to);
  return detail::fit_rows<Scalar>(detail::rows_of(image, from), from, to, background);
}

}  // namespace eigencoder
