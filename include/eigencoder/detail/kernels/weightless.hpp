#pragma once

#include <eigencoder/extend/kernel_scratch.hpp>
#include <eigencoder/extend/linear_layer.hpp>

/// @file
/// What linear layers without a weight have in common: the layers' part and that of their kernels.
namespace eigencoder::detail {

struct WeightlessLayer {
  static constexpr bool has_weight = false;
  static constexpr Initializer initializer = {};

  constexpr Index bias_size(Shape) const { return 0; }
  constexpr WeightShape weight_shape(Shape) const { return {}; }
};

/// Products are cut into whole samples, small ones several together.
struct WeightlessKernel {
  Shape in;
  Shape out;

  Index samples() const { return std::max<Index>(1, 8192 / (std::max)(in.size(), out.size())); }
  Index apply_tasks(Index batch) const { return (batch + samples() - 1) / samples(); }
  Index adjoint_tasks(Index batch) const { return apply_tasks(batch); }
  /// The samples of a task.
  Range range(Index task, Index batch) const {
    const Index first = task * samples();
    return {first, (std::min)(samples(), batch - first)};
  }

  // Moving a value costs as much as a few multiplications.
  Index work() const { return 4 * (in.size() + out.size()); }

  Index outer_tasks() const { return 0; }
  Range outer_range(Index) const { return {0, 0}; }
  template <class Scalar>
  void outer(Index, const Scalar*, const Scalar*, Index, Scalar*, bool, KernelScratch<Scalar>&) const {}
};

}  // namespace eigencoder::detail
