#pragma once

#include <cstddef>
#include <utility>

namespace eigencoder {

namespace detail {

template <std::size_t K, class T>
struct Leaf {
  T value;
};

template <class Indices, class... Ts>
struct Leaves;
template <std::size_t... K, class... Ts>
struct Leaves<std::index_sequence<K...>, Ts...> : Leaf<K, Ts>... {};

}  // namespace detail

/// A flat tuple: one base per element, so that instantiating it is linear and reaching an element is one
/// overload resolution (a recursive std::tuple costs deep models a tenth of their compile time and more).
template <class... Ts>
struct Pack : detail::Leaves<std::index_sequence_for<Ts...>, Ts...> {
  static constexpr std::size_t size = sizeof...(Ts);

  constexpr Pack() = default;
  constexpr explicit Pack(const Ts&... values)
    requires(sizeof...(Ts) > 0)
      : detail::Leaves<std::index_sequence_for<Ts...>, Ts...>{{values}...} {}
};

template <std::size_t K, class T>
constexpr T& get(detail::Leaf<K, T>& leaf) {
  return leaf.value;
}
template <std::size_t K, class T>
constexpr const T& get(const detail::Leaf<K, T>& leaf) {
  return leaf.value;
}

namespace detail {
template <std::size_t K, class T>
T leaf_type(const Leaf<K, T>&);
}  // namespace detail

/// The type of element I.
template <std::size_t K, class P>
using Element = decltype(detail::leaf_type<K>(std::declval<const P&>()));

}  // namespace eigencoder
