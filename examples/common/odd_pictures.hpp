#pragma once

#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <functional>
#include <string>
#include <vector>
#include "detection_figures.hpp"
#include "options.hpp"

namespace examples {

/// What a detector makes of images.
struct DetectorPictures {
  std::function<eigencoder::MatrixX<float>(eigencoder::View<float>)> reconstruct;
  std::function<eigencoder::MatrixX<double>(eigencoder::View<float>)> heat;
  double hottest;  ///< the heat that is shown in full color
};

/// Writes a picture of some normal images, then of some of each group. Its rows: the images before the damage (blank
/// for groups without), as they are, reconstructed, their heat maps, and where the damage is.
void write_odd_pictures(const Options& options, const std::string& name, const eigencoder::Dataset<float>& normal,
                        const std::vector<ImageGroup>& groups, const DetectorPictures& detector);

/// What its columns show, from left to right, such as "up to 2 of each kind, from the left: held out, erased".
std::string odd_picture_columns(const std::vector<ImageGroup>& groups);

}  // namespace examples
