#pragma once

#include <concepts>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// What a penalty on the whole stack sees of a batch, between its forward and its backward pass.
template <class ScalarType, class LayerStack>
struct StackContext {
  using Scalar = ScalarType;
  using Stack = LayerStack;

  const Stack& stack;
  const Pass<Scalar>& pass;
  const ParameterView<Scalar>& parameters;
  const Tape<Scalar, Stack::size>& tape;
  const typename Stack::PassRequirements& requirements;  ///< what the tape saves for policies
  const Scalar* target;                                  ///< what the decoder should return: values x batch
};

/// A policy that penalizes more than the output of one layer and runs through layers by itself, such as `Contractive`:
/// `static constexpr bool penalizes_stack = true`.
///
/// - `add_requirements<Stack>(requirements)` marks the outputs that it reads and the gradients that it adds to
/// - `contributes_to<Stack>(layer)`: whether it adds to the gradients of that layer's parameters
/// - `penalize_stack(context, sink)` returns the penalty, a mean over the samples. It adds its derivatives by the layers'
///   outputs to `context.tape.extra_gradients` and hands those by parameters to the sink, all early (`EarlySink`)
/// - optionally `diagnose_stack(stack, loss)`, a `Diagnosis`
template <class P>
concept PenalizesStack = Policy<P> && requires { requires bool{P::penalizes_stack}; };

}  // namespace eigencoder::detail
