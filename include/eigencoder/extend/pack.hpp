#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace eigencoder {

/// Element K of a `Pack`.
template <std::size_t K, class T>
struct PackElement {
  T value;  ///< the element
};

/// The base of a `Pack` that holds all elements.
template <class Indices, class... Ts>
struct PackElements;
/// One base for each element.
template <std::size_t... K, class... Ts>
struct PackElements<std::index_sequence<K...>, Ts...> : PackElement<K, Ts>... {};

/// A tuple with one base class for each element. Its instantiation is linear in their number, and `get` is one overload
/// resolution; a recursive `std::tuple` costs deep models a tenth of their compile time and more.
template <class... Ts>
struct Pack : PackElements<std::index_sequence_for<Ts...>, Ts...> {
  static constexpr std::size_t size = sizeof...(Ts);  ///< the number of elements

  /// Elements with their default values.
  constexpr Pack() = default;
  /// Copies of the values.
  constexpr explicit Pack(const Ts&... values)
    requires(sizeof...(Ts) > 0)
      : PackElements<std::index_sequence_for<Ts...>, Ts...>{{values}...} {}
};

/// Element K.
///@{
template <std::size_t K, class T>
constexpr T& get(PackElement<K, T>& element) {
  return element.value;
}
template <std::size_t K, class T>
constexpr const T& get(const PackElement<K, T>& element) {
  return element.value;
}
///@}

/// The type of element K of a pack.
template <std::size_t K, class P>
using Element = std::remove_cvref_t<decltype(get<K>(std::declval<const P&>()))>;

}  // namespace eigencoder
