#pragma once

#include <concepts>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/policy.hpp>

namespace eigencoder::detail {

/// Passes every contribution on to another sink as an early one.
template <class Scalar>
class EarlySink final : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;

  /// Passes on to `sink`, which must outlive this one.
  explicit EarlySink(GradientSink<Scalar>& sink) : sink_(sink) {}

  /// As every `GradientSink`, whatever the order.
  ///@{
  GradientSlice open(ContributionOrder, Index block, Index first, Index count, Buffer<Scalar>& scratch) override {
    return sink_.open(ContributionOrder::early, block, first, count, scratch);
  }
  void close(ContributionOrder, Index block, Index first, Index count, Scalar* gradient) override {
    sink_.close(ContributionOrder::early, block, first, count, gradient);
  }
  bool needs(Index block) const override { return sink_.needs(block); }
  ///@}

 private:
  GradientSink<Scalar>& sink_;
};

/// What a penalty on the whole stack sees of a batch between its forward pass and its backward pass.
template <class ScalarType, class LayerStack>
struct StackContext {
  using Scalar = ScalarType;
  using Stack = LayerStack;

  const Stack& stack;
  const Pass<Scalar>& pass;
  const ParameterView<Scalar>& parameters;
  const Tape<Scalar, Stack::size>& tape;
  const typename Stack::PassRequirements& requirements;  ///< those with which the tape was laid out
  const Scalar* target;                                  ///< the decoder's target, NaN where unknown: values x batch
};

/// A policy whose penalty needs more than one layer's output, and which runs layers itself, such as `Contractive`. It
/// has `static constexpr bool penalizes_stack = true` and
///
/// - `add_requirements<Stack>(requirements)`: marks the outputs that it reads and the gradients to which it adds
/// - `contributes_to<Stack>(layer)`: whether it adds to the gradients of that layer's parameters
/// - `penalize_stack(context, sink)`: returns the penalty, a mean over the samples; adds its derivatives by layers'
///   outputs to `context.tape.extra_gradients`, and hands those by parameters to the sink through an `EarlySink`
/// - optionally `diagnose_stack(stack, loss)`: a `Diagnosis` of models for which it is not defined
template <class P>
concept PenalizesStack = Policy<P> && requires { requires bool{P::penalizes_stack}; };

}  // namespace eigencoder::detail
