#pragma once

#include <eigencoder/extend/kernel_scratch.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder::detail {

/// The adjoint of a kernel as a kernel of its own, on the same weight: a transposed convolution is this,
/// and so is every layer of a mirrored decoder.
template <class Kernel>
struct Transposed {
  Kernel of;

  Index apply_tasks(Index batch) const { return of.adjoint_tasks(batch); }
  Index adjoint_tasks(Index batch) const { return of.apply_tasks(batch); }
  Index outer_tasks() const { return of.outer_tasks(); }
  Range outer_range(Index task) const { return of.outer_range(task); }
  Index work() const { return of.work(); }

  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    return of.adjoint(task, x, y, batch, scratch);
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    return of.apply(task, y, x, batch, scratch);
  }
  /// <dy, A^T x> = <A dy, x>: the two sides change places.
  template <class Scalar>
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    of.outer(task, dy, x, batch, g, accumulate, scratch);
  }
};

}  // namespace eigencoder::detail
