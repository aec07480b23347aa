#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/samples.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eigencoder::detail {

/// Numbers the labels of a file: whole numbers stay as they are, names are numbered in order of first appearance.
class CsvLabels {
 public:
  /// The label of the reader's row.
  /// @throws FileError for a name among whole numbers, or a whole number among names
  int next(const CsvReader& reader) {
    const std::string_view text = reader.label();
    const std::optional<int> number = reader.whole_label();
    const bool whole = number.has_value();
    if (whole != whole_.value_or(whole))
      reader.fail_label(shown(text) + (whole ? " is a whole number, but the labels before it are names"
                                             : " is no whole number, but the labels before it are"));
    whole_ = whole;
    if (whole) return *number;
    const auto [entry, is_new] = numbers_.try_emplace(std::string(text), static_cast<int>(names_.size()));
    if (is_new) names_.push_back(entry->first);
    return entry->second;
  }

  /// The name of label k at index k; empty where labels are whole numbers.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::optional<bool> whole_;  // whether labels are whole numbers; empty before the first one
  std::unordered_map<std::string, int> numbers_;
  std::vector<std::string> names_;
};

/// All rows of a file as a `CsvTable`. @throws FileError and OptionError as `read_csv` does
template <class Table>
Table read_csv_table(CsvReader reader) {
  using Scalar = typename decltype(Table::samples)::Scalar;
  Table table;
  CsvLabels labels;
  std::vector<Scalar> values, row(static_cast<std::size_t>(reader.values()));
  allocate_for_file(reader.name(), "its rows", [&] {
    while (reader.next(row.data())) {
      values.insert(values.end(), row.begin(), row.end());
      if (!reader.label().empty()) table.labels.push_back(labels.next(reader));
    }
  });
  if (values.empty()) fail_file("read", reader.name(), "it holds no rows");
  table.shape = Shape::flat(reader.values());
  table.samples = allocate_samples<Scalar>(row.size(), values.size() / row.size(), reader.name());
  std::copy(values.begin(), values.end(), table.samples.data());
  table.columns = reader.columns();
  table.label_names = labels.names();
  return table;
}

}  // namespace eigencoder::detail
