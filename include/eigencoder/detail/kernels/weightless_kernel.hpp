#pragma once

#include <algorithm>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// The part of a `LinearKernel` that kernels without a weight share. Their work is to move values, so a task is a run
/// of whole samples, several where samples are small.
struct WeightlessKernel {
  Shape in;
  Shape out;

  Index samples_per_task() const { return std::max<Index>(1, 8192 / (std::max)(in.size(), out.size())); }
  Index apply_tasks(Index batch) const { return (batch + samples_per_task() - 1) / samples_per_task(); }
  Index adjoint_tasks(Index batch) const { return apply_tasks(batch); }
  /// The samples of a task.
  Range range(Index task, Index batch) const {
    const Index first = task * samples_per_task();
    return {first, (std::min)(samples_per_task(), batch - first)};
  }

  // Moving a value costs as much as a few multiplications.
  Index work() const { return 4 * (in.size() + out.size()); }

  Index outer_tasks() const { return 0; }
  Range outer_range(Index) const { return {0, 0}; }
  template <class Scalar>
  void outer(Index, const Scalar*, const Scalar*, Index, Scalar*, bool, KernelScratch<Scalar>&) const {}
};

/// y = x: the kernel of `Reshape`.
struct CopyKernel : WeightlessKernel {
  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>&) const {
    const Range samples = range(task, batch);
    const Index size = out.size();
    std::copy_n(x + samples.first * size, samples.count * size, y + samples.first * size);
    return {0, size, samples.first, samples.count, size};
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    return apply(task, y, x, batch, scratch);
  }
};

}  // namespace eigencoder::detail
