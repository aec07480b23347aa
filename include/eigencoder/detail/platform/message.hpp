#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace eigencoder::detail {

/// A word or a number of a message.
struct Word {
  std::string text;
  Word(std::string_view word) : text(word) {}
  Word(const char* word) : text(word) {}
  Word(const std::string& word) : text(word) {}
  Word(std::integral auto number) : text(std::to_string(number)) {}
};

/// "eigencoder: " and the words: what an exception says. Not inlined, so that callers stay small.
[[gnu::cold]] inline std::string message(std::initializer_list<Word> words) {
  std::string all = "eigencoder: ";
  for (const Word& word : words) all += word.text;
  return all;
}

}  // namespace eigencoder::detail
