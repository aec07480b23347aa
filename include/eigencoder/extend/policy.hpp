#pragma once

#include <concepts>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// A place in a model, for policies: `AtLayer<2>` is the third layer, counted from the encoder's first.
template <Index Layer>
struct AtLayer {
  static constexpr Index place = [] {
    static_assert(Layer >= 0, "eigencoder: AtLayer<Layer> counts layers from 0, the encoder's first");
    return Layer;
  }();
};

/// Everywhere, or wherever the policy belongs by its nature.
struct AllLayers {
  static constexpr Index place = -1;
};

/// A policy is a type in an `Autoencoder`'s list whose value says how much. `kind` names what it is,
/// `place` where it stands: of each pair there is at most one. `validate()` throws `OptionError`. What it does is told by
/// its other members: see the concepts that refine this one. One that does nothing is refused.
template <class P>
concept Policy = std::default_initializable<P> && std::copyable<P> && requires(const P& policy) {
  { P::kind } -> std::convertible_to<std::string_view>;
  { P::place } -> std::convertible_to<Index>;
  policy.validate();
};

/// The scalar of a model's parameters and data; `float` where no `Precision` stands in the list.
template <std::floating_point S>
struct Precision {
  using Scalar = S;
  static constexpr std::string_view kind = "Precision";
  static constexpr Index place = -1;
  void validate() const {}
};

namespace detail {

/// What a term is called in reports: "L1", "L1 at 2".
template <class Place>
constexpr Text placed_name(std::string_view name) {
  return Place::place < 0 ? Text(name) : Text::of(name, " at ", static_cast<long long>(Place::place));
}

template <class... Policies>
struct ScalarOf {
  using type = float;
};
template <class S, class... Rest>
struct ScalarOf<Precision<S>, Rest...> {
  using type = S;
};
template <class First, class... Rest>
struct ScalarOf<First, Rest...> : ScalarOf<Rest...> {};

}  // namespace detail
}  // namespace eigencoder
