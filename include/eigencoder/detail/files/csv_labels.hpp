#pragma once

#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/shown_text.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eigencoder::detail {

/// Makes labels of their texts: whole numbers stay as they are, names are numbered in order of their first appearance.
class CsvLabels {
 public:
  /// The label of the reader's row. @throws FileError where it is of another sort than those before it
  int next(const CsvReader& reader) {
    const std::string_view text = reader.label();
    const std::optional<int> number = reader.whole_label();
    const bool whole = number.has_value();
    if (whole != whole_.value_or(whole))
      reader.fail_label(shown(text) + (whole ? " is a whole number, but the labels before it are names"
                                             : " is no whole number, but the labels before it are"));
    whole_ = whole;
    if (whole) return *number;
    const auto [at, is_new] = numbers_.try_emplace(std::string(text), static_cast<int>(names_.size()));
    if (is_new) names_.push_back(at->first);
    return at->second;
  }

  /// Label k is written so; empty where labels are whole numbers.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::optional<bool> whole_;  // none: no label yet
  std::unordered_map<std::string, int> numbers_;
  std::vector<std::string> names_;
};

}  // namespace eigencoder::detail
