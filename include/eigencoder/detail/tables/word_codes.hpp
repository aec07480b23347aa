#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/tables/fnv1a.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder::detail {

/// A category with a value for each word, 1 for that of the cell and 0 for the others. The last value is that of all
/// other words.
struct OneHotCode {
  std::vector<std::string> words = {};  ///< in ascending order of their bytes
  bool of_numbers = false;              ///< all words are numbers as `number_word` writes them, and come from these
  static constexpr ColumnKind kind = ColumnKind::category;

  Index size() const { return static_cast<Index>(words.size()) + 1; }
  /// The value of a word.
  Index value_of(std::string_view word) const {
    const auto found = std::lower_bound(words.begin(), words.end(), word);
    const bool is_known = found != words.end() && *found == word;
    return is_known ? static_cast<Index>(found - words.begin()) : size() - 1;
  }
  bool is_other(std::string_view word) const { return value_of(word) == size() - 1; }
  /// The word of a value.
  std::string_view word_of(Index value) const {
    return value == size() - 1 ? other_word : std::string_view(words[static_cast<std::size_t>(value)]);
  }

  friend bool operator==(const OneHotCode&, const OneHotCode&) = default;
};

/// A category of too many words to have a value for each: the value of a word is its hash modulo their number.
/// Source: Weinberger, Dasgupta, Langford, Smola & Attenberg, "Feature hashing for large scale multitask learning"
/// (2009).
struct HashCode {
  std::vector<std::string> words = {};  ///< of each value the most frequent word that has it; empty for none
  bool of_numbers = false;              ///< as of `OneHotCode`
  static constexpr ColumnKind kind = ColumnKind::category;

  Index size() const { return static_cast<Index>(words.size()); }
  Index value_of(std::string_view word) const { return static_cast<Index>(fnv1a(word) % words.size()); }
  bool is_other(std::string_view) const { return false; }
  std::string_view word_of(Index value) const { return words[static_cast<std::size_t>(value)]; }

  friend bool operator==(const HashCode&, const HashCode&) = default;
};

}  // namespace eigencoder::detail
