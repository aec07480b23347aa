#pragma once

#include <cstddef>
#include <eigencoder/extend/diagnosis.hpp>
#include <string_view>
#include <utility>

/// @file
/// A `Diagnosis` as template arguments, which compilers quote when an assertion fails.
namespace eigencoder::detail {

/// A line of a sentence as a template argument. clang prints such a string whole only if it is full and has no more
/// than 36 characters, so sentences are divided at blanks and padded.
struct Line {
  static constexpr std::size_t capacity = 36;
  char text[capacity + 1] = {};

  constexpr explicit Line(std::string_view words) {
    for (std::size_t i = 0; i < capacity; ++i) text[i] = i < words.size() ? words[i] : ' ';
  }
};

/// Line `number` of a sentence, counted from 0, which is divided at blanks, and inside words longer than a line; empty
/// after the last line.
constexpr std::string_view nth_line(std::string_view rest, std::size_t number) {
  for (std::size_t i = 0;; ++i) {
    std::size_t end = rest.size();
    if (end > Line::capacity) {
      end = rest.substr(0, Line::capacity + 1).rfind(' ');
      if (end == std::string_view::npos || end == 0) end = Line::capacity;
    }
    if (i == number || rest.empty()) return rest.substr(0, end);
    rest.remove_prefix(end);
    if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  }
}

/// The number of lines of a sentence.
constexpr std::size_t line_count(std::string_view text) {
  std::size_t n = 0;
  while (!nth_line(text, n).empty()) ++n;
  return n;
}

/// A broken rule and its sentence: compilers quote both when an assertion on `satisfies` fails.
template <Rule Broken, Line... Sentence>
struct Stated {
  template <Rule Other>
  static constexpr bool satisfies = Broken != Other;
};

/// Makes the `Stated` of `Source::diagnosis`.
template <class Source, class Indices>
struct StateLines;
template <class Source, std::size_t... K>
struct StateLines<Source, std::index_sequence<K...>> {
  static constexpr Text text = Source::diagnosis.case_text();
  using type = Stated<Source::diagnosis.rule, Line(nth_line(text.view(), K))...>;
};

/// `Source::diagnosis` as a `Stated`, without lines if nothing is wrong.
template <class Source>
using StatedBy =
    typename StateLines<Source, std::make_index_sequence<line_count(Source::diagnosis.case_text().view())>>::type;

}  // namespace eigencoder::detail
