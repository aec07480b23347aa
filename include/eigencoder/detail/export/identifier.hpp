#pragma once

#include <eigencoder/extend/errors.hpp>
#include <string>
#include <string_view>

/// @file
/// Which names a written header may have.
namespace eigencoder::detail {

/// Whether C++ keeps the word for itself, as a keyword or otherwise, or a compiler as a macro.
constexpr bool is_reserved_word(std::string_view word) {
  constexpr std::string_view words[] = {
      "alignas",      "alignof",       "and",           "and_eq",       "asm",           "auto",
      "bitand",       "bitor",         "bool",          "break",        "case",          "catch",
      "char",         "char16_t",      "char32_t",      "char8_t",      "class",         "co_await",
      "co_return",    "co_yield",      "compl",         "concept",      "const",         "const_cast",
      "consteval",    "constexpr",     "constinit",     "continue",     "decltype",      "default",
      "delete",       "do",            "double",        "dynamic_cast", "else",          "enum",
      "explicit",     "export",        "extern",        "false",        "float",         "for",
      "friend",       "goto",          "if",            "inline",       "int",           "linux",
      "long",         "main",          "mutable",       "namespace",    "new",           "noexcept",
      "not",          "not_eq",        "nullptr",       "operator",     "or",            "or_eq",
      "posix",        "private",       "protected",     "public",       "register",      "reinterpret_cast",
      "requires",     "return",        "short",         "signed",       "sizeof",        "static",
      "static_assert", "static_cast",  "std",           "struct",       "switch",        "template",
      "this",         "thread_local",  "throw",         "true",         "try",           "typedef",
      "typeid",       "typename",      "union",         "unix",         "unsigned",      "using",
      "virtual",      "void",          "volatile",      "wchar_t",      "while",         "xor",
      "xor_eq"};
  for (const std::string_view reserved : words)
    if (word == reserved) return true;
  return false;
}

/// Whether a program may use the word as a name at namespace scope.
constexpr bool is_identifier(std::string_view word) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (word.empty() || !is_letter(word.front())) return false;  // an underscore in front is not for programs
  for (const char c : word)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  return word.find("__") == word.npos && !is_reserved_word(word);
}

/// Throws `OptionError` unless `name` is the name of a namespace, nested (`robot::eye`) or not.
inline void require_namespace(const std::string& name) {
  for (std::size_t first = 0; first <= name.size();) {
    const std::size_t end = (std::min)(name.find("::", first), name.size());
    if (!is_identifier(std::string_view(name).substr(first, end - first)))
      throw OptionError(message({"ExportOptions.name: '", name, "' is not a C++ identifier that a program may use"}));
    first = end + 2;
  }
}

}  // namespace eigencoder::detail
