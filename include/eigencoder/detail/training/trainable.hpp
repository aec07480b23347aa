#pragma once

#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/term.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// What the loop needs of a model.
template <class Scalar>
class Trainable {
 public:
  /// The samples at these places, checked; those at `next` will be wanted then.
  virtual Batch<Scalar> fetch(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> places,
                                std::span<const std::uint32_t> next) const = 0;
  /// Forward, loss and backward for one batch; returns the objective summed over it, but for penalties on weights
  /// alone, and adds each term's sum to `sums`.
  virtual double learn(const Pass<Scalar>& pass, const Batch<Scalar>& batch, double* sums,
                       GradientSink<Scalar>& sink) = 0;
  /// The mean loss in inference over some samples, with the bottleneck's part.
  virtual double evaluate(Workspace<Scalar>& workspace, BatchLoader<Scalar>& loader, std::span<const std::uint32_t> places) = 0;
  /// The terms of an epoch of `seen` samples, from their sums; how many sums there are.
  virtual std::vector<Term> terms(const double* sums, Index seen) const = 0;
  virtual std::size_t term_count() const = 0;

 protected:
  ~Trainable() = default;
};

}  // namespace eigencoder::detail
