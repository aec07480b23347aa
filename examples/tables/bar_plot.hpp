#pragma once

#include <string>
#include <vector>

namespace examples {

/// Horizontal bars in groups, from 0 to the right. Texts are UTF-8.
struct BarPlot {
  std::string title;
  std::string note = {};                         ///< below the title
  std::vector<std::string> series = {};          ///< their names, in the legend
  std::vector<std::string> groups = {};          ///< headings, one a group of bars
  std::vector<std::vector<double>> values = {};  ///< of each group, one for each series; at least 0
  double limit = 0;                              ///< longer bars are cut off there; 0: none is
  double mark = 0;                               ///< a dashed line from top to bottom; 0: none
};

/// The plot as an SVG document. @throws ShapeError unless every group has a value for each series
std::string bar_plot_svg(const BarPlot& plot);

}  // namespace examples
