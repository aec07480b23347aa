#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/detail/data/running_statistics.hpp>
#include <eigencoder/detail/tables/date_code.hpp>
#include <eigencoder/detail/tables/number_code.hpp>
#include <eigencoder/detail/tables/word_codes.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

/// @file
/// What is learned of a column from its cells, one after another, in bounded memory.
namespace eigencoder::detail {

/// The standard deviation; 1 where it is 0, so that a constant column can be divided by it.
inline double scale_of(const RunningMoments& moments) {
  const double stddev = moments.stddev();
  return stddev == 0 ? 1 : stddev;
}

/// Learns a `NumberCode`.
class NumberLearner {
 public:
  NumberLearner(NumberScaling scaling, Index quantiles, std::uint32_t stream)
      : scaling_(scaling), quantiles_(quantiles), drawn_(4, stream) {}

  void add(double x) {
    moments_.add(scaling_ == NumberScaling::logarithmic ? NumberCode::logarithm(x) : x);
    if (scaling_ == NumberScaling::robust || scaling_ == NumberScaling::quantile) drawn_.add(x);
  }
  /// Of at least one number. Where the numbers span more than a double can hold, the scale is infinite.
  NumberCode learned() const {
    NumberCode code{scaling_, moments_.mean, scale_of(moments_)};
    if (scaling_ == NumberScaling::standard || scaling_ == NumberScaling::logarithmic) return code;
    std::vector<double> sorted = drawn_.drawn();
    std::sort(sorted.begin(), sorted.end());
    const double range = sorted.back() - sorted.front();
    if (!std::isfinite(code.scale) || !std::isfinite(range)) return {scaling_, 0, range};
    if (scaling_ == NumberScaling::robust) {
      const std::span<const double> numbers(sorted);
      const double quartiles = quantile_of_sorted(numbers, 0.75) - quantile_of_sorted(numbers, 0.25);
      return {scaling_, quantile_of_sorted(numbers, 0.5), quartiles > 0 ? quartiles : code.scale};
    }
    const View<double> samples(sorted.data(), 1, static_cast<Index>(sorted.size()));
    return {scaling_, 0, 1, quantile_scaling(samples, {.quantiles = quantiles_, .output = OutputDistribution::normal})};
  }

 private:
  NumberScaling scaling_;
  Index quantiles_;
  RunningMoments moments_;
  Reservoir<double> drawn_;
};

/// Learns a `DateCode`.
class DateLearner {
 public:
  void add(const IsoDate& date) {
    moments_.add(static_cast<double>(date.microseconds) / 1e6);
    if (!format_.has_time) format_.separator = date.format.separator;
    format_.has_time |= date.format.has_time;
    format_.has_seconds |= date.format.has_seconds;
    format_.utc |= date.format.utc;
    format_.digits = (std::max)(format_.digits, date.format.digits);
  }
  DateCode learned() const { return {format_, moments_.mean, scale_of(moments_)}; }

 private:
  RunningMoments moments_;
  DateFormat format_;
};

/// Learns a `OneHotCode` or a `HashCode`.
class WordLearner {
 public:
  /// @param is_number  whether the cell is a number, written as a word
  void add(std::string_view word, bool is_number) {
    of_numbers_ &= is_number;
    if (const auto found = counts_.find(std::string(word)); found != counts_.end())
      ++found->second;
    else if (counts_.size() < max_distinct)
      counts_.emplace(word, 1);
    else
      is_full_ = true;
  }
  std::variant<OneHotCode, HashCode> learned(const TableEncoderOptions& options) const {
    OneHotCode code{{}, of_numbers_};
    for (const auto& [word, count] : counts_)
      if (count >= options.min_count && word != other_word) code.words.push_back(word);
    std::sort(code.words.begin(), code.words.end());
    if (!is_full_ && static_cast<Index>(code.words.size()) <= options.max_words) return code;
    return hashed(static_cast<std::size_t>(options.hash_values));
  }
  /// The number of cells with one of these words.
  Index cells_of(const std::vector<std::string>& words) const {
    Index cells = 0;
    for (const std::string& word : words) cells += counts_.at(word);
    return cells;
  }

 private:
  static constexpr std::size_t max_distinct = 65536;  // of more words, only so many are counted

  /// The most frequent word of each value; of those equally frequent, the first in ascending order.
  HashCode hashed(std::size_t values) const {
    HashCode code{std::vector<std::string>(values), of_numbers_};
    std::vector<Index> most(values, 0);
    for (const auto& [word, count] : counts_) {
      const auto value = static_cast<std::size_t>(code.value_of(word));
      if (count < most[value] || (count == most[value] && word > code.words[value])) continue;
      most[value] = count;
      code.words[value] = word;
    }
    return code;
  }

  std::unordered_map<std::string, Index> counts_;
  bool of_numbers_ = true, is_full_ = false;
};

}  // namespace eigencoder::detail
