#pragma once

#include <cstdint>
#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <string>
#include <vector>

/// @file
/// What there is to restore, each as a corruption of clean images of three channels in [0, 1].
namespace examples {

/// What a model learns to undo.
enum class Task {
  colorize,   ///< the colors are gone
  inpaint,    ///< a block is missing, see `missing_block`
  watermark,  ///< a mark lies over the image, see `drawn_marks`
  upscale,    ///< half as many pixels a side, enlarged bicubically
  deblur      ///< blurred by a Gaussian filter of a random width
};

/// All of them, in order.
inline constexpr Task all_tasks[] = {Task::colorize, Task::inpaint, Task::watermark, Task::upscale, Task::deblur};

/// Its name in options and files, such as "inpaint".
std::string name_of(Task task);

/// The names of all tasks, in order.
std::vector<std::string> task_names();

/// The task of a name. @throws UsageError where there is none
Task task_named(const std::string& name);

/// A corruption as a function of a sample, its shape and the random numbers.
using ImageChange = std::function<void(float*, eigencoder::Shape, eigencoder::Random&)>;

/// What `Task::inpaint` erases. No value of an image is negative, so a model sees where the hole is.
inline constexpr eigencoder::BlockErasure missing_block{.height = 16, .width = 16, .value = -1};

/// The corruption that a task undoes.
ImageChange damage_of(Task task);

/// 1 for each value that `corrupted(images, shape, damage_of(task), seed)` erases, else 0, one image a column; without
/// values for tasks other than `inpaint`.
eigencoder::MatrixX<float> mask_of(Task task, eigencoder::Index images, eigencoder::Shape shape, std::uint64_t seed);

}  // namespace examples
