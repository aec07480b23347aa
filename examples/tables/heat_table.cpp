#include "heat_table.hpp"

#include <algorithm>
#include <cmath>
#include <common/formatted.hpp>
#include <common/svg.hpp>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>

namespace examples {

namespace {

/// From white to vermillion, dark enough for black text to the end.
std::string color_of(double heat) {
  const double share = std::isfinite(heat) ? std::clamp(heat, 0.0, 1.0) : 0;
  const auto channel = [&](int full) { return 255 - static_cast<int>(std::lround(share * (255 - full))); };
  return formatted("#%02x%02x%02x", channel(0xE6), channel(0x6A), channel(0x1F));
}

}  // namespace

std::string heat_table_svg(const HeatTable& table) {
  const std::size_t count = table.rows.size() * table.columns.size();
  if (table.cells.size() != count || table.heat.size() != count)
    throw eigencoder::ShapeError("heat_table_svg: " + std::to_string(table.cells.size()) + " texts and " +
                                 std::to_string(table.heat.size()) + " heats for " + std::to_string(count) + " cells");
  constexpr double cell_height = 24, font = 11, slant = 0.7071;  // of a heading: 45 degrees
  double heading = 0, left = 40, cell_width = 54;
  for (const std::string& column : table.columns) heading = std::fmax(heading, text_width(column, font));
  for (const std::string& row : table.rows) left = std::fmax(left, 26 + text_width(row, font));
  for (const std::string& cell : table.cells) cell_width = std::fmax(cell_width, 10 + text_width(cell, font));
  const double top = 58 + slant * heading + 12;
  const double right = left + cell_width * static_cast<double>(table.columns.size());
  const double bottom = top + cell_height * static_cast<double>(table.rows.size());
  std::string out = svg_with_title(right + slant * heading + 10, bottom + 14, table.title, table.note);
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const std::string x = svg_number(left + cell_width * (static_cast<double>(k) + 0.5)), y = svg_number(top - 7);
    out += svg_text(0, 0, "transform=\"translate(" + x + "," + y + ") rotate(-45)\"", table.columns[k]);
  }
  for (std::size_t j = 0; j < table.rows.size(); ++j) {
    const double y = top + cell_height * static_cast<double>(j);
    out += svg_text(left - 8, y + 16, "text-anchor=\"end\"", table.rows[j]);
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      const double x = left + cell_width * static_cast<double>(k);
      const std::size_t cell = j * table.columns.size() + k;
      out += "<rect x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) + "\" width=\"" + svg_number(cell_width) +
             "\" height=\"" + svg_number(cell_height) + "\" stroke=\"#fff\" fill=\"" + color_of(table.heat[cell]) + "\"/>\n" +
             svg_text(x + cell_width / 2, y + 16, "text-anchor=\"middle\"", table.cells[cell]);
    }
  }
  return out + "</svg>\n";
}

}  // namespace examples
