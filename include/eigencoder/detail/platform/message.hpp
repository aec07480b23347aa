#pragma once

#include <concepts>
#include <cstddef>
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

/// Text from a file, for a message: in quotes, shortened to 60 bytes and to whole characters of UTF-8, control
/// characters as '?'.
inline std::string shown(std::string_view text) {
  std::size_t limit = 60;
  for (int i = 0; i < 3 && limit < text.size() && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80; ++i)
    --limit;
  std::string out = "'";
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return out + (text.size() > limit ? "...'" : "'");
}

}  // namespace eigencoder::detail
