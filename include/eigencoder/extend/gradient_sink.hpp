#pragma once

#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// The position of a contribution among all contributions to a gradient in one step. Most parameters get one a step; a
/// tied weight gets two, from the decoder's layer and then from the encoder's.
enum class ContributionOrder {
  early,  ///< from a penalty that computes through layers: before all others, any number of times
  only,   ///< the one contribution of a step
  first,  ///< the first of two
  last    ///< the second of two
};

/// Receives the gradients of parameters from backward passes, slice by slice. A layer asks `open` for memory, writes
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
  /// Completes the slice; `gradient` is what `open` returned, the other arguments are the same.
  virtual void close(ContributionOrder order, Index block, Index first, Index count, Scalar* gradient) = 0;

 protected:
  ~GradientSink() = default;
};

/// Hands sums, taken in double, to the sink as the gradient of values first, ..., first + count - 1 of a block.
template <class Scalar>
void accumulate_gradient(Index block, Index first, Index count, const double* sum, Buffer<Scalar>& scratch,
                         GradientSink<Scalar>& sink) {
  const auto slice = sink.open(ContributionOrder::only, block, first, count, scratch);
  for (Index i = 0; i < count; ++i)
    slice.gradient[i] = static_cast<Scalar>(slice.accumulate ? double{slice.gradient[i]} + sum[i] : sum[i]);
  sink.close(ContributionOrder::only, block, first, count, slice.gradient);
}

}  // namespace eigencoder
