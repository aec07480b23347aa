#include "encoding.hpp"

#include <algorithm>
#include <cmath>
#include <common/options.hpp>
#include <eigencoder/anomaly/calibration_split.hpp>
#include <utility>
#include "text.hpp"

namespace examples {

using eigencoder::ColumnKind, eigencoder::Index, eigencoder::MatrixX, eigencoder::Table, eigencoder::TableColumn,
    eigencoder::TableEncoder;

namespace {

bool holds_nothing(const TableColumn& column) {
  for (Index i = 0; i < column.size(); ++i)
    if (!column.is_missing(i)) return false;
  return true;
}

/// Whether known numbers are all above 0, and more skewed than 1, as amounts and durations are.
bool is_skewed(const TableColumn& column) {
  double count = 0, mean = 0, square = 0, cube = 0;
  for (const double x : column.numbers()) {
    if (x <= 0) return false;
    if (!std::isnan(x)) mean += (x - mean) / ++count;
  }
  for (const double x : column.numbers()) {
    if (std::isnan(x)) continue;
    const double deviation = x - mean;
    square += deviation * deviation / count;
    cube += deviation * deviation * deviation / count;
  }
  return cube > std::pow(square, 1.5);
}

/// What `use` returns. @throws UsageError in place of the library's errors
template <class Use>
auto in_words_of(const std::string& file, const Use& use) {
  try {
    return use();
  } catch (const eigencoder::Error& error) {
    throw UsageError("'" + file + "': " + in_our_words(error.what()));
  }
}

}  // namespace

TableEncoder learn_encoder(LabeledTable& table, const std::vector<Index>& rows, TrainOn train_on,
                           const std::vector<std::string>& categories, std::uint64_t seed) {
  constexpr Index least_count = 3;
  const Table training = take_rows(table.cells, rows);
  const Table trained_on =
      take_rows(training, eigencoder::calibration_split(static_cast<Index>(rows.size()), {}, seed).train);
  eigencoder::TableEncoderOptions options{.min_count = least_count};
  if (train_on == TrainOn::all) options.scaling = eigencoder::NumberScaling::robust;
  const bool has_words = !categories.empty() || std::ranges::any_of(training.columns(), [](const TableColumn& column) {
    return !column.holds_numbers();
  });
  for (const TableColumn& column : training.columns()) {
    const std::string& name = column.name();
    if (holds_nothing(trained_on.column(name))) {
      table.notes.push_back("Column '" + name + "' holds nothing in the rows to train on and is left out.");
      options.columns.push_back({name, ColumnKind::ignored});
    } else if (std::ranges::count(categories, name) > 0) {
      options.columns.push_back({name, ColumnKind::category});
    } else if (has_words && column.holds_numbers() && is_skewed(column)) {
      options.columns.push_back({name, ColumnKind::number, eigencoder::NumberScaling::logarithmic});
    }
  }
  return in_words_of(table.file, [&] {
    for (const std::string& name : categories) training.column(name);
    return TableEncoder(training, options);
  });
}

MatrixX<float> encode(const TableEncoder& encoder, const LabeledTable& table) {
  return in_words_of(table.file, [&] { return encoder.transform(table.cells); });
}

std::vector<std::string> column_names(const TableEncoder& encoder) {
  std::vector<std::string> names;
  for (const auto& column : encoder.columns()) names.push_back(column.name);
  return names;
}

std::string kinds_of_columns(const TableEncoder& encoder) {
  Index numbers = 0, categories = 0, dates = 0;
  for (const auto& column : encoder.columns())
    ++(column.kind == ColumnKind::number ? numbers : column.kind == ColumnKind::date ? dates : categories);
  std::string text;
  const auto add = [&](Index count, const std::string& some) {
    if (count > 0) text += (text.empty() ? "" : ", ") + some;
  };
  add(numbers, counted(numbers, "number"));
  add(categories, categories == 1 ? "1 category" : std::to_string(categories) + " categories");
  add(dates, counted(dates, "date"));
  return text;
}

double missing_share(const TableEncoder& encoder, const Table& table) {
  double missing = 0, all = 0;
  for (const auto& count : encoder.count_cells(table)) {
    missing += static_cast<double>(count.missing);
    all += static_cast<double>(count.missing + count.known);
  }
  return missing / all;
}

std::vector<std::string> other_words(const TableEncoder& encoder, const Table& table) {
  std::vector<std::string> sentences;
  const auto counts = encoder.count_cells(table);
  const auto columns = encoder.columns();
  for (std::size_t k = 0; k < columns.size(); ++k)
    if (counts[k].other > 0)
      sentences.push_back("Column '" + columns[k].name + "': " + counted(counts[k].other, "cell") +
                          " of words that the detector hardly knows, or not at all.");
  return sentences;
}

}  // namespace examples
