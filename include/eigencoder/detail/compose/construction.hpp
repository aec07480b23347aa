#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/compose/composition_rules.hpp>
#include <eigencoder/extend/layer.hpp>

/// @file
/// How an `Autoencoder` is constructed from the values of some of its parts, in any order.
namespace eigencoder::detail {

/// The part of a model that a value sets: its own type, or for a mirror the decoder that consists of it.
template <class Given>
struct PartOf {
  using type = Given;
};
template <MirrorTag M>
struct PartOf<M> {
  using type = Decoder<M>;
};

/// The given value of this part, or its default.
template <class Part, class... Given>
Part part_or_default(const Given&... given) {
  Part part{};
  [[maybe_unused]] const auto take = [&](const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::same_as<Value, Part>) part = value;
    else if constexpr (MirrorTag<Value> && std::same_as<Decoder<Value>, Part>) part = Part(value);
  };
  (take(given), ...);
  return part;
}

/// Whether several of the given values set the same part as one of them, `Value`.
template <class Value, class... Given>
inline constexpr bool given_twice =
    (0 + ... + static_cast<int>(std::same_as<typename PartOf<Value>::type, typename PartOf<Given>::type>)) > 1;

/// What is wrong with a value of type Given as an argument of a model's constructor.
template <class Given, bool Twice, class... Parts>
struct ConstructorArgument {
  static constexpr bool is_part =
      (std::same_as<Given, Parts> || ...) || (std::same_as<typename PartOf<Given>::type, Parts> || ...);
  static constexpr Diagnosis diagnosis =
      !is_part ? Diagnosis{Rule::policy_of_model, "the constructor", type_name<Given>(),
                           expected_instead_of<Given>("a value for an argument of Autoencoder<...>")}
      : Twice  ? Diagnosis{Rule::policy_of_model, "the constructor",
                          Text::of("two values for ", type_name<typename PartOf<Given>::type>()), "one at most"}
               : Diagnosis{};
};

/// Does not compile for a value that is no part of the model, or one of several for the same part.
template <class Given, bool Twice, class... Parts>
constexpr void require_part() {
  static_assert(StatedBy<ConstructorArgument<Given, Twice, Parts...>>::template satisfies<Rule::policy_of_model>,
                "eigencoder: a model is built from values of its own encoder, decoder, loss and policies");
}

/// Whether the types of a legal composition determine all sizes, so that no rule is left to check at run time.
template <class E, class D, class... P>
consteval bool has_static_sizes() {
  const auto stack = assemble<P...>(E{}, D{});
  if constexpr ((SetsTarget<P> || ...))
    if (!target_shape(Shape(), default_policy<P>()...).is_static()) return false;
  for (const LayerInfo& info : stack.layer_info)
    if (!info.in.is_static() || !info.out.is_static()) return false;
  return true;
}

/// @throws CompositionError for the first rule that the values break
template <class E, class D, class Stack, class L, class... P>
[[gnu::cold]] void require_legal(const E& encoder, const D& decoder, const Stack& stack, const L& loss,
                                 const Pack<P...>& policies) {
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    diagnose(encoder, decoder, stack, loss, get<K>(policies)...).require_ok();
    diagnose_sizes(encoder, stack, target_shape(encoder.input.shape(), get<K>(policies)...)).require_ok();
  }(std::index_sequence_for<P...>());
}

/// Builds the network of a model from the given values; that of an illegal composition is the `NullNetwork`.
/// @throws CompositionError for values that break a rule, OptionError for a bad hyperparameter
template <class Network, class E, class D, class L, class... P, class... Given>
[[gnu::cold]] Network build_network([[maybe_unused]] const Given&... given) {
  if constexpr (requires { typename Network::Stack; }) {
    const E encoder = part_or_default<E>(given...);
    const D decoder = part_or_default<D>(given...);
    const L loss = part_or_default<L>(given...);
    const Pack<P...> policies(part_or_default<P>(given...)...);
    const auto stack = assemble<P...>(encoder, decoder);
    if constexpr (!has_static_sizes<E, D, P...>()) require_legal(encoder, decoder, stack, loss, policies);
    return Network(stack, encoder.input.shape(), loss, policies);
  } else {
    return {};
  }
}

}  // namespace eigencoder::detail
