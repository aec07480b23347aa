#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/stack/stack_penalty.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/penalty.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <type_traits>

/// @file
/// The policy that penalizes activations, and its penalty unless another one is given.
namespace eigencoder {

/// `weight` times the sum over a sample's values of their magnitudes, as a mean over the samples; the derivative at 0
/// is 0.
/// Source: Olshausen & Field, "Emergence of simple-cell receptive field properties by learning a sparse code for
/// natural images" (1996), equation 4 with S(x) = |x|.
struct L1 {
  double weight = 1e-3;  ///< at least 0

  /// As every `ActivationPenalty`.
  ///@{
  static constexpr std::string_view name = "L1";

  void validate() const { detail::require_nonnegative("L1.weight", weight); }

  template <class Scalar>
  double penalize(const Scalar* values, Scalar* gradient, Index size, Index batch) const {
    const Index n = size * batch;
    const double factor = weight / static_cast<double>(batch);
    const auto derivative = static_cast<Scalar>(factor);
    detail::RunningSums sums;
    sums.add(n, [&](double& sum, Index i) { sum += (std::abs)(values[i]); });
    for (Index i = 0; i < n; ++i) gradient[i] += values[i] > 0 ? derivative : values[i] < 0 ? -derivative : Scalar(0);
    return factor * sums.total();
  }
  ///@}
};

/// The policy of a sparse autoencoder: adds a penalty on the code or, with a `Place`, on the output of that layer to
/// the objective of training.
///
///     Sparse<L1>, Sparse{L1{.weight = 1e-3}}      on the code
///     Sparse<KlSparsity, AtLayer<1>>              on the output of the second layer
///     Sparse{L0{.weight = 0.1, .target = 12}}     on the number of units of a `JumpRelu` code that fire
///
/// `Penalty` is any `ActivationPenalty` or `FiringPenalty`, such as one of your own: see extend/penalty.hpp, and `L1`
/// as a template.
template <class Penalty = L1, class Place = AllLayers>
  requires ActivationPenalty<Penalty> || FiringPenalty<Penalty>
struct Sparse {
  Penalty penalty{};  ///< with its options

  /// As every policy that `PenalizesLayer`.
  ///@{
  static constexpr std::string_view kind = "Sparse";
  static constexpr Index at_layer = Place::at_layer;
  static constexpr Text term = term_name<Place>(Penalty::name);
  static constexpr bool penalizes_firing = FiringPenalty<Penalty>;

  void validate() const { penalty.validate(); }

  template <class Layer>
  constexpr Diagnosis diagnose_layer([[maybe_unused]] const Layer& layer) const {
    Diagnosis found;
    if constexpr (penalizes_firing && !LearnsFiring<Layer>)
      found = {Rule::policy_applies, kind, Text::of("the output of ", detail::part_name(layer)),
               "that of a layer with thresholds to learn, such as JumpRelu"};
    if constexpr (requires { penalty.diagnose_layer(layer); })
      if (found.ok()) found = penalty.diagnose_layer(layer);
    if (!found.ok()) found.who = Text::of(kind, "<", Penalty::name, ">");
    return found;
  }

  template <class Scalar>
  double penalize(const Scalar* values, Scalar* gradient, Index size, Index batch) const
    requires ActivationPenalty<Penalty>
  {
    return penalty.penalize(values, gradient, size, batch);
  }
  ///@}

  /// A `FiringPenalty` is computed by the training step between forward and backward pass, since its gradient goes to
  /// the layer's parameters. The following members are for the training step alone.
  ///@{
  static constexpr bool penalizes_stack = penalizes_firing;

  template <class Stack>
  static constexpr void add_requirements(typename Stack::PassRequirements& requirements) {
    requirements.saved_outputs[at<Stack>] = true;
  }

  template <class Stack>
  static constexpr bool contributes_to(Index layer) {
    return layer == static_cast<Index>(at<Stack>);
  }

  template <class Scalar, class Context>
  double penalize_stack(const Context& context, GradientSink<Scalar>& sink) const
    requires FiringPenalty<Penalty>
  {
    using Stack = std::remove_cvref_t<decltype(context.stack)>;
    Pass<Scalar> pass = context.pass;
    if (at<Stack> >= Stack::encoder_depth) pass.batch *= context.tape.draws;
    const Index n = context.stack.layer_info[at<Stack>].out.size() * pass.batch;
    const Scalar* y = context.tape.output[at<Stack>];
    Index fired = 0;
    for (Index i = 0; i < n; ++i) fired += y[i] != 0 ? 1 : 0;
    const auto samples = static_cast<double>(pass.batch);
    const double firing = static_cast<double>(fired) / samples;
    detail::EarlySink<Scalar> early(sink);
    get<at<Stack>>(context.stack.layers)
        .firing_backward(context.stack.template layer_context<at<Stack>>(pass, context.parameters, context.tape),
                         context.tape.input_of(at<Stack>), penalty.derivative(firing) / samples, early);
    return penalty.value(firing);
  }
  ///@}

 private:
  /// The index of the penalized layer.
  template <class Stack>
  static constexpr std::size_t at = at_layer >= 0 ? static_cast<std::size_t>(at_layer) : Stack::encoder_depth - 1;
};

template <class Penalty>
Sparse(Penalty) -> Sparse<Penalty>;

}  // namespace eigencoder
