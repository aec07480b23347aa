#pragma once

#include <eigencoder/detail/data/check_images.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>

namespace eigencoder {

/// Splits n images of height x width x channels into n * channels images of height x width x 1, so that a model can
/// learn channels as samples: image after image, the channels of one image next to each other.
/// @throws ShapeError where the images do not have `shape`, height x width x channels, or it is not known
template <class Derived>
MatrixX<typename Derived::Scalar> split_channels(const Eigen::MatrixBase<Derived>& images, Shape shape) {
  using Scalar = typename Derived::Scalar;
  detail::check_images("split_channels", images.rows(), shape);
  const View<Scalar> from(images);
  const Index pixels = shape.height * shape.width;
  MatrixX<Scalar> single(pixels, images.cols() * shape.channels);
  for (Index j = 0; j < single.cols(); ++j) {
    const Scalar* image = from.column(j / shape.channels) + j % shape.channels;
    Scalar* channel = single.col(j).data();
    for (Index p = 0; p < pixels; ++p) channel[p] = image[p * shape.channels];
  }
  return single;
}

/// The inverse of `split_channels`: joins n * channels images of one channel into n images of `shape`, as given to
/// `split_channels`.
/// @throws ShapeError where the channels do not make up whole images of `shape`, or it is not known
template <class Derived>
MatrixX<typename Derived::Scalar> join_channels(const Eigen::MatrixBase<Derived>& single, Shape shape) {
  using Scalar = typename Derived::Scalar;
  detail::check_image_shape("join_channels", shape);
  const Index pixels = shape.height * shape.width;
  if (single.rows() != pixels || single.cols() % shape.channels != 0)
    throw ShapeError(detail::message({"join_channels: ", single.cols(), " samples of ", single.rows(),
                                      " values do not make up whole images of ", shape.text().view()}));
  const View<Scalar> from(single);
  MatrixX<Scalar> images(shape.size(), single.cols() / shape.channels);
  for (Index j = 0; j < single.cols(); ++j) {
    const Scalar* channel = from.column(j);
    Scalar* image = images.col(j / shape.channels).data() + j % shape.channels;
    for (Index p = 0; p < pixels; ++p) image[p * shape.channels] = channel[p];
  }
  return images;
}

}  // namespace eigencoder
