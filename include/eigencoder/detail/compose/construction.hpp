#pragma once

#include <eigencoder/detail/compose/diagnosis.hpp>
#include <eigencoder/extend/layer_info.hpp>

/// @file
/// How an `Autoencoder` is built from values: its parts in any order, each at most once.
namespace eigencoder::detail {

/// The given value of type Part, else its default.
template <class Part, class... Given>
Part pick(const Given&... given) {
  Part part{};
  [[maybe_unused]] const auto take = [&](const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::same_as<Value, Part>) part = value;
    else if constexpr (MirrorTag<Value> && std::same_as<Decoder<Value>, Part>) part = Part(value);
  };
  (take(given), ...);
  return part;
}

/// The part that a value stands for; a mirror stands for the decoder it makes.
template <class Given>
struct PartOf {
  using type = Given;
};
template <MirrorTag M>
struct PartOf<M> {
  using type = Decoder<M>;
};

/// Whether a value can be a part of a model of these parts, and, if `Again`, is so beside another value for it.
template <class Given, bool Again, class... Parts>
struct Member {
  static constexpr bool value =
      (std::same_as<Given, Parts> || ...) || (std::same_as<typename PartOf<Given>::type, Parts> || ...);
  static constexpr Diagnosis diagnosis =
      !value ? Diagnosis{Rule::policy_of_model, "the constructor", type_name<Given>(),
                         instead_of<Given>("a value for an argument of Autoencoder<...>")}
      : Again ? Diagnosis{Rule::policy_of_model, "the constructor",
                          Text::of("two values for ", type_name<typename PartOf<Given>::type>()), "one at most"}
              : Diagnosis{};
};

/// Whether more than one of the values stands for the same part as a `One`.
template <class One, class... Given>
inline constexpr bool again =
    (0 + ... + static_cast<int>(std::same_as<typename PartOf<One>::type, typename PartOf<Given>::type>)) > 1;

template <class Given, bool Again, class... Parts>
constexpr void require_member() {
  static_assert(StatedBy<Member<Given, Again, Parts...>>::template satisfies<Rule::policy_of_model>,
                "eigencoder: a model is built from values of its own encoder, decoder, loss and policies");
}

/// Whether the types of a legal composition tell all sizes: then there is nothing left to check at run time.
template <bool Legal, class E, class D>
consteval bool sizes_in_types() {
  if constexpr (Legal) {
    const auto stack = assemble(E{}, D{});
    for (const LayerInfo& info : stack.layer_info)
      if (!info.in.is_static() || !info.out.is_static()) return false;
    return true;
  } else {
    return false;
  }
}

/// Throws `CompositionError` for the first rule that the values break.
template <class E, class D, class Stack, class L, class... P>
[[gnu::cold]] void require_legal(const E& encoder, const D& decoder, const Stack& stack, const L& loss,
                                 const Pack<P...>& policies) {
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    diagnose(encoder, decoder, stack, loss, get<K>(policies)...).require_ok();
  }(std::index_sequence_for<P...>());
  diagnose_sizes(encoder, stack).require_ok();
}

/// The network of a model of these parts, built from some of them by value; of an illegal composition the null one.
/// @throws CompositionError for values that break a rule, OptionError for a bad hyperparameter
template <class Network, class E, class D, class L, class... P, class... Given>
[[gnu::cold]] Network build_network([[maybe_unused]] const Given&... given) {
  if constexpr (requires { typename Network::Stack; }) {
    const E encoder = pick<E>(given...);
    const D decoder = pick<D>(given...);
    const L loss = pick<L>(given...);
    const Pack<P...> policies(pick<P>(given...)...);
    const auto stack = assemble(encoder, decoder);
    if constexpr (!sizes_in_types<true, E, D>()) require_legal(encoder, decoder, stack, loss, policies);
    return Network(stack, encoder.input.shape(), loss, policies);
  } else {
    return {};
  }
}

}  // namespace eigencoder::detail
