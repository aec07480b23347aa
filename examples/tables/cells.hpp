#pragma once

#include <cstddef>
#include <eigencoder/data/table.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <variant>

/// @file
/// Cells of tables as people and files see them.
namespace examples {

/// A number, NaN where it is missing, or a word, empty where it is missing.
using Cell = std::variant<double, std::string>;

Cell cell_of(const eigencoder::TableColumn& column, eigencoder::Index row);
bool is_missing(const Cell& cell);

/// A cell for people: a number of so many digits; words up to 40 characters, in one line.
std::string cell_text(const Cell& cell, int digits = 3);

/// A cell for people, and another one that was expected: "93 (expected 41)", with so many digits that numbers differ
/// where they do, up to seven; "missing" where it is.
std::string pair_text(const Cell& cell, const Cell& expected);

/// A field of a CSV file: the shortest decimal of a number, words with an apostrophe before what a spreadsheet would
/// take for a formula, in quotes where they need them.
std::string csv_cell(const Cell& cell);

}  // namespace examples
