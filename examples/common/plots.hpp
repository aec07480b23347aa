#pragma once

#include <eigencoder/extend/view.hpp>
#include <string>
#include <vector>
#include "line_plot.hpp"
#include "options.hpp"

namespace examples {

/// An SVG file among the results. @throws as `write_svg`
void write_plot(const Options& options, const std::string& name, const std::vector<Series>& series,
                const LinePlotOptions& look);

/// Writes a plot of points, two values a column, colored by labels from 0 to 9. @throws as `write_svg`
void write_clouds(const Options& options, const std::string& name, const std::vector<int>& labels,
                  eigencoder::View<float> points, LinePlotOptions look);

}  // namespace examples
