#pragma once

#include <eigencoder/layers/linear.hpp>
#include <eigencoder/layers/links.hpp>
#include <eigencoder/layers/opaque.hpp>
#include <eigencoder/layers/pointwise.hpp>

namespace eigencoder {

/// The kinds of layer; see `LinearLayer`, `Pointwise`, `OpaqueLayer` and `LinkedLayer` for their contracts.
enum class LayerKind { linear, pointwise, opaque, linked, none };

namespace detail {

template <class L>
consteval LayerKind kind_of() {
  if constexpr (Pointwise<L>) return LayerKind::pointwise;
  else if constexpr (LinearLayer<L>) return LayerKind::linear;
  else if constexpr (OpaqueLayer<L>) return LayerKind::opaque;
  else if constexpr (LinkedLayer<L>) return LayerKind::linked;
  else return LayerKind::none;
}

/// What a part of a model is called: layers, losses and policies alike.
template <class L>
constexpr Text part_name(const L& layer) {
  if constexpr (requires { layer.name(); }) return layer.name();
  else if constexpr (requires { std::string_view(L::name); }) return Text(L::name);
  else if constexpr (requires { std::string_view(L::kind); }) return Text(L::kind);
  else return static_cast<void>(layer), type_name<L>();
}

}  // namespace detail

template <class L>
inline constexpr LayerKind kind = detail::kind_of<L>();

template <class L>
concept Layer = kind<L> != LayerKind::none;

}  // namespace eigencoder
