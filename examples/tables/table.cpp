#include "table.hpp"

#include <algorithm>
#include <charconv>
#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/data/split.hpp>
#include <eigencoder/datasets/csv.hpp>
#include <set>
#include <utility>
#include "text.hpp"

namespace examples {

using eigencoder::Index;

namespace {

/// A message of `read_csv`, with the options of the command line in place of those of the library.
std::string in_our_words(std::string message) {
  const std::pair<const char*, const char*> words[] = {
      {"set CsvOptions.separator", "see --separator"},
      {"set CsvOptions.decimal", "see --decimal"},
      {" (is the first line a comment? set CsvOptions.comment)", ""},
      {" (CsvOptions.missing lists the words for unknown values)", " (this program needs every value)"},
      {"CsvOptions: ", ""}};
  for (const auto& [from, to] : words)
    if (const auto at = message.find(from); at != message.npos) message.replace(at, std::string(from).size(), to);
  constexpr const char* is_no_number = " is not a number";
  if (message.ends_with(is_no_number)) message += " (--ignore COLUMN leaves a column out)";
  return one_line(message);
}

bool is_number(const std::string& text) {
  double value = 0;
  return !text.empty() &&
         std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

/// @throws UsageError for names that cannot be told apart, or are none
void check_names(const std::vector<std::string>& names, const std::string& where) {
  if (std::all_of(names.begin(), names.end(), is_number))
    throw UsageError(where + " the first line has to name the columns, and holds numbers alone");
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (name.empty()) throw UsageError(where + " the first line has to name the columns, and names none");
    if (!is_utf8(name)) throw UsageError(where + " the name of column '" + name + "' is not UTF-8");
    if (!seen.insert(name).second) throw UsageError(where + " two columns have the name '" + name + "'");
  }
}

/// Leaves out columns without a name, such as the row numbers that pandas writes.
void drop_nameless(Table& table) {
  std::vector<Index> kept;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    if (table.names[i].empty()) {
      table.notes.push_back("Column " + std::to_string(i + 1) + " has no name and is left out.");
      continue;
    }
    kept.push_back(static_cast<Index>(i));
    names.push_back(table.names[i]);
  }
  if (kept.size() == table.names.size() || kept.empty()) return;
  table.rows = eigencoder::MatrixX<float>(table.rows(kept, Eigen::all));
  table.names = names;
}

}  // namespace

Index Table::anomalies() const { return std::count(is_anomaly.begin(), is_anomaly.end(), true); }

Table read_table(const std::string& option, const std::string& file, const TableFormat& format,
                 const std::vector<std::string>& columns) {
  eigencoder::CsvOptions options{.separator = format.separator, .decimal = format.decimal};
  for (const std::string& name : columns) options.columns.emplace_back(name);
  if (columns.empty())
    for (const std::string& name : format.ignored) options.ignored.emplace_back(name);
  if (!format.label.column.empty()) options.label = format.label.column;
  eigencoder::CsvTable<float> read;
  try {
    read = eigencoder::read_csv(file, options);
  } catch (const eigencoder::Error& error) {
    throw UsageError(option + ": " + in_our_words(error.what()));
  }
  Table table{.file = file, .names = std::move(read.columns), .rows = std::move(read.samples)};
  if (columns.empty()) drop_nameless(table);
  check_names(table.names, option + ": '" + file + "':");
  if (!format.label.column.empty()) {
    LabelMeaning meaning = read_labels(read.labels, read.label_names, format.label);
    table.is_anomaly = std::move(meaning.is_anomaly);
    table.label_sentence = std::move(meaning.sentence);
  }
  return table;
}

}  // namespace examples
