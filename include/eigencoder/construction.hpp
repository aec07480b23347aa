#pragma once

#include <eigencoder/composition.hpp>

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

/// Whether a value can be a part of a model of these parts; a mirror stands for the decoder it makes.
template <class Given, class... Parts>
struct Member {
  static constexpr bool value =
      (std::same_as<Given, Parts> || ...) || (MirrorTag<Given> && (std::same_as<Decoder<Given>, Parts> || ...));
  static constexpr Diagnosis diagnosis =
      value ? Diagnosis{} : Diagnosis{Rule::policy_of_model, "the constructor", type_name<Given>(),
                                      instead_of<Given>("a value for an argument of Autoencoder<...>")};
};

template <class Given, class... Parts>
constexpr void require_member() {
  static_assert(StatedBy<Member<Given, Parts...>>::template keeps<Rule::policy_of_model>,
                "eigencoder: a model is built from values of its own encoder, decoder, loss and policies");
}

/// Whether the types of a legal composition tell all sizes: then there is nothing left to check at run time.
template <class E, class D>
consteval bool sizes_in_types() {
  if constexpr (Parts<E>::encoder && Parts<D>::decoder) {
    const auto stack = assemble(E{}, D{});
    for (const Stage& stage : stack.stages)
      if (!stage.in.is_static() || !stage.out.is_static()) return false;
    return true;
  } else {
    return false;
  }
}

/// Throws `CompositionError` for the first rule that the values break.
template <class E, class D, class Stack, class L, class... P>
[[gnu::cold]] void require_legal(const E& encoder, const D& decoder, const Stack& stack, const L& loss,
                                 const Pack<P...>& policies) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    diagnose(encoder, decoder, stack, loss, get<I>(policies)...).require_ok();
  }(std::index_sequence_for<P...>());
  diagnose_sizes(encoder, stack).require_ok();
}

}  // namespace eigencoder::detail
