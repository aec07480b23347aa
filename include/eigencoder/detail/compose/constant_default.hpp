#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/model/encoder_and_decoder.hpp>
#include <type_traits>

/// @file
/// Which parts of a composition have constexpr defaults, which the compiler needs to diagnose the composition.
namespace eigencoder::detail {

/// A type with a constexpr default constructor.
template <class T>
concept ConstantDefault = requires { typename std::integral_constant<int, (static_cast<void>(T{}), 0)>; };

/// The name of the first part without a constexpr default; empty if all have one.
template <class T>
constexpr Text without_default(const T*) {
  return ConstantDefault<T> ? Text() : type_name<T>();
}
template <class... T>
constexpr Text without_default(const Decoder<T...>*) {
  Text found;
  ((found = found.empty() ? without_default(static_cast<const T*>(nullptr)) : found), ...);
  return found;
}
template <class... T>
constexpr Text without_default(const Encoder<T...>*) {
  return without_default(static_cast<const Decoder<T...>*>(nullptr));
}

/// Takes the place of a corruption without a constexpr default, such as one that holds a `std::function`.
template <Policy P>
struct PlaceholderPolicy {
  static constexpr std::string_view kind = P::kind;
  static constexpr Index at_layer = P::at_layer;
  constexpr void validate() const {}
};

/// The constexpr default of a policy, or its placeholder.
template <class P>
constexpr auto default_policy() {
  if constexpr (!ConstantDefault<P> && Corrupts<P>) return PlaceholderPolicy<P>{};
  else return P{};
}

}  // namespace eigencoder::detail
