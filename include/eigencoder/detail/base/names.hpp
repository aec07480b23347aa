#pragma once

#include <cstddef>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>
#include <initializer_list>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

/// @file
/// What the parts of a model are called in messages, reports and files.
namespace eigencoder::detail {

/// A type's name as the compiler writes it, without the library's namespace.
template <class T>
constexpr Text type_name() {
#ifdef __cpp_lib_source_location
  std::string_view rest = std::source_location::current().function_name();  // "... type_name() [with T = Adam]"
#else  // clang before 16
  std::string_view rest = __PRETTY_FUNCTION__;
#endif
  if (const auto equals = rest.find("T = "); equals != rest.npos)
    rest = rest.substr(equals + 4, rest.rfind(']') - equals - 4);
  constexpr std::string_view library = "eigencoder::";
  Text name;
  for (auto found = rest.find(library); found != rest.npos; found = rest.find(library)) {
    name.append(rest.substr(0, found));
    rest.remove_prefix(found + library.size());
  }
  return name.append(rest);
}

/// A type as its user spells it: "Conv2d<32, 3, Stride<2>>", with braces where the sizes are values. Options follow the
/// sizes.
template <class... Options>
constexpr Text spelled_type(std::string_view type, bool by_value, std::initializer_list<Index> sizes,
                            const Pack<Options...>& options) {
  Text text = Text::of(type, by_value ? "{" : "<");
  const char* comma = "";
  for (const Index size : sizes) {
    text.append(comma);
    size == Dynamic ? text.append("Dynamic") : text.append(static_cast<long long>(size));
    comma = ", ";
  }
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (text.append(", ").append(get<K>(options).name()), ...);
  }(std::index_sequence_for<Options...>());
  return text.append(by_value ? "}" : ">");
}
constexpr Text spelled_type(std::string_view type, bool by_value, std::initializer_list<Index> sizes) {
  const Pack<> no_options;
  return spelled_type(type, by_value, sizes, no_options);
}

/// The name of a part of a model, a layer, a loss or a policy: what it says itself, else its type's.
template <class Part>
constexpr Text part_name([[maybe_unused]] const Part& part) {
  if constexpr (requires { part.name(); }) return part.name();
  else if constexpr (requires { std::string_view(Part::name); }) return Text(Part::name);
  else if constexpr (requires { std::string_view(Part::kind); }) return Text(Part::kind);
  else return type_name<Part>();
}

/// The length of the UTF-8 sequence of a character beyond ASCII with which a text begins; 0 if it is none.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(0), second = byte(1);
  const std::size_t length = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;  // no character has two sequences
  const unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (length == 0 || second < least || second > most) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  return length;
}

/// A name of a user's on one line of UTF-8, for messages and files: what else it holds is written "\x0A", and a
/// backslash "\x5C".
[[gnu::cold]] inline std::string escaped(std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  while (!name.empty()) {
    const auto byte = static_cast<unsigned char>(name.front());
    const std::size_t length = byte >= 0x20 && byte < 0x7F && byte != '\\' ? 1 : utf8_length(name);
    if (length > 0) text += name.substr(0, length);
    else (text += "\\x") += {digits[byte >> 4], digits[byte & 0xF]};
    name.remove_prefix(length > 0 ? length : 1);
  }
  return text;
}

}  // namespace eigencoder::detail
