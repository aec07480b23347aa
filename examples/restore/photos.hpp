#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include "restore_folder.hpp"
#include "task.hpp"

namespace examples {

/// A model as a function of images of any size whose sides are multiples of `side_multiple`, one a column.
using ImageRestorer =
    std::function<eigencoder::MatrixX<float>(const eigencoder::MatrixX<float>&, const eigencoder::Shape&)>;
inline constexpr eigencoder::Index side_multiple = 4;

/// What a task makes of a user's own picture, of any size: large ones are restored in overlapping tiles. Values are in
/// [0, 1].
///
/// - colorize: of its gray tones
/// - inpaint: what is pure magenta is filled, and all else stays
/// - upscale: twice as large
/// - watermark, deblur: of the picture as it is
Photo restore_photo(const ImageRestorer& restorer, Task task, const Photo& photo);

}  // namespace examples
