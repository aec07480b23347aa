#include "filled_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <common/plot_axis.hpp>
#include <cstddef>
#include <map>
#include <set>
#include "text.hpp"

namespace examples {

using eigencoder::ColumnKind, eigencoder::EncodedColumn, eigencoder::Index, eigencoder::MatrixX,
    eigencoder::TableColumn;

namespace {

using Words = std::vector<std::string>;

/// The most decimals that the known numbers of a column have; -1 where one is written with an exponent.
int decimals_of(const TableColumn& texts, const TableColumn& cells, const GappyTable& table, char decimal) {
  std::size_t most = 0;
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    if (cells.is_missing(static_cast<Index>(k))) continue;
    const std::string& text = texts.words()[static_cast<std::size_t>(table.rows[k])];
    if (text.find_first_of("eE") != text.npos) return -1;
    const auto point = text.find(decimal);
    if (point != text.npos) most = (std::max)(most, text.size() - point - 1);
  }
  return static_cast<int>(most);
}

std::string number_text(double value, int decimals, char decimal) {
  std::string text = decimals < 0 ? csv_number(static_cast<float>(value)) : fixed_text(value, decimals);
  if (text.find_first_not_of("-0.") == text.npos && text[0] == '-') text.erase(0, 1);
  std::replace(text.begin(), text.end(), '.', decimal);
  return text;
}

/// How often each word comes among those that share its hash; 1 for words that have a value of their own.
std::map<std::string, double> shares_of_words(const EncodedColumn& column, const TableColumn& cells,
                                              const eigencoder::Table& table, const eigencoder::TableEncoder& encoder) {
  std::map<std::string, double> shares;
  if (!column.hashed) return shares;
  const MatrixX<float> samples = encoder.transform(table);
  std::map<std::string, Index> values;
  std::vector<double> of_value(static_cast<std::size_t>(column.value_count));
  for (Index j = 0; j < cells.size(); ++j) {
    if (cells.is_missing(j)) continue;
    Index value = 0;
    samples.col(j).segment(column.first_value, column.value_count).maxCoeff(&value);
    const std::string& word = cells.words()[static_cast<std::size_t>(j)];
    values[word] = value;
    ++shares[word];
    ++of_value[static_cast<std::size_t>(value)];
  }
  for (auto& [word, share] : shares) share /= of_value[static_cast<std::size_t>(values[word])];
  return shares;
}

/// A line of the file.
std::string line_of(const Words& fields, char separator) {
  std::string text;
  for (std::size_t k = 0; k < fields.size(); ++k) {
    if (k > 0) text += separator;
    text += csv_quoted(fields[k], separator);
  }
  return text + "\n";
}

/// Writes answers into the gaps of a column's texts, and returns how sure each is; nothing where there are no gaps.
/// @param k  the column's index in the encoder
Words fill_column(TableColumn& texts, std::size_t k, const TableColumn& answers, const GappyTable& table,
                  const eigencoder::TableEncoder& encoder, const ImputedRows& imputed,
                  const std::vector<ColumnErrors>& errors, char decimal) {
  const TableColumn& cells = table.cells.columns()[k];
  const EncodedColumn column = encoder.columns()[k];
  const int decimals = cells.holds_numbers() ? decimals_of(texts, cells, table, decimal) : 0;
  const auto shares = shares_of_words(column, cells, table.cells, encoder);
  Words sure;
  for (Index j = 0; j < cells.size(); ++j) {
    if (!cells.is_missing(j)) continue;
    const auto i = static_cast<std::size_t>(j), row = static_cast<std::size_t>(table.rows[i]);
    texts.words()[row] = cells.holds_numbers() ? number_text(answers.numbers()[i], decimals, decimal)
                                               : without_formula(answers.words()[i]);
    double value = 0;
    if (column.kind == ColumnKind::category) {
      value = static_cast<double>(imputed.values.col(j).segment(column.first_value, column.value_count).maxCoeff());
      if (const auto share = shares.find(answers.words()[i]); share != shares.end()) value *= share->second;
    } else {
      value = errors[k].unit * expected_error(errors, k, imputed.spread(column.first_value, j));
    }
    sure.resize(texts.words().size());
    sure[row] = plain_number(value);
    std::replace(sure[row].begin(), sure[row].end(), '.', decimal);
  }
  return sure;
}

}  // namespace

std::string without_formula(const std::string& word) {
  if (word.empty() || std::string("=+-@\t\r").find(word[0]) == std::string::npos) return word;
  double number = 0;
  const char* const begin = word.data() + (word[0] == '+' && word.find_first_of("+-", 1) != 1 ? 1 : 0);
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(begin, end, number);
  return read.ptr == end && read.ec == std::errc() ? word : "'" + word;
}

std::string filled_csv(const GappyTable& table, const eigencoder::TableEncoder& encoder, const ImputedRows& imputed,
                       const std::vector<ColumnErrors>& errors, const GappyFormat& format) {
  std::vector<TableColumn> columns = table.texts.columns();
  std::set<std::string> names;
  for (TableColumn& column : columns) {
    names.insert(column.name());
    const TableColumn* const cells = table.cells.find(column.name());
    if (cells != nullptr && cells->holds_numbers()) continue;  // with a decimal comma too numbers are no formulas
    for (std::string& word : column.words()) word = without_formula(word);
  }
  const eigencoder::Table answers = encoder.inverse_transform(imputed.values);
  for (std::size_t k = 0; k < answers.columns().size(); ++k) {
    const std::string& name = answers.columns()[k].name();
    const auto texts = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name() == name; });
    const Words sure = fill_column(*texts, k, answers.columns()[k], table, encoder, imputed, errors, format.decimal);
    if (sure.empty()) continue;
    std::string sure_name = name + (errors[k].is_category() ? "_probability" : "_spread");
    while (!names.insert(sure_name).second) sure_name += "_";
    columns.emplace_back(sure_name, sure);
  }

  Words fields;
  for (const TableColumn& column : columns) fields.push_back(without_formula(column.name()));
  std::string text = line_of(fields, format.separator);
  for (std::size_t row = 0; row < columns.front().words().size(); ++row) {
    for (std::size_t k = 0; k < columns.size(); ++k) fields[k] = columns[k].words()[row];
    text += line_of(fields, format.separator);
  }
  return text;
}

}  // namespace examples
