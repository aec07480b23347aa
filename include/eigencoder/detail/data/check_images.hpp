#pragma once

#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// @throws ShapeError unless all sizes of an image are known
[[gnu::cold]] inline void check_image_shape(const char* what, Shape shape) {
  if (!shape.is_static() || !shape.is_possible())
    throw ShapeError(message({what, ": an image needs known sizes, not ", shape.text().view()}));
}

/// @throws ShapeError unless samples of this many values are images of this shape, all sizes known
[[gnu::cold]] inline void check_images(const char* what, Index values, Shape shape) {
  check_image_shape(what, shape);
  if (values != shape.size())
    throw ShapeError(message({what, ": the samples have ", values, " values, images of ", shape.text().view(),
                              " have ", shape.size()}));
}

}  // namespace eigencoder::detail
