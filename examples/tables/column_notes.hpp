#pragma once

#include <eigencoder/data/table.hpp>
#include <string>

/// @file
/// What a table may be meant to be, beside what it is taken for.
namespace examples {

/// Whether a column of words, not of dates, names the rows: most of them have a word of their own.
bool names_rows(const eigencoder::TableColumn& column);

/// A sentence where most words of a column are numbers, so that the others may be mistakes, or where most look like
/// dates that are not ISO 8601; else empty.
/// @param decimal  the decimal point
/// @param where    the file, with which messages begin
/// @throws UsageError where all words are numbers with the other decimal point
std::string doubt_about(const eigencoder::TableColumn& column, char decimal, const std::string& where);

/// " (is the separator ';'? see --separator)" where the first line of a file has no separator, but one of another kind;
/// else empty.
std::string separator_hint(const std::string& file, char separator);

}  // namespace examples
