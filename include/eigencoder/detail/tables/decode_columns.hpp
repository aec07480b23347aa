#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/data/table.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/tables/column_code.hpp>
#include <eigencoder/detail/tables/number_words.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

/// @file
/// The cells of a column from its values, which begin at value `first` of each sample. A cell is missing where one of
/// its values is NaN.
namespace eigencoder::detail {

template <class Scalar>
bool any_nan(const Scalar* values, Index count) {
  return std::any_of(values, values + count, [](Scalar value) { return std::isnan(value); });
}

/// The distance from a scaled number to the next one that a sample can hold. Around 0 it is that of 0.001: what a model
/// computes is no finer. 0 itself is exact, that of a constant column.
template <class Scalar>
double spacing(Scalar value) {
  if (value == 0) return 0;
  const Scalar size = (std::max)((std::abs)(value), static_cast<Scalar>(1e-3));
  return static_cast<double>(std::nextafter(size, std::numeric_limits<Scalar>::infinity()) - size);
}

/// Numbers have no digits that their scaled values cannot hold.
template <class Scalar>
TableColumn decode_column(std::string name, const NumberCode& code, View<Scalar> samples, Index first) {
  std::vector<double> numbers, above, below;
  for (Index j = 0; j < samples.cols(); ++j) {
    const Scalar value = samples.column(j)[first];
    numbers.push_back(static_cast<double>(value));
    above.push_back(numbers.back() + spacing(value));
    below.push_back(numbers.back() - spacing(value));
  }
  for (std::vector<double>* all : {&numbers, &above, &below}) code.inverse_transform(*all);
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();  // of the inverse, relative
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (std::isnan(numbers[i])) continue;
    const double half = (std::max)(above[i] / 2 - numbers[i] / 2, numbers[i] / 2 - below[i] / 2);
    numbers[i] = with_fewest_digits(numbers[i], (std::max)(half, rounding * (std::abs)(numbers[i])));
  }
  return {std::move(name), std::move(numbers)};
}

/// The word of the largest value; of equal ones, of the first.
template <class Scalar, class WordCode>
  requires requires(const WordCode& code) { code.value_of(""); }
TableColumn decode_column(std::string name, const WordCode& code, View<Scalar> samples, Index first) {
  std::vector<std::string> words;
  for (Index j = 0; j < samples.cols(); ++j) {
    const Scalar* const values = samples.column(j) + first;
    words.emplace_back();
    if (any_nan(values, code.size())) continue;
    words.back() = code.word_of(static_cast<Index>(std::max_element(values, values + code.size()) - values));
  }
  if (!code.of_numbers) return {std::move(name), std::move(words)};
  std::vector<double> numbers(words.size(), missing_number);
  for (std::size_t i = 0; i < words.size(); ++i) {
    double number = 0;
    if (parse_number(words[i], number) == NumberText::number) numbers[i] = number;
  }
  return {std::move(name), std::move(numbers)};
}

template <class Scalar>
TableColumn decode_column(std::string name, const DateCode& code, View<Scalar> samples, Index first) {
  std::vector<std::string> dates;
  for (Index j = 0; j < samples.cols(); ++j) {
    const Scalar* const values = samples.column(j) + first;
    double of_date[7] = {};
    for (Index v = 0; v < code.size(); ++v) of_date[v] = static_cast<double>(values[v]);
    dates.push_back(any_nan(values, code.size()) ? "" : date_text(code.decode(of_date), code.format));
  }
  return {std::move(name), std::move(dates)};
}

}  // namespace eigencoder::detail
