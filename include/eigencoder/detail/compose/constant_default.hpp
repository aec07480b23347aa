#pragma once

#include <eigencoder/extend/corruption.hpp>
#include <eigencoder/model/decoder.hpp>
#include <eigencoder/model/encoder.hpp>
#include <type_traits>

/// @file
/// Which parts of a composition the compiler can build, to compute_loss it before it runs.
namespace eigencoder::detail {

/// Whether the compiler can build a T out of nothing.
template <class T>
concept ConstantDefault = requires { typename std::integral_constant<int, (static_cast<void>(T{}), 0)>; };

/// The first part that the compiler cannot build, if any.
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

/// Stands for a policy that the compiler cannot build, such as one that holds a `std::function`.
template <Policy P>
struct StandIn {
  static constexpr std::string_view kind = P::kind;
  static constexpr Index place = P::place;
  constexpr void validate() const {}
};
template <class P>
constexpr auto built() {
  if constexpr (!ConstantDefault<P> && Corrupts<P>) return StandIn<P>{};
  else return P{};
}

}  // namespace eigencoder::detail
