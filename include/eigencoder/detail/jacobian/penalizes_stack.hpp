#pragma once

#include <concepts>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// What a policy with a sweep of its own through the layers sees of a batch, after its forward and before its backward
/// pass.
template <class Scalar, class LayerStack>
struct StackContext {
  const LayerStack& stack;
  const Pass<Scalar>& pass;
  const ParameterView<Scalar>& learned;
  const detail::Tape<Scalar, LayerStack::size>& tape;
  const typename LayerStack::PassRequirements& requirements;  ///< what the tape keeps for policies
  const Scalar* target;                       ///< what the decoder ought to give: values x batch
};

/// A policy with a sweep of its own through the layers: a penalty on more than what leaves one of them.
///
/// - `ask<LayerStack>(requirements)` says which outputs it reads (`kept`) and to which gradients it adds (`added`)
/// - `delivers<LayerStack>(layer)`: whether it delivers to the gradients of that layer's parameters
/// - `sweep(context, sink)` returns the penalty, a mean over the samples; it adds its derivatives by what leaves a layer
///   to `context.tape.added`, and hands those by parameters to the sink, all of them early (`EarlySink`)
/// - optionally `diagnose_stack(stack, loss)`, a `Diagnosis`
template <class P>
concept Sweeps = Policy<P> && requires { requires bool{P::sweeps}; };

}  // namespace eigencoder::detail
