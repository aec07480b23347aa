#pragma once

#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// How the columns of a table become values.
namespace eigencoder {

/// The word that stands for rare and for unknown words of a category.
inline constexpr std::string_view other_word = "(other)";

/// What a column of a table is.
enum class ColumnKind {
  found,     ///< found from the cells: numbers are numbers, words are dates if all of them are, else a category
  number,    ///< numbers
  category,  ///< words, or numbers that only name something, such as a class
  date,      ///< ISO 8601 dates, with or without a time of the day
  ignored    ///< not encoded
};

/// How numbers become values of similar size.
enum class NumberScaling {
  standard,    ///< mean 0 and variance 1
  robust,      ///< median 0 and interquartile range 1, for numbers with outliers
  quantile,    ///< a normal distribution by ranks, see `QuantileScaling`
  logarithmic  ///< sign(x) log(1 + |x|), then as `standard`, for numbers of many magnitudes
};

/// What a `TableEncoder` is told of a column.
struct ColumnOptions {
  std::string name;                           ///< of the column
  ColumnKind kind = ColumnKind::found;        ///< what the column is
  std::optional<NumberScaling> scaling = {};  ///< of a column of numbers; by default `TableEncoderOptions::scaling`
};

/// How a `TableEncoder` learns.
struct TableEncoderOptions {
  NumberScaling scaling = NumberScaling::standard;  ///< of numbers
  Index quantiles = 100;                            ///< points that `NumberScaling::quantile` stores, at least 2
  /// A category of more words has no value for each of them: its words are hashed.
  Index max_words = 64;
  Index hash_values = 32;  ///< the values of a column whose words are hashed
  /// Words of fewer cells than this share one value, "(other)", with all unknown words.
  Index min_count = 1;
  bool refuse_extra_columns = false;        ///< a table may have no columns that the encoder does not know
  std::vector<ColumnOptions> columns = {};  ///< of columns that you want to tell about
};

}  // namespace eigencoder
