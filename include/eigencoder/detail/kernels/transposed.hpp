#pragma once

#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// A^T as a `LinearKernel`, for the kernel of a linear map A and on the same weight: `apply` and `adjoint` swapped. A
/// transposed convolution is this, and so is every linear layer of a mirrored decoder.
template <class Kernel>
struct Transposed {
  Kernel original;  ///< A

  Index apply_tasks(Index batch) const { return original.adjoint_tasks(batch); }
  Index adjoint_tasks(Index batch) const { return original.apply_tasks(batch); }
  Index outer_tasks() const { return original.outer_tasks(); }
  Range outer_range(Index task) const { return original.outer_range(task); }
  Index work() const { return original.work(); }

  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    return original.adjoint(task, x, y, batch, scratch);
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    return original.apply(task, y, x, batch, scratch);
  }
  /// <dy, A^T x> = <A dy, x>, so the gradient of A's weight is that of A with x and dy swapped.
  template <class Scalar>
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    original.outer(task, dy, x, batch, g, accumulate, scratch);
  }
};

}  // namespace eigencoder::detail
