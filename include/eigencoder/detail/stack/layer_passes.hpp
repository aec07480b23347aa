#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/stack/bias_gradient.hpp>
#include <eigencoder/detail/stack/weight_gradient.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <type_traits>

/// @file
/// The forward and backward pass of every linear and every pointwise layer, written once.
namespace eigencoder::detail {

/// Stands where no activation is fused to a linear layer.
struct NoActivation {};

template <class Scalar, class Activation>
void activate(const Activation& activation, const Scalar* z, Scalar* y, Index count) {
  if (y == z)  // one pointer, or clang takes one value at a time
    for (Index i = 0; i < count; ++i) y[i] = activation.value(y[i]);
  else
    for (Index i = 0; i < count; ++i) y[i] = activation.value(z[i]);
}

/// y = f(z); y may be z itself.
template <class Scalar, class Activation>
void pointwise_forward(const Pass<Scalar>& pass, const Activation& activation, const Scalar* z, Scalar* y,
                       Index count) {
  parallel_tiles(count, pointwise_tile, pass.team(count * 8), [&](Index first, Index n, int) {
    activate(activation, z + first, y + first, n);
  });
}

/// dz = dy f'(z), in place; `kept` holds what the activation keeps (`SavedForBackward`).
template <class Scalar, class Activation>
void pointwise_backward(const Pass<Scalar>& pass, const Activation& activation, const Scalar* kept, Scalar* delta,
                        Index count) {
  parallel_tiles(count, pointwise_tile, pass.team(count * 8), [&](Index first, Index n, int) {
    const Scalar* k = kept + first;
    Scalar* d = delta + first;
    for (Index i = 0; i < n; ++i) d[i] *= activation.derivative(k[i]);
  });
}

/// to += from; the two do not overlap.
template <class Scalar>
void add(const Scalar* __restrict from, Index count, Scalar* __restrict to) {
  for (Index i = 0; i < count; ++i) to[i] += from[i];
}
template <class Scalar>
void add(const Pass<Scalar>& pass, const Scalar* from, Scalar* to, Index count) {
  parallel_tiles(count, pointwise_tile, pass.team(count * 8), [&](Index first, Index n, int) {
    add(from + first, n, to + first);
  });
}

/// The bias of a linear layer (null without one): one value for each output, or one for each channel, which then
/// repeats from position to position.
template <class Scalar>
struct Bias {
  const Scalar* values;
  Index period;
};

/// Adds the bias to `count` values, the first of which is at `row` of its column.
template <class Scalar>
void add_bias(Bias<Scalar> bias, Scalar* values, Index row, Index count) {
  constexpr Index most = 64;
  Scalar repeated[most];  // a short one, so that loops are long
  if (2 * bias.period <= most && count >= 4 * most && row % bias.period == 0) {
    const Index times = most / bias.period;
    for (Index i = 0; i < times; ++i) std::copy_n(bias.values, bias.period, repeated + i * bias.period);
    bias = {repeated, times * bias.period};
  }
  for (Index i = 0, place = row < bias.period ? row : row % bias.period; i < count; place = 0) {
    const Index end = (std::min)(i + bias.period - place, count);
    add(bias.values + place, end - i, values + i);
    i = end;
  }
}

/// z = A x + b and, where an activation follows, y = f(z): bias and activation are applied to each region
/// while it is still in the cache. y may be z.
template <class Scalar, class Kernel, class Activation>
void linear_forward(const Pass<Scalar>& pass, const Kernel& kernel, Bias<Scalar> bias, const Activation& activation,
                    const Scalar* x, Scalar* z, Scalar* y) {
  const auto task = [&](Index t, int thread) {
    const Region region = kernel.apply(t, x, z, pass.batch, pass.workspace.scratch(thread).gemm);
    // Whole columns are one.
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

/// From dz = dL/dz: dx = A^T dz (unless null), then the gradients. In this order because the sink may
/// update a weight tile as soon as it is closed, and dx reads all of them.
template <class Scalar, class Kernel>
void linear_backward(const Pass<Scalar>& pass, const Kernel& kernel, LinearBlocks blocks, SampleSizes sizes,
                     const Scalar* x, const Scalar* dz, Scalar* dx, GradientSink<Scalar>& sink) {
  if (dx) linear_adjoint(pass, kernel, dz, dx);
  if (blocks.bias >= 0) bias_backward(pass, blocks.bias, blocks.bias_period, sizes.out, dz, sink);
  if (blocks.weight >= 0) weight_backward(pass, kernel, blocks, sizes, x, dz, sink);
}

}  // namespace eigencoder::detail
