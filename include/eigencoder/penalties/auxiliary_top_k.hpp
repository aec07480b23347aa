#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/optimizers/clipping.hpp>
#include <eigencoder/stack/sweeping.hpp>
#include <vector>

namespace eigencoder {

/// The auxiliary loss that keeps the units of a sparse code alive (Gao et al. 2024, "Scaling and evaluating sparse
/// autoencoders", appendix A.2): the `k` dead units of a sample that come nearest to firing are decoded, and try to
/// reconstruct what the model did not, the error e = t - y, held fixed:
///
/// `weight` ||e - W z||^2, mean over the samples, for the decoder's weight W and the values z of these units before the
/// selection. A unit is dead once `patience` training samples have passed since it fired.
///
/// For codes that end in `TopK`, `BatchTopK` or `JumpRelu`, a decoder of one linear layer, and `SquaredError`.
struct AuxiliaryTopK {
  static constexpr std::string_view kind = "AuxiliaryTopK";
  static constexpr Index place = Anywhere::place;
  static constexpr bool sweeps = true;

  Index k = 32;
  double weight = 1.0 / 32;
  Index patience = 1000;

  void validate() const {
    if (k < 1) throw OptionError("eigencoder: AuxiliaryTopK.k must be at least 1");
    if (!(weight >= 0 && std::isfinite(weight)))
      throw OptionError("eigencoder: AuxiliaryTopK.weight must be finite and at least 0");
    if (patience < 1) throw OptionError("eigencoder: AuxiliaryTopK.patience must be at least 1");
  }

  template <class Stack, class Loss>
  constexpr Diagnosis diagnose_stack(const Stack& stack, const Loss& loss) const {
    using Code = typename Stack::template At<Stack::code_at - 1>;
    using Last = typename Stack::template At<Stack::size - 1>;
    if (!CountsFiring<Code> || Stack::code_at < 2)
      return {Rule::policy_applies, kind,
              Text::of("a code that ends in ", detail::part_name(get<Stack::code_at - 1>(stack.layers))),
              "TopK, BatchTopK or JumpRelu behind another layer"};
    if (Stack::size != Stack::code_at + 1 || eigencoder::kind<Last> != LayerKind::linear)
      return {Rule::policy_applies, kind, "another decoder",
              "one of a single linear layer, such as Decoder<Dense<784>>"};
    if (std::string_view(Loss::name) != "SquaredError")
      return {Rule::policy_applies, kind, detail::part_name(loss), "SquaredError"};
    return {};
  }

  template <class Stack>
  static constexpr void ask(typename Stack::Extras& extras) {
    extras.kept[Stack::code_at - 2] = extras.added[Stack::code_at - 2] = true;
  }
  template <class Stack>
  static constexpr bool delivers(Index layer) {
    return layer == static_cast<Index>(Stack::code_at);
  }

  template <class Scalar, class Stack>
  double sweep(const SweepStage<Scalar, Stack>& stage, GradientSink<Scalar>& sink) const {
    constexpr std::size_t code_at = Stack::code_at;
    const auto& pass = stage.pass;
    const auto& decoder = stage.stack.stages[code_at];
    const Index n = decoder.in.size() * pass.batch, size = decoder.out.size() * pass.batch;
    const auto kernel = stage.stack.template kernel<code_at>(stage.learned);
    Scalar* z = pass.workspace.arena(2 * n + size, Workspace<Scalar>::sweep);
    Scalar *dz = z + n, *rest = dz + n;
    const auto code = stage.stack.template opaque_stage<code_at - 1>(pass, stage.learned, stage.tape);
    select(code.statistics[0], stage.tape.output[code_at - 2], z, decoder.in.size(), pass.batch);

    const Scalar* selected = z;
    const detail::Bias<Scalar> none{nullptr, 1};
    detail::linear_forward(pass, kernel, none, detail::NoActivation{}, selected, rest, rest);
    const Scalar* y = stage.tape.output[code_at];
    for (Index i = 0; i < size; ++i) rest[i] -= stage.target[i] - y[i];
    const double share = weight / static_cast<double>(pass.batch), value = share * squared_norm(rest, size);
    for (Index i = 0; i < size; ++i) rest[i] *= static_cast<Scalar>(2 * share);

    const Scalar* delta = rest;
    detail::linear_adjoint(pass, kernel, delta, dz);
    for (Index i = 0; i < n; ++i) stage.tape.added[code_at - 2][i] += z[i] != 0 ? dz[i] : Scalar(0);
    EarlySink<Scalar> early(sink);
    if (decoder.blocks.weight >= 0) detail::weight_backward(pass, kernel, decoder.blocks, selected, delta, early);
    return value;
  }

 private:
  /// z = the `k` largest values of dead units in each sample, the rest 0; of equal ones the first.
  template <class Scalar>
  void select(const Scalar* since, const Scalar* values, Scalar* z, Index n, Index batch) const {
    std::fill_n(z, n * batch, Scalar(0));
    std::vector<Index> dead;
    for (Index i = 0; i < n; ++i)
      if (static_cast<double>(since[i]) >= static_cast<double>(patience)) dead.push_back(i);
    const auto count = std::min(k, static_cast<Index>(dead.size()));
    if (count == 0) return;
    std::vector<Index> order;
    for (Index j = 0; j < batch; ++j) {
      const Scalar* of = values + j * n;
      order = dead;
      std::nth_element(order.begin(), order.begin() + (count - 1), order.end(),
                       [&](Index a, Index b) { return of[a] > of[b] || (of[a] == of[b] && a < b); });
      for (auto unit = order.begin(); unit != order.begin() + count; ++unit) z[j * n + *unit] = of[*unit];
    }
  }
};

}  // namespace eigencoder
