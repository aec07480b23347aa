#include "table.hpp"

#include <algorithm>
#include <charconv>
#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/datasets/table_csv.hpp>
#include <iterator>
#include <utility>
#include "column_notes.hpp"
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::Table, eigencoder::TableColumn;

namespace {

bool is_number(std::string_view text) {
  double value = 0;
  return !text.empty() &&
         std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "'a', 'b'", up to some length.
std::string names_in_words(const Table& table) {
  constexpr std::size_t longest = 300;
  std::string text;
  for (const TableColumn& column : table.columns()) {
    if (text.size() > longest) return text + ", ...";
    text += (text.empty() ? "'" : ", '") + shortened(column.name(), 40) + "'";
  }
  return text;
}

/// The columns, but for those that meet a condition.
template <class Drops>
Table without(Table table, const Drops& drops) {
  Table kept;
  for (TableColumn& column : std::move(table).columns())
    if (!drops(column)) kept.add(std::move(column));
  return kept;
}

/// @throws UsageError for names that are none, or not text
void check_names(const Table& table, const std::string& where) {
  const auto& columns = table.columns();
  if (std::all_of(columns.begin(), columns.end(), [](const TableColumn& c) { return is_number(c.name()); }))
    throw UsageError(where + "the first line has to name the columns, and holds numbers alone");
  for (const TableColumn& column : columns)
    if (!is_utf8(column.name())) throw UsageError(where + "the name of column '" + column.name() + "' is not UTF-8");
}

/// @throws UsageError for words that are not text
void check_words(const TableColumn& column, const std::string& where) {
  if (column.holds_numbers()) return;
  for (std::size_t i = 0; i < column.words().size(); ++i)
    if (!is_utf8(column.words()[i]))
      throw UsageError(where + "row " + std::to_string(i + 1) + ", column '" + column.name() +
                       "': the word is not UTF-8");
}

eigencoder::TableCsvOptions csv_options(const TableFormat& format, const eigencoder::TableEncoder* encoder) {
  eigencoder::TableCsvOptions options{.separator = format.separator, .decimal = format.decimal};
  if (encoder) {
    options.words = encoder->word_columns();
    options.numbers = encoder->number_columns();
  } else {
    options.ignored = format.ignored;
    options.numbers = format.numbers;
  }
  return options;
}

}  // namespace

Index LabeledTable::anomalies() const { return std::count(is_anomaly.begin(), is_anomaly.end(), true); }

std::string in_our_words(std::string message) {
  const std::pair<const char*, const char*> words[] = {{" (is the first line a comment? set CsvOptions.comment)", ""},
                                                       {"CsvOptions: ", ""},
                                                       {"TableCsvOptions: ", ""},
                                                       {"TableEncoder::transform: ", ""},
                                                       {"TableEncoder: ", ""}};
  for (const auto& [from, to] : words)
    if (const auto at = message.find(from); at != message.npos) message.replace(at, std::string(from).size(), to);
  message = one_line(message);
  const char *begin = message.data() + 4, *end = message.data() + message.size();
  Index row = 0;
  if (message.starts_with("row "))  // counted from 0
    if (const auto [after, error] = std::from_chars(begin, end, row); error == std::errc{})
      message = "row " + std::to_string(row + 1) + std::string(after, end);
  if (message.ends_with(" is not a number")) message += " (--ignore COLUMN leaves a column out)";
  return message;
}

LabeledTable read_labeled_table(const std::string& option, const std::string& file, const TableFormat& format,
                                const eigencoder::TableEncoder* encoder) {
  LabeledTable table{.file = file, .cells = {}};
  try {
    table.cells = eigencoder::read_table(file, csv_options(format, encoder));
  } catch (const eigencoder::Error& error) {
    throw UsageError(option + ": " + in_our_words(error.what()) + separator_hint(file, format.separator));
  }
  const std::string where = option + ": '" + file + "': ";
  if (const std::string hint = separator_hint(file, format.separator); !hint.empty())
    throw UsageError(where + "the first line names one column" + hint);
  check_names(table.cells, where);
  if (const std::string& name = format.label.column; !name.empty()) {
    const TableColumn* const column = table.cells.find(name);
    if (!column)
      throw UsageError(where + "it has no column '" + name + "' for --label; it has " + names_in_words(table.cells));
    LabelMeaning meaning = read_labels(*column, format.label);
    table.is_anomaly = std::move(meaning.is_anomaly);
    table.label_sentence = std::move(meaning.sentence);
  }
  for (std::size_t i = 0; i < table.cells.columns().size(); ++i)
    if (table.cells.columns()[i].name().empty())
      table.notes.push_back("Column " + std::to_string(i + 1) + " has no name and is left out.");
  table.cells = without(std::move(table.cells), [&](const TableColumn& column) {
    if (column.name().empty() || column.name() == format.label.column) return true;
    check_words(column, where);
    if (encoder || holds(format.categories, column.name())) return false;
    if (const std::string doubt = doubt_about(column, format.decimal, where); !doubt.empty())
      table.notes.push_back(doubt);
    if (!names_rows(column)) return false;
    table.notes.push_back("Column '" + column.name() + "' is left out: most of its words are those of one row.");
    return true;
  });
  if (table.cells.columns().empty()) throw UsageError(where + "no column is left");
  return table;
}

Table take_rows(const Table& table, const std::vector<Index>& rows) {
  Table taken;
  for (const TableColumn& column : table.columns()) {
    const auto cells = [&](const auto& all) {
      std::vector<std::remove_cvref_t<decltype(all[0])>> some;
      for (const Index i : rows) some.push_back(all[static_cast<std::size_t>(i)]);
      return some;
    };
    if (column.holds_numbers())
      taken.add(column.name(), cells(column.numbers()));
    else
      taken.add(column.name(), cells(column.words()));
  }
  return taken;
}

}  // namespace examples
