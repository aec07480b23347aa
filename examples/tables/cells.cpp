#include "cells.hpp"

#include <cmath>
#include "text.hpp"

namespace examples {

Cell cell_of(const eigencoder::TableColumn& column, eigencoder::Index row) {
  const auto i = static_cast<std::size_t>(row);
  if (column.holds_numbers()) return column.numbers()[i];
  return column.words()[i];
}

bool is_missing(const Cell& cell) {
  const auto* number = std::get_if<double>(&cell);
  return number ? std::isnan(*number) : std::get<std::string>(cell).empty();
}

std::string cell_text(const Cell& cell, int digits) {
  if (is_missing(cell)) return "missing";
  const auto* number = std::get_if<double>(&cell);
  return number ? plain_number(*number, digits) : shortened(std::get<std::string>(cell), 40);
}

std::string pair_text(const Cell& cell, const Cell& expected) {
  const double *first = std::get_if<double>(&cell), *second = std::get_if<double>(&expected);
  if (!first || !second || is_missing(cell) || is_missing(expected))
    return cell_text(cell) + " (expected " + cell_text(expected) + ")";
  const NumberPair shown = plain_numbers(*first, *second);
  return shown.first + " (expected " + shown.second + ")";
}

std::string csv_cell(const Cell& cell) {
  if (is_missing(cell)) return {};
  const auto* number = std::get_if<double>(&cell);
  return number ? csv_number(*number) : csv_field(std::get<std::string>(cell));
}

}  // namespace examples
