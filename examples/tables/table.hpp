#pragma once

#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>
#include "labels.hpp"

namespace examples {

/// How a file is read.
struct TableFormat {
  char separator = ',';
  char decimal = '.';
  std::vector<std::string> ignored = {};     ///< columns that are left out
  std::vector<std::string> numbers = {};     ///< columns whose cells have to be numbers
  std::vector<std::string> categories = {};  ///< columns whose cells name something, also where they are numbers
  LabelRule label = {};
};

/// A table, and which of its rows are anomalies. Rows are counted from 1 where people see them.
struct LabeledTable {
  std::string file;
  eigencoder::Table cells;              ///< without the labels
  std::vector<bool> is_anomaly = {};    ///< of each row; empty: there are no labels
  std::string label_sentence = {};      ///< what the labels mean
  std::vector<std::string> notes = {};  ///< what was left out or may be a mistake, a sentence each

  bool has_labels() const { return !is_anomaly.empty(); }
  eigencoder::Index rows() const { return cells.rows(); }
  eigencoder::Index anomalies() const;
};

/// Reads all columns but the label, the ignored ones, and those without a name, such as the row numbers that pandas
/// writes. For an encoder, which was learned from another table, it reads all columns, those of the encoder as numbers
/// or words as they were there.
/// @param option  of the command line that names the file, with which messages begin
/// @throws UsageError where the file cannot be used, naming line, or row, and column
LabeledTable read_labeled_table(const std::string& option, const std::string& file, const TableFormat& format,
                                const eigencoder::TableEncoder* encoder = nullptr);

/// These rows of a table, in this order.
eigencoder::Table take_rows(const eigencoder::Table& table, const std::vector<eigencoder::Index>& rows);

/// A message of the library about a table, with the options of the command line in place of the library's, and rows
/// counted from 1.
std::string in_our_words(std::string message);

}  // namespace examples
