#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/squared_norm.hpp>
#include <eigencoder/detail/jacobian/penalizes_stack.hpp>
#include <eigencoder/detail/kernels/firing.hpp>
#include <eigencoder/detail/kernels/largest.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/losses/squared_error.hpp>

namespace eigencoder {

/// The auxiliary loss that keeps the units of a sparse code alive (Gao et al. 2024, "Scaling and evaluating sparse
/// autoencoders", appendix A.2): the `k` dead units of a sample that come nearest to firing are decoded, and try to
/// reconstruct what the model did not, the error e = t - y, held fixed:
///
/// `weight` ||e - W z||^2, mean over the samples, for the decoder's weight W and the values z of these units before the
/// selection. A unit is dead once `patience` training samples have passed since it fired: a whole epoch's, where dead
/// is to mean that no training sample fires it.
///
/// For codes that end in `TopK`, `BatchTopK` or `JumpRelu`, a decoder of one linear layer, and `SquaredError`.
struct AuxiliaryTopK {
  static constexpr std::string_view kind = "AuxiliaryTopK";
  static constexpr Index place = AllLayers::place;
  static constexpr bool penalizes_stack = true;

  Index k = 32;
  double weight = 1.0 / 32;
  Index patience = 1000;

  void validate() const {
    if (k < 1) throw OptionError("eigencoder: AuxiliaryTopK.k must be at least 1");
    if (!(weight >= 0 && std::isfinite(weight)))
      throw OptionError("eigencoder: AuxiliaryTopK.weight must be finite and at least 0");
    if (patience < 1 || patience > detail::max_counted)
      throw OptionError(detail::message({"AuxiliaryTopK.patience must lie in [1, ", detail::max_counted,
                                         "]: samples since a unit fired are counted no further"}));
  }

  template <class Stack, class Loss>
  constexpr Diagnosis diagnose_stack(const Stack& stack, const Loss& loss) const {
    constexpr std::size_t code = Stack::encoder_depth - 1;
    if constexpr (code == 0 || !CountsFiring<typename Stack::template LayerAt<code>>)
      return {Rule::policy_applies, kind, Text::of("a code that ends in ", detail::part_name(get<code>(stack.layers))),
              "TopK, BatchTopK or JumpRelu behind a linear layer"};
    else if constexpr (eigencoder::kind<typename Stack::template LayerAt<code - 1>> != LayerKind::linear)
      return {Rule::policy_applies, kind,
              Text::of(detail::part_name(get<code>(stack.layers)), " behind ",
                       detail::part_name(get<code - 1>(stack.layers))),
              "a linear layer in front of it"};
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
    requirements.saved_outputs[Stack::encoder_depth - 2] = requirements.extra_gradients[Stack::encoder_depth - 2] = true;
  }
  template <class Stack>
  static constexpr bool contributes_to(Index layer) {
    return layer == static_cast<Index>(Stack::encoder_depth);
  }

  template <class Context>
  double penalize_stack(const Context& context, GradientSink<typename Context::Scalar>& sink) const {
    using Scalar = typename Context::Scalar;
    using Stack = typename Context::Stack;
    constexpr std::size_t encoder_depth = Stack::encoder_depth;
    const auto& pass = context.pass;
    const auto& decoder = context.stack.layer_info[encoder_depth];
    const Index units = decoder.in.size(), n = units * pass.batch, size = decoder.out.size() * pass.batch;
    const auto code = context.stack.template layer_context<encoder_depth - 1>(pass, context.parameters, context.tape);
    const Scalar* since = code.statistics[0];
    if (std::none_of(since, since + units, [&](Scalar samples) { return is_dead(samples); })) return 0;

    Scalar* selected = pass.workspace.arena(2 * n + size, Workspace<Scalar>::sweep);
    Scalar *other = selected + n, *rest = other + n;
    detail::parallel_for(pass.batch, pass.team(n * 8), [&](Index j, int) {
      select(since, context.tape.output[encoder_depth - 2] + j * units, selected + j * units, other + j * units,
             units);
    });
    const Scalar *z = selected, *delta = rest;
    const auto kernel = context.stack.template kernel<encoder_depth>(context.parameters);
    const detail::Bias<Scalar> none{nullptr, 1};
    detail::linear_forward(pass, kernel, none, detail::NoActivation{}, z, rest, rest);
    const Scalar* y = context.tape.output[encoder_depth];
    each(pass, size, [&](Index i) { rest[i] -= context.target[i] - y[i]; });
    const double share = weight / static_cast<double>(pass.batch), value = share * detail::squared_norm(rest, size);
    each(pass, size, [&](Index i) { rest[i] *= static_cast<Scalar>(2 * share); });

    detail::linear_adjoint(pass, kernel, delta, other);
    Scalar* added = context.tape.extra_gradients[encoder_depth - 2];
    each(pass, n, [&](Index i) { added[i] += z[i] != 0 ? other[i] : Scalar(0); });
    EarlySink<Scalar> early(sink);
    if (decoder.blocks.weight >= 0)
      detail::weight_backward(pass, kernel, decoder.blocks, {units, decoder.out.values()}, z, delta, early);
    return value;
  }

 private:
  /// z = the `k` largest values of the dead units of a sample, the rest 0; of equal ones the first. `room` is as long.
  template <class Scalar>
  void select(const Scalar* since, const Scalar* values, Scalar* z, Scalar* room, Index units) const {
    Index dead = 0;
    for (Index i = 0; i < units; ++i)
      if (is_dead(since[i])) room[dead++] = values[i];
    if (dead > 0) detail::keep_largest<Scalar>(room, dead, (std::min)(k, dead), z, nullptr);
    for (Index i = units; i-- > 0;)  // from the end: where they were is where others come to lie
      z[i] = is_dead(since[i]) ? z[--dead] : Scalar(0);
  }

  template <class Scalar>
  bool is_dead(Scalar since) const {
    return static_cast<double>(since) >= static_cast<double>(patience);
  }

  template <class Scalar, class Run>
  static void each(const Pass<Scalar>& pass, Index count, const Run& run) {
    detail::parallel_tiles(count, detail::pointwise_tile, pass.team(count * 2), [&](Index first, Index some, int) {
      for (Index i = first; i < first + some; ++i) run(i);
    });
  }
};

}  // namespace eigencoder
