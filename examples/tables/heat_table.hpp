#pragma once

#include <string>
#include <vector>

namespace examples {

/// A table of colored cells. Texts are UTF-8.
struct HeatTable {
  std::string title;
  std::string note = {};                  ///< below the title
  std::vector<std::string> columns = {};  ///< headings, written aslant
  std::vector<std::string> rows = {};     ///< headings
  std::vector<std::string> cells = {};    ///< row by row
  std::vector<double> heat = {};          ///< of each cell: 0 is white, 1 the full color
};

/// The table as an SVG document. @throws ShapeError unless every cell has a text and a heat
std::string heat_table_svg(const HeatTable& table);

}  // namespace examples
