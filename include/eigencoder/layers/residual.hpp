#pragma once

#include <eigencoder/extend/pack.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <utility>

namespace eigencoder {

/// A stack of layers whose output is added to its input: y = x + F(x) (He, Zhang, Ren & Sun 2015, "Deep residual
/// learning", equation 1). The layers must return the shape that enters.
///
///     Residual<Conv2d<64, 3, Same>, BatchNorm, Relu, Conv2d<64, 3, Same>, BatchNorm>
///     Residual{Conv2d{64, 3, Same{}}, Relu{}, Conv2d{64, 3, Same{}}}
///
/// In a model it stands for its layers and the sum behind them: positions (`AtLayer<k>`) count all of these. A mirrored one
/// is the residual of its layers mirrored, by blocks as `Mirror` says: what follows its last linear layer inside is
/// left out. A `Residual` of nothing but a `Residual` has to be spelled as a type: by value it is a copy of the one
/// inside.
template <class... Layers>
struct Residual {
  Pack<Layers...> layers;

  constexpr Residual() = default;
  constexpr explicit Residual(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}
};
template <class... Layers>
Residual(Layers...) -> Residual<Layers...>;

namespace detail {

/// The sum at the end of a residual stack of `Length` layers.
template <Index Length>
struct ResidualSum : Sum {
  static constexpr Index link(Index own) { return own - Length - 1; }
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

/// A layer as the layers that run: itself, or those of a residual stack and their sum.
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

/// Where layer `i` of a list begins when the list is flat.
template <class... L>
constexpr std::size_t flat_position(std::size_t i) {
  const std::size_t sizes[] = {Flat<L>::size..., 0};
  std::size_t position = 0;
  for (std::size_t k = 0; k < i; ++k) position += sizes[k];
  return position;
}

}  // namespace detail
}  // namespace eigencoder
