#pragma once

#include <common/options.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include "task.hpp"

namespace examples {

/// Held-out images and what became of them, one image a column, in the same order in all sets.
struct Restorations {
  Task task;
  eigencoder::Shape shape;
  eigencoder::MatrixX<float> clean;
  eigencoder::MatrixX<float> damaged;
  eigencoder::MatrixX<float> restored;    ///< by the model
  eigencoder::MatrixX<float> baseline;    ///< by `classic`
  eigencoder::MatrixX<float> mask = {};   ///< 1 for each erased value; without values where nothing was erased
  eigencoder::MatrixX<float> vivid = {};  ///< by a model of vivid colors; without values where there is none
};

/// Writes `reconstructions.png`: twelve images a row. From top to bottom: damaged, restored, the baseline's, vivid ones
/// where there are any, and the clean images. Erased pixels are magenta.
void write_restorations(const Options& options, const Restorations& images);

}  // namespace examples
