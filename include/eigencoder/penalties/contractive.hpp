#pragma once

#include <concepts>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/jacobian/contractive_penalty.hpp>
#include <eigencoder/detail/stack/stack_penalty.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <string_view>

namespace eigencoder {

/// The directions u of the code in which `Contractive` takes its norm, a sum of ||J^T u||^2: `Exact` or `Probes`.
///
/// Required:
///
/// - `name`: a `string_view`, the name in a model's summary
/// - `random`: a `bool`. True: the entries of u are -1 and 1, drawn anew for each sample and step, and the penalty is
///   the mean over the directions. False: the directions are the unit vectors of the code.
/// - `directions(code_size)`: the number of directions for each sample, at least 1; `code_size` unless `random`
/// - `validate()`: throws `OptionError` for an option outside its range
template <class D>
concept JacobianDirections =
    std::default_initializable<D> && std::copyable<D> && requires(const D& directions, Index code_size) {
      { D::name } -> std::convertible_to<std::string_view>;
      { D::random } -> std::convertible_to<bool>;
      { directions.directions(code_size) } -> std::same_as<Index>;
      directions.validate();
    };

/// The directions of `Contractive` that give the whole Jacobian: one for each value of the code.
struct Exact {
  static constexpr std::string_view name = "Exact";  ///< the name in a model's summary
  static constexpr bool random = false;              ///< whether the directions are drawn
  /// The number of directions for a code of this size.
  Index directions(Index code_size) const { return code_size; }
  /// Accepts every value: there is no option.
  void validate() const {}
};

/// The directions of `Contractive` that give an unbiased estimate: the mean of ||J^T u||^2 over `count` directions u
/// with entries -1 and 1, drawn anew for each sample and step.
/// Source: Hutchinson, "A stochastic estimator of the trace of the influence matrix for Laplacian smoothing splines"
/// (1990).
struct Probes {
  Index count = 1;  ///< directions for each sample, at least 1

  static constexpr std::string_view name = "Probes";  ///< the name in a model's summary
  static constexpr bool random = true;                ///< whether the directions are drawn
  /// The number of directions for a code of any size.
  Index directions(Index) const { return count; }
  /// @throws OptionError for a value outside its range
  void validate() const { detail::require_at_least("Probes.count", 1, count); }
};

/// The policy of a contractive autoencoder: adds `weight` times ||J||_F^2, the squared Frobenius norm of the Jacobian
/// of the code by the input, to the objective of training, as a mean over the samples. With `Denoising` the Jacobian is
/// that at the corrupted input, with `Variational` that of the mean.
/// Source: Rifai et al., "Contractive auto-encoders: explicit invariance during feature extraction" (2011), eq. 5, for
/// one sigmoid layer; here for encoders of any depth.
///
///     Contractive<>                    exact: one backward pass for each value of the code, or a single one if the
///                                      encoder is one dense layer and activations
///     Contractive{Probes{4}, 0.1}      four backward passes for codes of any size
///
/// A `hessian_weight` adds that times the mean of ||J(x) - J(x + e)||_F^2 over `noise_draws` draws of normal noise e
/// with the standard deviation `noise`.
/// Source: Rifai et al., "Higher order contractive auto-encoder" (2011), eq. 7.
template <JacobianDirections Directions = Exact>
struct Contractive {
  Directions directions{};    ///< `Exact` or `Probes`
  double weight = 0.1;        ///< of the Jacobian, at least 0
  double hessian_weight = 0;  ///< of the Jacobian's differences, at least 0; 0: they are not computed
  double noise = 0.1;         ///< the standard deviation of the noise, above 0; in units of the data
  Index noise_draws = 1;      ///< draws of noise for each sample, at least 1

  static constexpr bool random = Directions::random;  ///< whether the directions are drawn

  /// As every `Policy`.
  ///@{
  static constexpr std::string_view kind = "Contractive";
  static constexpr Index at_layer = AllLayers::at_layer;

  void validate() const {
    directions.validate();
    detail::require_nonnegative("Contractive.weight", weight);
    detail::require_nonnegative("Contractive.hessian_weight", hessian_weight);
    detail::require_positive("Contractive.noise", noise);
    detail::require_at_least("Contractive.noise_draws", 1, noise_draws);
  }
  ///@}

  /// The penalty is computed by the training step between forward and backward pass, since it depends on the whole
  /// encoder. The following members are for the training step alone.
  ///@{
  static constexpr bool penalizes_stack = true;

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
      if (detail::has_second_order_term<typename Stack::template LayerAt<K>>)
        requirements.extra_gradients[K - 1] = true;
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
    const detail::ContractivePenalty<Scalar, Stack, Contractive> penalty(*this, context.stack, context.pass,
                                                                         context.parameters);
    return penalty(context.tape, context.requirements, sink);
  }
  ///@}
};

}  // namespace eigencoder
