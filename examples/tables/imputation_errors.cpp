#include "imputation_errors.hpp"

#include <chrono>
#include <cmath>
#include <common/formatted.hpp>
#include <cstddef>
#include <cstdio>
#include "text.hpp"

namespace examples {

using eigencoder::ColumnKind, eigencoder::EncodedColumn, eigencoder::Index, eigencoder::MatrixX, eigencoder::Table;

namespace {

/// The time of an ISO 8601 date in days.
double days_of(const std::string& date) {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0;
  std::sscanf(date.c_str(), "%d-%d-%d%*c%d:%d", &year, &month, &day, &hour, &minute);
  namespace time = std::chrono;
  const time::sys_days midnight =
      time::year(year) / time::month(static_cast<unsigned>(month)) / time::day(static_cast<unsigned>(day));
  return static_cast<double>(midnight.time_since_epoch().count()) + (hour + minute / 60.0) / 24;
}

/// One standard deviation of each column in its unit, of dates in days; 1 for categories.
std::vector<double> units(const eigencoder::TableEncoder& encoder) {
  constexpr float high = 2;
  MatrixX<float> two = MatrixX<float>::Zero(encoder.value_count(), 2);
  for (const EncodedColumn& column : encoder.columns()) two.row(column.first_value) << -high, high;
  const Table table = encoder.inverse_transform(two);
  std::vector<double> units;
  for (const EncodedColumn& column : encoder.columns()) {
    const eigencoder::TableColumn& cells = table.column(column.name);
    double between = 2 * static_cast<double>(high);
    if (column.kind == ColumnKind::number) between = cells.numbers()[1] - cells.numbers()[0];
    if (column.kind == ColumnKind::date) between = days_of(cells.words()[1]) - days_of(cells.words()[0]);
    units.push_back(between / (2 * static_cast<double>(high)));
  }
  return units;
}

std::string figure(const ColumnErrors& column, std::size_t method) {
  if (column.removed == 0) return "-";
  if (column.is_category()) return formatted("%.1f %%", 100 * column.figures[method]);
  return plain_number(column.figures[method] * column.unit) + (column.kind == ColumnKind::date ? " d" : "");
}

}  // namespace

std::vector<ColumnErrors> errors_by_column(const eigencoder::TableEncoder& encoder, const RemovedCells& removed,
                                           const std::vector<FilledRows>& methods) {
  const std::vector<EncodedColumn> encoded = encoder.columns();
  const std::vector<double> unit = units(encoder);
  std::vector<ColumnErrors> columns;
  for (std::size_t k = 0; k < encoded.size(); ++k)
    columns.push_back({.name = encoded[k].name, .kind = encoded[k].kind, .unit = unit[k]});
  for (ColumnErrors& column : columns) column.figures.assign(methods.size(), 0);
  if (removed.cells.empty()) return columns;

  const MatrixX<float> truth = encoder.transform(removed.truth);
  for (const RemovedCell& cell : removed.cells) ++columns[cell.column].removed;
  for (std::size_t m = 0; m < methods.size(); ++m) {
    const Table words = encoder.inverse_transform(methods[m].values);
    for (const RemovedCell& cell : removed.cells) {
      ColumnErrors& column = columns[cell.column];
      const Index value = encoded[cell.column].first_value;
      const auto row = static_cast<std::size_t>(cell.row);
      if (column.is_category())
        column.figures[m] +=
            words.columns()[cell.column].words()[row] == removed.truth.columns()[cell.column].words()[row] ? 1 : 0;
      else
        column.figures[m] +=
            std::pow(static_cast<double>(methods[m].values(value, cell.row) - truth(value, cell.row)), 2);
    }
  }
  for (ColumnErrors& column : columns)
    for (double& sum : column.figures) {
      if (column.removed > 0) sum /= static_cast<double>(column.removed);
      if (!column.is_category()) sum = std::sqrt(sum);
    }
  return columns;
}

std::optional<double> overall(const std::vector<ColumnErrors>& columns, std::size_t method, bool categories) {
  double sum = 0, count = 0;
  for (const ColumnErrors& column : columns) {
    if (column.is_category() != categories) continue;
    const double mean = categories ? column.figures[method] : std::pow(column.figures[method], 2);
    sum += mean * static_cast<double>(column.removed);
    count += static_cast<double>(column.removed);
  }
  if (count == 0) return {};
  return categories ? sum / count : std::sqrt(sum / count);
}

double expected_error(const std::vector<ColumnErrors>& columns, std::size_t column, float disagreement) {
  const bool judged = columns[column].removed > 0;
  const double error = judged ? columns[column].figures[0] : overall(columns, 0, false).value_or(1);
  return std::hypot(error, static_cast<double>(disagreement));
}

Calibration calibration_of(const eigencoder::TableEncoder& encoder, const RemovedCells& removed,
                           const ImputedRows& imputed, const std::vector<ColumnErrors>& columns) {
  if (removed.cells.empty()) return {};
  const MatrixX<float> truth = encoder.transform(removed.truth);
  const std::vector<EncodedColumn> encoded = encoder.columns();
  double numbers = 0, within = 0, words = 0, probability = 0;
  for (const RemovedCell& cell : removed.cells) {
    const EncodedColumn& column = encoded[cell.column];
    const auto values = imputed.values.col(cell.row).segment(column.first_value, column.value_count);
    if (column.kind != ColumnKind::category) {
      const auto error = static_cast<double>(values[0] - truth(column.first_value, cell.row));
      const float disagreement = imputed.spread(column.first_value, cell.row);
      within += (std::abs)(error) <= 2 * expected_error(columns, cell.column, disagreement) ? 1 : 0;
      ++numbers;
    } else if (!column.hashed) {
      probability += static_cast<double>(values.maxCoeff());
      ++words;
    }
  }
  const auto mean = [](double sum, double count) { return count > 0 ? std::optional(sum / count) : std::nullopt; };
  return {mean(within, numbers), mean(probability, words)};
}

void add_errors(JsonObject& json, const std::vector<ColumnErrors>& columns, const std::vector<FilledRows>& methods) {
  const auto key = [&](std::size_t m, bool categories) {
    if (m == 1) return std::string(categories ? "most_frequent_accuracy" : "mean_rmse");
    return (methods[m].key.empty() ? "" : methods[m].key + "_") + (categories ? "accuracy" : "rmse");
  };
  for (const bool categories : {false, true})
    for (std::size_t m = 0; m < methods.size(); ++m) json.number(key(m, categories), overall(columns, m, categories));
  JsonObject all;
  for (const ColumnErrors& column : columns) {
    JsonObject one;
    one.whole("judged", column.removed);
    for (std::size_t m = 0; m < methods.size(); ++m)
      one.number(key(m, column.is_category()), column.removed > 0 ? std::optional(column.figures[m]) : std::nullopt);
    all.object(column.name, one);
  }
  json.object("columns", all);
}

std::string errors_table(const std::vector<ColumnErrors>& columns, const std::vector<FilledRows>& methods,
                         const std::vector<Index>& filled) {
  constexpr std::size_t name_width = 24, width = 16;
  std::string text = padded("column", name_width) + padded("filled", 10) + padded("judged", 10);
  for (const FilledRows& method : methods) text += padded(method.name, width);
  text += "\n";
  for (std::size_t k = 0; k < columns.size(); ++k) {
    text += padded(shortened(columns[k].name, name_width - 2), name_width) + padded(std::to_string(filled[k]), 10) +
            padded(std::to_string(columns[k].removed), 10);
    for (std::size_t m = 0; m < methods.size(); ++m) text += padded(figure(columns[k], m), width);
    text += columns[k].is_category() ? "right\n" : "error\n";
  }
  for (const bool categories : {false, true}) {
    if (!overall(columns, 0, categories)) continue;
    text += padded(categories ? "all words" : "all numbers, standardized", name_width + 20);
    for (std::size_t m = 0; m < methods.size(); ++m) {
      const double value = *overall(columns, m, categories);
      text += padded(categories ? formatted("%.1f %%", 100 * value) : formatted("%.3f", value), width);
    }
    text += categories ? "right\n" : "error\n";
  }
  return text;
}

}  // namespace examples
