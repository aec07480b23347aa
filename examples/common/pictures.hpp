#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include <vector>
#include "options.hpp"

/// @file
/// PNG files among the results: samples, one a column, as images of a shape.
namespace examples {

/// How the samples of a picture lie: `columns` beside each other, in pixels each of which becomes scale x scale.
struct Grid {
  eigencoder::Index columns;
  eigencoder::Index scale;
  eigencoder::Index gap;  ///< pixels of white around every sample
};

/// Samples side by side, row by row. @throws as `eigencoder::image_grid` and `eigencoder::write_png`
void write_grid(const Options& options, const std::string& name, eigencoder::View<float> samples,
                const eigencoder::Shape& image, const Grid& grid);

/// Sets of as many samples under each other, a row each, in pixels of scale x scale.
/// @throws as `eigencoder::comparison` and `eigencoder::write_png`
void write_rows(const Options& options, const std::string& name, const std::vector<eigencoder::MatrixX<float>>& rows,
                const eigencoder::Shape& image, eigencoder::Index scale = 3);

}  // namespace examples
