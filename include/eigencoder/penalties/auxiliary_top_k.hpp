#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/kernels/keep_largest.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/stack/stack_penalty.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/losses/regression.hpp>
#include <type_traits>

namespace eigencoder {

/// The policy that keeps the units of a sparse code alive by an auxiliary loss: for each sample, the `k` dead units
/// that are nearest to firing are decoded to reconstruct the error e = t - y of the model, which gets no gradient from
/// it. The loss is `weight` ||e - W z||^2, as a mean over the samples, with the decoder's weight W and the values z of
/// these units before the selection. A unit is dead if it has not fired for `patience` training samples; with the
/// samples of one epoch, a unit is dead if no training sample fires it.
///
/// For codes that end in `TopK`, `BatchTopK` or `JumpRelu`, a decoder of one linear layer, and `SquaredError`.
/// Source: Gao et al., "Scaling and evaluating sparse autoencoders" (2024), appendix A.2.
struct AuxiliaryTopK {
  Index k = 32;              ///< dead units that are decoded for each sample, at least 1
  double weight = 1.0 / 32;  ///< of the auxiliary loss, at least 0
  Index patience = 1000;     ///< samples without firing after which a unit is dead, in [1, 2^24]

  /// As every `Policy`.
  ///@{
  static constexpr std::string_view kind = "AuxiliaryTopK";
  static constexpr Index at_layer = AllLayers::at_layer;

  void validate() const {
    detail::require_at_least("AuxiliaryTopK.k", 1, k);
    detail::require_nonnegative("AuxiliaryTopK.weight", weight);
    if (patience < 1 || patience > detail::max_counted)
      throw OptionError(detail::message({"AuxiliaryTopK.patience must lie in [1, ", detail::max_counted,
                                         "]: samples since a unit fired are counted no further"}));
  }
  ///@}

  /// The auxiliary loss is computed by the training step between forward and backward pass, since it depends on several
  /// layers. The following members are for the training step alone.
  ///@{
  static constexpr bool penalizes_stack = true;

  template <class Stack, class Loss>
  constexpr Diagnosis diagnose_stack(const Stack& stack, const Loss& loss) const {
    constexpr std::size_t code = Stack::encoder_depth - 1;
    if constexpr (code == 0 || !CountsFiring<typename Stack::template LayerAt<code>>)
      return {Rule::policy_applies, kind, Text::of("a code that ends in ", detail::part_name(get<code>(stack.layers))),
              "TopK, BatchTopK or JumpRelu after a linear layer"};
    else if constexpr (eigencoder::kind<typename Stack::template LayerAt<code - 1>> != LayerKind::linear)
      return {Rule::policy_applies, kind,
              Text::of(detail::part_name(get<code>(stack.layers)), " after ",
                       detail::part_name(get<code - 1>(stack.layers))),
              "a linear layer before it"};
    else if constexpr (Stack::size != Stack::encoder_depth + 1 ||
                       eigencoder::kind<typename Stack::template LayerAt<Stack::size - 1>> != LayerKind::linear)
      return {Rule::policy_applies, kind, "another decoder",
              "one of a single linear layer, such as Decoder<Dense<784>>"};
    else if constexpr (!std::same_as<Loss, SquaredError>)
      return {Rule::policy_applies, kind, detail::part_name(loss), "SquaredError"};
    else
      return {};
  }

  template <class Stack>
  static constexpr void add_requirements(typename Stack::PassRequirements& requirements) {
    constexpr std::size_t selected = Stack::encoder_depth - 2;
    requirements.saved_outputs[selected] = requirements.extra_gradients[selected] = true;
  }

  template <class Stack>
  static constexpr bool contributes_to(Index layer) {
    return layer == static_cast<Index>(Stack::encoder_depth);
  }

  template <class Scalar, class Context>
  double penalize_stack(const Context& context, GradientSink<Scalar>& sink) const {
    using Stack = std::remove_cvref_t<decltype(context.stack)>;
    constexpr std::size_t encoder_depth = Stack::encoder_depth;
    const auto& pass = context.pass;
    const auto& decoder = context.stack.layer_info[encoder_depth];
    const Index units = decoder.in.size(), n = units * pass.batch, size = decoder.out.size() * pass.batch;
    const auto code = context.stack.template layer_context<encoder_depth - 1>(pass, context.parameters, context.tape);
    const Scalar* since = code.statistics[0];
    if (std::none_of(since, since + units, [&](Scalar samples) { return is_dead(samples); })) return 0;

    Scalar* selected = pass.workspace.arena(2 * n + size, Workspace<Scalar>::penalty).data();
    Scalar *other = selected + n, *residual = other + n;
    detail::parallel_for(pass.batch, pass.team(n * 8), [&](Index j, int) {
      select(since, context.tape.output[encoder_depth - 2] + j * units, selected + j * units, other + j * units,
             units);
    });
    const Scalar *z = selected, *delta = residual;
    const auto kernel = context.stack.template kernel<encoder_depth>(context.parameters);
    const detail::Bias<Scalar> none{nullptr, 1};
    detail::linear_forward(pass, kernel, none, detail::NoActivation{}, z, residual, residual);
    const Scalar* y = context.tape.output[encoder_depth];
    detail::parallel_values(pass, size, 2, [&](Index i) {
      const Scalar error = context.target[i] - y[i];
      residual[i] = (std::isnan)(error) ? Scalar(0) : residual[i] - error;  // of an unknown value
    });
    const double share = weight / static_cast<double>(pass.batch), value = share * detail::squared_norm(residual, size);
    detail::parallel_values(pass, size, 2, [&](Index i) { residual[i] *= static_cast<Scalar>(2 * share); });

    detail::linear_adjoint(pass, kernel, delta, other);
    Scalar* added = context.tape.extra_gradients[encoder_depth - 2];
    detail::parallel_values(pass, n, 2, [&](Index i) { added[i] += z[i] != 0 ? other[i] : Scalar(0); });
    detail::EarlySink<Scalar> early(sink);
    if (decoder.blocks.weight >= 0)
      detail::weight_backward(pass, kernel, decoder.blocks, {units, decoder.out.values()}, z, delta, early);
    return value;
  }
  ///@}

 private:
  /// z = the `k` largest values of the dead units of a sample, the first of equal ones, and 0 elsewhere. `scratch`
  /// holds `units` values.
  template <class Scalar>
  void select(const Scalar* since, const Scalar* values, Scalar* z, Scalar* scratch, Index units) const {
    Index dead = 0;
    for (Index i = 0; i < units; ++i)
      if (is_dead(since[i])) scratch[dead++] = values[i];
    if (dead > 0) detail::keep_largest<Scalar>(scratch, dead, (std::min)(k, dead), z, nullptr);
    for (Index i = units; i-- > 0;)  // in place, from the end, so that no value is overwritten before it is moved
      z[i] = is_dead(since[i]) ? z[--dead] : Scalar(0);
  }

  /// Whether a unit that fired `since` samples ago is dead.
  template <class Scalar>
  bool is_dead(Scalar since) const {
    return static_cast<double>(since) >= static_cast<double>(patience);
  }
};

}  // namespace eigencoder
