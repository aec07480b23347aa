#pragma once

#include <algorithm>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <string>
#include <string_view>

/// @file
/// Which namespaces an exported header may have.
namespace eigencoder::detail {

/// Whether C++ reserves the identifier, as a keyword or otherwise, or a compiler defines it as a macro.
constexpr bool is_reserved_name(std::string_view name) {
  constexpr std::string_view names[] = {
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
  for (const std::string_view reserved : names)
    if (name == reserved) return true;
  return false;
}

/// Whether a program may use the name at namespace scope.
constexpr bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || !is_letter(name.front())) return false;  // a leading underscore is reserved
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  return name.find("__") == name.npos && !is_reserved_name(name);
}

/// @throws OptionError unless `name` is the name of a namespace, nested (`robot::eye`) or not
inline void require_namespace(const std::string& name) {
  for (std::size_t first = 0; first <= name.size();) {
    const std::size_t end = (std::min)(name.find("::", first), name.size());
    if (!is_identifier(std::string_view(name).substr(first, end - first)))
      throw OptionError(message({"ExportOptions.name: '", name, "' is not a C++ identifier that a program may use"}));
    first = end + 2;
  }
}

}  // namespace eigencoder::detail
