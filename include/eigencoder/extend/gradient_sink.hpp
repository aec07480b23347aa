#pragma once

#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// Which of its contributions a gradient receives. Most parameters get one a step; a tied weight gets two, from the
/// decoder's layer and then from the encoder's.
enum class ContributionOrder {
  early,  ///< from a penalty that computes through layers: before all others, any number of times
  only,   ///< the one contribution of a step
  first,  ///< the first of two
  last    ///< the second of two
};

/// Where backward passes deliver the gradients of parameters, slice by slice. A layer asks `open` for memory, writes
/// the slice's gradient there (or adds it, with `accumulate`) and calls `close`. On `only` and `last` the sink may
/// update the parameters at once, so a layer closes a slice only when it no longer reads these parameters in this step.
/// Several threads may call at once, for slices that do not overlap.
template <class Scalar>
class GradientSink {
 public:
  /// The memory for a slice's gradient.
  struct GradientSlice {
    Scalar* gradient;  ///< one value for each parameter of the slice
    bool accumulate;   ///< add to the values there instead of overwriting them
  };

  /// Opens the slice of parameters `first`, ..., `first + count - 1` of the parameter block with index `block`, for the
  /// contribution `order`. The sink may place the gradient in `scratch`, memory of the calling thread.
  virtual GradientSlice open(ContributionOrder order, Index block, Index first, Index count,
                             Buffer<Scalar>& scratch) = 0;
  /// Delivers the slice; `gradient` is what `open` returned, the other arguments are the same.
  virtual void close(ContributionOrder order, Index block, Index first, Index count, Scalar* gradient) = 0;

 protected:
  ~GradientSink() = default;
};

/// Passes every contribution on to another sink as an early one.
template <class Scalar>
class EarlySink final : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;  ///< as of every sink
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
  ///@}

 private:
  GradientSink<Scalar>& sink_;
};

}  // namespace eigencoder
