#pragma once

#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// Whose turn it is to add to a gradient. Most parameters have one contributor a step; a tied weight has two, the
/// decoder's layer first, the encoder's last. A penalty that walks through layers of its own accord comes `early`,
/// before all of these, and any number of times.
enum class ContributionOrder { early, only, first, last };

/// Where a layer's backward pass delivers the gradient of a stretch of parameters. A layer asks `open`
/// for the memory, writes (or, told so, adds) the gradient there and calls `close`. At the last turn the
/// sink may update the parameters at once, so a layer closes a stretch only when nothing will read these
/// parameters again in this step. Called from several threads, for stretches that do not overlap.
template <class Scalar>
class GradientSink {
 public:
  struct GradientSlice {
    Scalar* gradient;
    bool accumulate;  ///< add to what stands there
  };

  /// `block` is the index of the parameter block, `first` and `count` a range of values inside it,
  /// `scratch` memory of the calling thread that may serve for `count` values.
  /// Where several contribute, or came early, `accumulate` says so from the second on.
  virtual GradientSlice open(ContributionOrder turn, Index block, Index first, Index count, Buffer<Scalar>& scratch) = 0;
  virtual void close(ContributionOrder turn, Index block, Index first, Index count, Scalar* gradient) = 0;

 protected:
  ~GradientSink() = default;
};

/// Hands what a sweep delivers to another sink as an early contribution.
template <class Scalar>
class EarlySink final : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;
  explicit EarlySink(GradientSink<Scalar>& sink) : sink_(sink) {}

  GradientSlice open(ContributionOrder, Index block, Index first, Index count, Buffer<Scalar>& scratch) override {
    return sink_.open(ContributionOrder::early, block, first, count, scratch);
  }
  void close(ContributionOrder, Index block, Index first, Index count, Scalar* gradient) override {
    sink_.close(ContributionOrder::early, block, first, count, gradient);
  }

 private:
  GradientSink<Scalar>& sink_;
};

}  // namespace eigencoder
