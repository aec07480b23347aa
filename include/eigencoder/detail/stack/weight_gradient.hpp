#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/workspace.hpp>

/// @file
/// The gradient of a linear layer's weight, whatever its kernel.
namespace eigencoder::detail {

/// The values of a sample before and behind a layer.
struct SampleSizes {
  Index in, out;
};

/// The values of a kernel's weight.
template <class Kernel>
Index weight_size(const Kernel& kernel) {
  const Range last = kernel.outer_range(kernel.outer_tasks() - 1);
  return last.first + last.count;
}

/// How many parts of the batch a task of the weight's gradient is cut into, by sizes alone: a weight that is used at
/// thousands of places, a convolution's, has too few tasks of its own to end together. One of
/// millions of values is not cut: each part is as large.
template <class Kernel>
Index batch_parts(const Kernel& kernel, Index batch) {
  const Index size = weight_size(kernel), times = kernel.work() * batch / size;
  const Index wanted = 12 / kernel.outer_tasks(), room = 4194304 / size;
  return std::clamp<Index>((std::min)({wanted, room, times / 512}), 1, batch);
}

/// The gradient of <dz, A x> by the weight, to the sink.
template <class Scalar, class Kernel>
void weight_backward(const Pass<Scalar>& pass, const Kernel& kernel, LinearBlocks blocks, SampleSizes sizes,
                     const Scalar* x, const Scalar* dz, GradientSink<Scalar>& sink) {
  const int team = pass.team(kernel.work() * pass.batch);
  const auto accumulate_weight = [&](Range range, int thread, const auto& give) {
    auto& scratch = pass.workspace.scratch(thread);
    const auto stretch = sink.open(blocks.turn, blocks.weight, range.first, range.count, scratch.tile);
    give(stretch.gradient, stretch.accumulate);
    sink.close(blocks.turn, blocks.weight, range.first, range.count, stretch.gradient);
  };
  const Index tasks = kernel.outer_tasks(), parts = batch_parts(kernel, pass.batch);
  if (parts == 1)
    return parallel_for(tasks, team, [&](Index task, int thread) {
      accumulate_weight(kernel.outer_range(task), thread, [&](Scalar* g, bool accumulate) {
        kernel.outer(task, x, dz, pass.batch, g, accumulate, pass.workspace.scratch(thread).gemm);
      });
    });
  const Index size = weight_size(kernel);
  Scalar* const partial = pass.workspace.partial(parts * size);
  parallel_for(parts * tasks, team, [&](Index number, int thread) {
    const Index part = number / tasks, task = number % tasks, first = pass.batch * part / parts;
    kernel.outer(task, x + first * sizes.in, dz + first * sizes.out, pass.batch * (part + 1) / parts - first,
                 partial + part * size + kernel.outer_range(task).first, false,
                 pass.workspace.scratch(thread).gemm);
  });
  parallel_tiles(size, pointwise_tile / 2, team, [&](Index first, Index count, int thread) {
    accumulate_weight({first, count}, thread, [&](Scalar* g, bool accumulate) {
      if (!accumulate) std::fill_n(g, count, Scalar(0));
      for (Index part = 0; part < parts; ++part)
        for (Index i = 0; i < count; ++i) g[i] += partial[part * size + first + i];
    });
  });
}

}  // namespace eigencoder::detail
