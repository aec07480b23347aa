#include "labels.hpp"

#include <algorithm>
#include <cmath>
#include <common/options.hpp>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <optional>
#include "text.hpp"

namespace examples {

namespace {

/// The values of a column of labels, and how often each occurs.
class LabelValues {
 public:
  LabelValues(const std::vector<int>& labels, const std::vector<std::string>& names, const std::string& column)
      : names_(names), column_(column) {
    for (const int label : labels) ++counts_[label];
  }

  const std::map<int, std::ptrdiff_t>& counts() const { return counts_; }
  bool words() const { return !names_.empty(); }
  std::string text(int value) const {
    return words() ? names_[static_cast<std::size_t>(value)] : std::to_string(value);
  }

  /// The value that is written like this, where it occurs. Of a number, +1, 1 and 1.0 are the same.
  std::optional<int> find(const std::string& wanted) const {
    for (const auto& [value, count] : counts_) {
      if (text(value) == wanted) return value;
      char* end = nullptr;
      if (!words() && std::strtod(wanted.c_str(), &end) == value && *end == '\0' && end != wanted.c_str()) return value;
    }
    return std::nullopt;
  }

  /// The column and its values, for messages.
  std::string in_words() const {
    constexpr std::size_t shown = 8;
    std::string list;
    std::size_t k = 0;
    for (const auto& [value, count] : counts_) {
      if (k++ == shown) break;
      list += (list.empty() ? "" : ", ") + text(value) + " (" + counted(count, "row") + ")";
    }
    return "the column '" + column_ + "' holds " + list + (counts_.size() > shown ? ", ..." : "");
  }

 private:
  const std::vector<std::string>& names_;
  std::string column_;
  std::map<int, std::ptrdiff_t> counts_;
};

[[noreturn]] void ask(const LabelValues& values) {
  throw UsageError("--label: " + values.in_words() +
                   "; say which value means an anomaly with --anomaly VALUE, or which one is "
                   "normal with --normal VALUE");
}

/// The value that means an anomaly where the command line gives none; empty: no row is one.
std::optional<int> likely_anomaly(const LabelValues& values) {
  const auto& counts = values.counts();
  const bool binary = !values.words() && counts.begin()->first >= 0 && counts.rbegin()->first <= 1;
  if (binary) return counts.count(1) > 0 ? std::optional(1) : std::nullopt;
  if (counts.size() != 2) ask(values);
  const auto first = *counts.begin(), second = *counts.rbegin();
  if (first.second == second.second) ask(values);
  return first.second < second.second ? first.first : second.first;
}

}  // namespace

LabelMeaning read_labels(const std::vector<int>& labels, const std::vector<std::string>& names, const LabelRule& rule) {
  if (!rule.anomaly.empty() && !rule.normal.empty())
    throw UsageError("--anomaly, --normal: give one of them, the other values have the other meaning");
  const LabelValues values(labels, names, rule.column);
  LabelMeaning meaning;
  const auto mark = [&](std::optional<int> value, bool as) {
    for (const int label : labels) meaning.is_anomaly.push_back(value && label == *value ? as : !as);
  };
  const bool by_normal = !rule.normal.empty(), given = by_normal || !rule.anomaly.empty();
  const std::string& wanted = by_normal ? rule.normal : rule.anomaly;
  const std::optional<int> value = given ? values.find(wanted) : likely_anomaly(values);
  if (given && !value && !rule.lenient)
    throw UsageError(std::string(by_normal ? "--normal" : "--anomaly") + ": no row has the value '" + wanted +
                     "': " + values.in_words());
  mark(value, !by_normal);
  const std::string text = given ? wanted : value ? values.text(*value) : "1";
  meaning.sentence = "'" + rule.column + "' = " + text + (by_normal ? " is normal, all else is not" : " is an anomaly");
  if (!given && text != "1") meaning.sentence += ", the rarer of two values (--anomaly VALUE says otherwise)";
  return meaning;
}

LabelMeaning read_labels(const eigencoder::TableColumn& column, const LabelRule& rule) {
  for (eigencoder::Index i = 0; i < column.size(); ++i)
    if (column.is_missing(i))
      throw UsageError("--label: row " + std::to_string(i + 1) + ", column '" + column.name() +
                       "': the label is missing");
  constexpr double most = 1e9;
  const auto is_whole = [](double x) { return x == std::floor(x) && (std::abs)(x) < most; };
  std::vector<int> labels;
  if (column.holds_numbers() && std::ranges::all_of(column.numbers(), is_whole)) {
    for (const double x : column.numbers()) labels.push_back(static_cast<int>(x));
    return read_labels(labels, {}, rule);
  }
  std::vector<std::string> names;
  std::map<std::string, int> number_of;
  for (std::size_t i = 0; i < static_cast<std::size_t>(column.size()); ++i) {
    const std::string word = column.holds_numbers() ? csv_number(column.numbers()[i]) : column.words()[i];
    const auto [entry, is_new] = number_of.try_emplace(word, static_cast<int>(names.size()));
    if (is_new) names.push_back(word);
    labels.push_back(entry->second);
  }
  return read_labels(labels, names, rule);
}

}  // namespace examples
