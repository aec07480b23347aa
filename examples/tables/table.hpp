#pragma once

#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>
#include "labels.hpp"

namespace examples {

/// How a file is read.
struct TableFormat {
  char separator = ',';
  char decimal = '.';
  std::vector<std::string> ignored = {};  ///< names of columns
  LabelRule label = {};
};

/// A table of numbers. Rows are counted from 1 where people see them.
struct Table {
  std::string file;
  std::vector<std::string> names;       ///< of the columns, all different
  eigencoder::MatrixX<float> rows;      ///< a row of the table in each column of the matrix
  std::vector<bool> is_anomaly = {};    ///< of each row; empty: there are no labels
  std::string label_sentence = {};      ///< what the labels mean
  std::vector<std::string> notes = {};  ///< what was left out, a sentence each

  bool has_labels() const { return !is_anomaly.empty(); }
  eigencoder::Index anomalies() const;
};

/// Reads the columns of these names, or all but the label and the ignored ones where there are none; a column without a
/// name is left out then.
/// @param option  of the command line that names the file, with which messages begin
/// @throws UsageError where the file cannot be used, naming line and column
Table read_table(const std::string& option, const std::string& file, const TableFormat& format,
                 const std::vector<std::string>& columns = {});

}  // namespace examples
