#pragma once

#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/skip_layer.hpp>

namespace eigencoder {

/// The kinds of layer; see `LinearLayer`, `Pointwise`, `CustomLayer` and `SkipLayer` for their contracts.
enum class LayerKind { linear, pointwise, custom, skip, none };

namespace detail {

template <class L>
consteval LayerKind kind_of() {
  if constexpr (Pointwise<L>) return LayerKind::pointwise;
  else if constexpr (LinearLayer<L>) return LayerKind::linear;
  else if constexpr (CustomLayer<L>) return LayerKind::custom;
  else if constexpr (SkipLayer<L>) return LayerKind::skip;
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
