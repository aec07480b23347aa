#pragma once

#include <eigencoder/data/table.hpp>
#include <string>
#include <vector>

namespace examples {

/// Which value of a column of labels means an anomaly, as the command line says it.
struct LabelRule {
  std::string column = {};   ///< its name; empty: there are no labels
  std::string anomaly = {};  ///< the value of an anomaly; empty: found out
  std::string normal = {};   ///< the value of a normal row, all others mean an anomaly; empty: not given
  bool lenient = false;      ///< the value that is given need not occur
};

/// What the labels of rows mean.
struct LabelMeaning {
  std::vector<bool> is_anomaly;  ///< of each row
  std::string sentence;          ///< how that was found out
};

/// Applies the rule to labels: whole numbers, or indices of names where there are names. Without a
/// value in the rule, of 0 and 1 the 1 means an anomaly, of two other values the rarer one.
/// @throws UsageError where a value does not occur, where both are given, and without one where there are not two
/// values, or two of the same number
LabelMeaning read_labels(const std::vector<int>& labels, const std::vector<std::string>& names, const LabelRule& rule);

/// The same of a column of labels: words, or numbers, which are taken for words unless all are whole.
/// @throws UsageError also for a row without a label
LabelMeaning read_labels(const eigencoder::TableColumn& column, const LabelRule& rule);

}  // namespace examples
