#pragma once

#include <cstddef>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <utility>

/// @file
/// A list of layers with every `Residual` replaced by its layers and their sum: the rest of the library knows flat
/// lists only.
namespace eigencoder::detail {

/// The sum at the end of a residual stack of `Length` layers.
template <Index Length>
struct ResidualSum : SkipSum {
  static constexpr Index source(Index own) { return own - Length - 1; }
  constexpr Text name() const { return Text::of("Residual sum"); }
};

template <class... A, class... B>
constexpr Pack<A..., B...> joined(const Pack<A...>& a, const Pack<B...>& b) {
  return [&]<std::size_t... K, std::size_t... J>(std::index_sequence<K...>, std::index_sequence<J...>) {
    return Pack<A..., B...>(get<K>(a)..., get<J>(b)...);
  }(std::index_sequence_for<A...>(), std::index_sequence_for<B...>());
}

template <class First>
constexpr First join(const First& pack) {
  return pack;
}
template <class First, class Second, class... Rest>
constexpr auto join(const First& first, const Second& second, const Rest&... rest) {
  return join(joined(first, second), rest...);
}

/// What a layer is in a flat list: itself.
template <class L>
struct Flat {
  static constexpr std::size_t size = 1;
  static constexpr Pack<L> of(const L& layer) { return Pack<L>(layer); }
};

template <class... L>
constexpr auto flat(const Pack<L...>& layers) {
  if constexpr (((Flat<L>::size == 1) && ...)) return layers;
  else return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return join(Pack<>(), Flat<L>::of(get<K>(layers))...);
  }(std::index_sequence_for<L...>());
}

template <class... L>
struct Flat<Residual<L...>> {
  static constexpr std::size_t length = (0 + ... + Flat<L>::size);
  static constexpr std::size_t size = length + 1;
  static constexpr auto of(const Residual<L...>& residual) {
    using End = Pack<ResidualSum<static_cast<Index>(length)>>;
    return joined(flat(residual.layers), End());
  }
};

/// Position in the flat list at which layer `i` of a list begins.
template <class... L>
constexpr std::size_t flat_position(std::size_t i) {
  const std::size_t sizes[] = {Flat<L>::size..., 0};
  std::size_t position = 0;
  for (std::size_t k = 0; k < i; ++k) position += sizes[k];
  return position;
}

}  // namespace eigencoder::detail
