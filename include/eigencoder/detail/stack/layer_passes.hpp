#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/stack/linear_gradients.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <type_traits>

/// @file
/// The forward and backward pass of every linear and every pointwise layer, written once.
namespace eigencoder::detail {

/// The activation of a linear layer that has none fused to it.
struct NoActivation {};

/// y = f(z) for one tile; y may be z.
template <class Scalar, class Activation>
void activate(const Activation& activation, const Scalar* z, Scalar* y, Index count) {
  if (y == z)  // clang vectorizes this loop only where it sees a single pointer
    for (Index i = 0; i < count; ++i) y[i] = activation.value(y[i]);
  else
    for (Index i = 0; i < count; ++i) y[i] = activation.value(z[i]);
}

/// y = f(z); y may be z.
template <class Scalar, class Activation>
void pointwise_forward(const Pass<Scalar>& pass, const Activation& activation, const Scalar* z, Scalar* y,
                       Index count) {
  parallel_slices(pass, count, 8, [&](Index first, Index n) {
    activate(activation, z + first, y + first, n);
  });
}

/// dz = dy f'(z), in place. `saved` is z or y, as the activation's `SavedForBackward` says.
template <class Scalar, class Activation>
void pointwise_backward(const Pass<Scalar>& pass, const Activation& activation, const Scalar* saved, Scalar* delta,
                        Index count) {
  parallel_slices(pass, count, 8, [&](Index first, Index n) {
    const Scalar* s = saved + first;
    Scalar* d = delta + first;
    for (Index i = 0; i < n; ++i) d[i] *= activation.derivative(s[i]);
  });
}

/// to += from, which do not overlap.
template <class Scalar>
void add(const Scalar* __restrict from, Index count, Scalar* __restrict to) {
  for (Index i = 0; i < count; ++i) to[i] += from[i];
}
template <class Scalar>
void add(const Pass<Scalar>& pass, const Scalar* from, Scalar* to, Index count) {
  parallel_slices(pass, count, 8, [&](Index first, Index n) {
    add(from + first, n, to + first);
  });
}

/// The bias of a linear layer, null if it has none: one value per output, or one per channel, which repeats at every
/// position.
template <class Scalar>
struct Bias {
  const Scalar* values;
  Index period;
};

/// Adds the bias to `count` values, of which the first is in row `row` of its column.
template <class Scalar>
void add_bias(Bias<Scalar> bias, Scalar* values, Index row, Index count) {
  constexpr Index capacity = 64;
  Scalar repeated[capacity];  // several copies of a short bias, for longer loops
  if (2 * bias.period <= capacity && count >= 4 * capacity && row % bias.period == 0) {
    const Index times = capacity / bias.period;
    for (Index i = 0; i < times; ++i) std::copy_n(bias.values, bias.period, repeated + i * bias.period);
    bias = {repeated, times * bias.period};
  }
  for (Index i = 0, offset = row < bias.period ? row : row % bias.period; i < count; offset = 0) {
    const Index end = (std::min)(i + bias.period - offset, count);
    add(bias.values + offset, end - i, values + i);
    i = end;
  }
}

/// z = A x + b and, for a fused activation f, y = f(z). Bias and activation are applied to each region of the product
/// while it is in the cache. y may be z.
template <class Scalar, class Kernel, class Activation>
void linear_forward(const Pass<Scalar>& pass, const Kernel& kernel, Bias<Scalar> bias, const Activation& activation,
                    const Scalar* x, Scalar* z, Scalar* y) {
  const auto task = [&](Index t, int thread) {
    const Region region = kernel.apply(t, x, z, pass.batch, pass.workspace.scratch(thread).gemm);
    // Whole columns are contiguous: they are treated as one.
    const bool whole = region.rows == region.height;
    const Index columns = whole ? 1 : region.cols, count = whole ? region.cols * region.height : region.rows;
    for (Index j = 0; j < columns; ++j) {
      const Index first = (region.col + j) * region.height + region.row;
      if (bias.values) add_bias(bias, z + first, region.row, count);
      if constexpr (!std::is_same_v<Activation, NoActivation>) activate(activation, z + first, y + first, count);
    }
  };
  parallel_for(kernel.apply_tasks(pass.batch), pass.team(kernel.work() * pass.batch), task);
}

/// dx = A^T dz.
template <class Scalar, class Kernel>
void linear_adjoint(const Pass<Scalar>& pass, const Kernel& kernel, const Scalar* dz, Scalar* dx) {
  parallel_for(kernel.adjoint_tasks(pass.batch), pass.team(kernel.work() * pass.batch), [&](Index task, int thread) {
    kernel.adjoint(task, dz, dx, pass.batch, pass.workspace.scratch(thread).gemm);
  });
}

/// From dz = dL/dz: dx = A^T dz (unless dx is null), then the gradients of bias and weight. dx comes first because it
/// reads the whole weight, and the sink may update a slice of the weight as soon as that slice is closed.
template <class Scalar, class Kernel>
void linear_backward(const Pass<Scalar>& pass, const Kernel& kernel, LinearBlocks blocks, SampleSizes sizes,
                     const Scalar* x, const Scalar* dz, Scalar* dx, GradientSink<Scalar>& sink) {
  if (dx) linear_adjoint(pass, kernel, dz, dx);
  if (blocks.bias >= 0) bias_backward(pass, blocks.bias, blocks.bias_period, sizes.out, dz, sink);
  if (blocks.weight >= 0) weight_backward(pass, kernel, blocks, sizes, x, dz, sink);
}

}  // namespace eigencoder::detail
