#pragma once

#include <cmath>
#include <eigencoder/detail/jacobian/contractive_penalty.hpp>
#include <eigencoder/detail/jacobian/penalizes_stack.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// All of the Jacobian: one direction for each value of the code.
struct Exact {
  static constexpr std::string_view name = "Exact";
  static constexpr bool random = false;
  Index directions(Index code_size) const { return code_size; }
  void validate() const {}
};

/// An unbiased estimate from `count` directions with entries -1 and 1, drawn anew for each sample and step (Hutchinson
/// 1990, "A stochastic estimator of the trace"): the mean of ||J^T u||^2 over them.
struct Probes {
  static constexpr std::string_view name = "Probes";
  static constexpr bool random = true;
  Index count = 1;
  Index directions(Index) const { return count; }
  void validate() const {
    if (count < 1) throw OptionError("eigencoder: Probes.count must be at least 1");
  }
};

/// The contractive penalty: `weight` times ||J||_F^2, the squared Frobenius norm of the Jacobian of the code by the
/// input, mean over the samples (Rifai et al. 2011, "Contractive auto-encoders: explicit invariance during feature
/// extraction", eq. 5, where the code is one sigmoid layer; here it has any depth). Under `Denoising` it is taken at
/// the corrupted input, under `Variational` it is that of the mean.
///
///     Contractive<>                                  exact: one backward pass for each value of the code; a single one
///                                                    where a dense layer and activations are all of the encoder
///     Contractive{Probes{4}, 0.1}                    four passes whatever the code's size
///
/// With `hessian_weight` also that times the mean of ||J(x) - J(x + e)||_F^2 over `noise_samples` draws of normal noise
/// e of deviation `noise` (Rifai et al. 2011, "Higher order contractive auto-encoder", eq. 7).
template <class Directions = Exact>
struct Contractive {
  static constexpr std::string_view kind = "Contractive";
  static constexpr Index place = AllLayers::place;
  static constexpr bool penalizes_stack = true;
  static constexpr bool random = Directions::random;

  Directions directions{};
  double weight = 0.1;
  double hessian_weight = 0;
  double noise = 0.1;
  Index noise_samples = 1;

  void validate() const {
    directions.validate();
    if (!(weight >= 0 && std::isfinite(weight)))
      throw OptionError("eigencoder: Contractive.weight must be finite and at least 0");
    if (!(hessian_weight >= 0 && std::isfinite(hessian_weight)))
      throw OptionError("eigencoder: Contractive.hessian_weight must be finite and at least 0");
    if (!(noise > 0 && std::isfinite(noise))) throw OptionError("eigencoder: Contractive.noise must be above 0");
    if (noise_samples < 1) throw OptionError("eigencoder: Contractive.noise_samples must be at least 1");
  }

  template <class Stack, class Loss>
  constexpr Diagnosis diagnose_stack(const Stack& stack, const Loss&) const {
    Diagnosis found;
    Stack::template each<0, Stack::encoder_depth>([&]<std::size_t K>() {
      if (found.ok() && !detail::has_jacobian<typename Stack::template LayerAt<K>>)
        found = {Rule::policy_applies, kind, Text::of("an encoder with ", detail::part_name(get<K>(stack.layers))),
                 "layers with a Jacobian for each sample"};
    });
    return found;
  }

  template <class Stack>
  static constexpr void add_requirements(typename Stack::PassRequirements& requirements) {
    Stack::template each<1, Stack::encoder_depth>([&]<std::size_t K>() {
      if (detail::bends<typename Stack::template LayerAt<K>>) requirements.extra_gradients[K - 1] = true;
    });
  }
  template <class Stack>
  static constexpr bool contributes_to(Index layer) {
    return layer < static_cast<Index>(Stack::encoder_depth);
  }
  template <class Context>
  double penalize_stack(const Context& context, GradientSink<typename Context::Scalar>& sink) const {
    using Scalar = typename Context::Scalar;
    using Stack = typename Context::Stack;
    const detail::Contraction<Scalar, Stack, Contractive> contraction(*this, context.stack, context.pass, context.parameters);
    return contraction(context.tape, context.requirements, sink);
  }
};

}  // namespace eigencoder
