#include "task.hpp"

#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/downscale.hpp>
#include <eigencoder/corruption/erased_mask.hpp>
#include <eigencoder/corruption/grayscale.hpp>
#include <eigencoder/corruption/overlay.hpp>
#include <utility>
#include "marks.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Random, eigencoder::Shape;

namespace {

template <class Corruption>
ImageChange change_by(Corruption corruption) {
  return [corruption = std::move(corruption)](float* image, Shape shape, Random& random) {
    corruption.corrupt(image, shape, random);
  };
}

}  // namespace

std::string name_of(Task task) {
  constexpr const char* names[] = {"colorize", "inpaint", "watermark", "upscale", "deblur"};
  return names[static_cast<std::size_t>(task)];
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const Task task : all_tasks) names.push_back(name_of(task));
  return names;
}

Task task_named(const std::string& name) {
  std::string known;
  for (const Task task : all_tasks) {
    if (name_of(task) == name) return task;
    known += (known.empty() ? "" : ", ") + name_of(task);
  }
  throw UsageError("--task: there is no task '" + name + "'; there are " + known);
}

ImageChange damage_of(Task task) {
  switch (task) {
    case Task::colorize:
      return change_by(eigencoder::Grayscale{});
    case Task::inpaint:
      return change_by(missing_block);
    case Task::watermark:
      return change_by(eigencoder::Overlay{.marks = drawn_marks()});
    case Task::upscale:
      return change_by(eigencoder::Downscale{.clipped = true});
    case Task::deblur:
      break;
  }
  return change_by(eigencoder::Blur{});
}

MatrixX<float> mask_of(Task task, Index images, Shape shape, std::uint64_t seed) {
  return task == Task::inpaint ? eigencoder::erased_mask(images, shape, missing_block, seed) : MatrixX<float>();
}

}  // namespace examples
