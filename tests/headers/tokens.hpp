#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

/// The source with blanks for the text of comments and of string and character literals; every line keeps its number.
inline std::string without_comments(std::string_view source) {
  std::string text(source);
  // Blanks [first, last).
  const auto blank = [&text](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < std::min(last, text.size()); ++i)
      if (text[i] != '\n') text[i] = ' ';
  };
  const auto end_of = [source](std::string_view closing, std::size_t from) {
    const std::size_t found = source.find(closing, from);
    return found == std::string_view::npos ? source.size() : found;
  };
  for (std::size_t i = 0; i < source.size(); ++i) {
    const bool in_word = i > 0 && (std::isalnum(static_cast<unsigned char>(source[i - 1])) || source[i - 1] == '_');
    std::size_t end = i;
    if (source.substr(i, 2) == "//") {
      end = end_of("\n", i);
      blank(i, end);
    } else if (source.substr(i, 2) == "/*") {
      end = end_of("*/", i + 2) + 2;
      blank(i, end);
    } else if (!in_word && source.substr(i, 2) == "R\"") {
      const std::size_t open = end_of("(", i);
      const std::string closing = ")" + std::string(source.substr(i + 2, open - i - 2)) + "\"";
      end = end_of(closing, open) + closing.size();
      blank(i, end);
      text[i] = text[std::min(end, text.size()) - 1] = '"';
    } else if (source[i] == '"' || (source[i] == '\'' && !in_word)) {  // 1'000 is a number
      for (end = i + 1; end < source.size() && source[end] != source[i] && source[end] != '\n';)
        end += source[end] == '\\' ? 2u : 1u;
      blank(i + 1, end);
      ++end;
    } else {
      continue;
    }
    i = end - 1;
  }
  return text;
}

/// A word, a number, a literal or a sign, and its line.
struct Token {
  std::string text;
  int line = 1;
};

/// The tokens of a source without comments, preprocessor lines and the text of literals. Of the signs of two characters
/// only `::`, `->` and comparisons with `=` are one token, so that every `<` and `>` left may be a bracket.
inline std::vector<Token> tokens_of(std::string_view source) {
  const std::string text = without_comments(source);
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  std::vector<Token> tokens;
  int line = 1;
  bool line_is_blank = true;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (c == '\n') {
      ++line;
      line_is_blank = true;
    } else if (c == '#' && line_is_blank) {  // to the end of the line, and of those that continue it
      for (end = i; end < text.size() && !(text[end] == '\n' && text[end - 1] != '\\'); ++end)
        line += text[end] == '\n';
    } else if (!std::isspace(static_cast<unsigned char>(c))) {
      line_is_blank = false;
      const std::string_view two = std::string_view(text).substr(i, 2);
      if (is_word(c)) {
        while (end < text.size() && (is_word(text[end]) || text[end] == '\'')) ++end;
      } else if (c == '"' || c == '\'') {
        end = std::min(text.find(c, end), text.size() - 1) + 1;
      } else if (two == "::" || two == "->" || two == "<=" || two == ">=" || two == "==" || two == "!=") {
        end = i + 2;
      }
      tokens.push_back({text.substr(i, end - i), line});
    }
    i = end;
  }
  return tokens;
}
