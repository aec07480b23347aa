#pragma once

#include <eigencoder/data/table.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>

namespace examples {

/// How a file of numbers, words and gaps is read.
struct GappyFormat {
  char separator = ',';
  char decimal = '.';
  std::vector<std::string> ignored = {};     ///< names of columns
  std::vector<std::string> numbers = {};     ///< of columns whose cells have to be numbers
  std::vector<std::string> categories = {};  ///< of columns whose numbers only name something
  std::vector<std::string> missing = {};     ///< words that mean a missing cell, beside the usual ones
};

/// A table with gaps: what can be learned from it, and all that its file says.
struct GappyTable {
  std::string file;
  eigencoder::Table texts;                   ///< all columns and rows, as they are written
  eigencoder::Table cells = {};              ///< the columns that can be learned, and the rows of which one is known
  std::vector<eigencoder::Index> rows = {};  ///< the indices of the rows of `cells` in the file
  std::vector<std::string> notes = {};       ///< what was left out or may be a mistake, a sentence each

  eigencoder::Index missing() const;  ///< the number of missing cells
};

/// Reads a table. @throws UsageError where the file cannot be used, naming line and column
GappyTable read_gappy_table(const std::string& option, const std::string& file, const GappyFormat& format);

}  // namespace examples
