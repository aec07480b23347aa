#pragma once

#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>
#include <source_location>
#include <string_view>

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

/// The name of a part of a model, a layer, a loss or a policy: what it says itself, else its type's.
template <class Part>
constexpr Text part_name([[maybe_unused]] const Part& part) {
  if constexpr (requires { part.name(); }) return part.name();
  else if constexpr (requires { std::string_view(Part::name); }) return Text(Part::name);
  else if constexpr (requires { std::string_view(Part::kind); }) return Text(Part::kind);
  else return type_name<Part>();
}

/// The name of a policy's term in reports: "L1" for `AllLayers`, "L1 at 2" for `AtLayer<2>`.
template <class Place>
constexpr Text placed_name(std::string_view name) {
  return Place::place < 0 ? Text(name) : Text::of(name, " at ", static_cast<long long>(Place::place));
}

}  // namespace eigencoder::detail
