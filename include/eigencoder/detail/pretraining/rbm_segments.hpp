#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/detail/pretraining/segments.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

/// @file
/// The machine that each segment of a model is pretrained as: which units it has, and what keeps it from being one.
namespace eigencoder::detail {

/// Whether a layer is dense with a bias, or the mirror image of one.
template <class L>
inline constexpr bool is_dense = false;
template <Index Width>
inline constexpr bool is_dense<Dense<Width, WithBias>> = true;
template <class L, bool Tied>
inline constexpr bool is_dense<Mirrored<L, Tied>> = is_dense<L>;

/// The units for an activation; `void` for one without units of its own.
template <class Activation>
struct UnitsFor {
  using type = void;
};
template <>
struct UnitsFor<Sigmoid> {
  using type = BernoulliUnits;
};
template <>
struct UnitsFor<Relu> {
  using type = RectifiedUnits;
};
template <>
struct UnitsFor<Identity> {
  using type = GaussianUnits;
};

/// The visible units of the first machine, by the loss; `void` for a loss of another kind.
template <class Loss>
using VisibleUnitsFor = std::conditional_t<
    std::same_as<Loss, Bernoulli>, BernoulliUnits,
    std::conditional_t<std::same_as<Loss, SquaredError> || std::same_as<Loss, Gaussian>, GaussianUnits, void>>;

/// The layer after the dense one in a range that is to be a dense layer and an activation at most.
template <LayerRange Range, class Stack>
struct ActivationIn {
  using type = Identity;
};
template <LayerRange Range, class Stack>
  requires(Range.size() > 1)
struct ActivationIn<Range, Stack> {
  using type = typename Stack::template LayerAt<Range.first + 1>;
};

/// The machine of segment K.
template <class Division, class Stack, class Loss, std::size_t K>
struct RbmSegment {
  static constexpr Segment segment = Division::list.at[K];
  using Activation = typename ActivationIn<segment.encoder, Stack>::type;
  using DecoderActivation = typename ActivationIn<segment.decoder, Stack>::type;
  using Hidden = typename UnitsFor<Activation>::type;
  using Before = typename ActivationIn<Division::list.at[K > 0 ? K - 1 : 0].encoder, Stack>::type;
  using Expected = std::conditional_t<K == 0, DecoderActivation, Before>;  ///< of the decoder
  using Visible = std::conditional_t<
      std::same_as<Expected, Sigmoid>, BernoulliUnits,
      std::conditional_t<K == 0, VisibleUnitsFor<Loss>, GaussianUnits>>;
  static constexpr bool transposed = !Division::is_mirrored;

  static constexpr Diagnosis diagnose() {
    using First = typename Stack::template LayerAt<segment.encoder.first>;
    using Undoes = typename Stack::template LayerAt<segment.decoder.first>;
    constexpr std::string_view dense = "a Dense layer with a bias";
    if constexpr (!is_dense<First>)
      return {Rule::is_stack_of_rbms, "Encoder", part_name(First{}), dense};
    else if constexpr (!is_dense<Undoes>)
      return {Rule::is_stack_of_rbms, "Decoder", part_name(Undoes{}), dense};
    else if constexpr (segment.encoder.size() > 2 || std::is_void_v<Hidden>)
      return {Rule::is_stack_of_rbms, "Encoder", Text::of(part_name(Activation{}), " after a Dense layer"),
              "Sigmoid, Relu or nothing"};
    else if constexpr (segment.decoder.size() > 2 || !std::same_as<DecoderActivation, Expected>)
      return {Rule::is_stack_of_rbms, "Decoder", Text::of(part_name(DecoderActivation{}), " after a Dense layer"),
              "the activation that the encoder has there"};
    else if constexpr (K == 0 && !std::same_as<Expected, Sigmoid> && !std::same_as<Expected, Identity>)
      return {Rule::is_stack_of_rbms, "Decoder", part_name(Expected{}), "Sigmoid or nothing at its end"};
    else if constexpr (std::is_void_v<Visible>)
      return {Rule::is_stack_of_rbms, "the loss", Loss::name, "Bernoulli, SquaredError or Gaussian"};
    else
      return {};
  }
};

/// What keeps a model that can be pretrained from being a stack of machines.
template <class Stack, class D, class Loss, class... P>
struct StackOfRbms {
  static constexpr Diagnosis diagnosis = [] {
    using Division = Segments<Stack, D>;
    Diagnosis found;
    if constexpr ((AllowsMissing<P> || ...))
      found = {Rule::is_stack_of_rbms, "MissingValues", "unknown values", "complete samples"};
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((found = found.ok() ? RbmSegment<Division, Stack, Loss, K>::diagnose() : found), ...);
    }(std::make_index_sequence<Division::count>());
    return found;
  }();
};

}  // namespace eigencoder::detail
