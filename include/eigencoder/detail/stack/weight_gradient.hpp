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

/// The values of a sample in a layer's input and output.
struct SampleSizes {
  Index in, out;
};

/// The number of values in a kernel's weight.
template <class Kernel>
Index weight_size(const Kernel& kernel) {
  const Range last = kernel.outer_range(kernel.outer_tasks() - 1);
  return last.first + last.count;
}

/// Into how many parts a batch is cut for the weight's gradient. A kernel with fewer tasks than a few threads could
/// share is run on parts of the batch side by side, where each part still has work and the partial gradients of all of
/// them are at most 4 million values. Depends on sizes alone.
template <class Kernel>
Index batch_parts(const Kernel& kernel, Index batch) {
  const Index size = weight_size(kernel), products_per_value = kernel.work() * batch / size;
  const Index for_threads = 12 / kernel.outer_tasks(), for_memory = 4194304 / size;
  return std::clamp<Index>((std::min)({for_threads, for_memory, products_per_value / 512}), 1, batch);
}

/// Hands the gradient of <dz, A x> by the weight to the sink, a slice for each task.
template <class Scalar, class Kernel>
void weight_backward(const Pass<Scalar>& pass, const Kernel& kernel, LinearBlocks blocks, SampleSizes sizes,
                     const Scalar* x, const Scalar* dz, GradientSink<Scalar>& sink) {
  const int team = pass.team(kernel.work() * pass.batch);
  const Index tasks = kernel.outer_tasks(), parts = batch_parts(kernel, pass.batch);
  if (parts == 1)
    return parallel_for(tasks, team, [&](Index task, int thread) {
      const Range range = kernel.outer_range(task);
      auto& scratch = pass.workspace.scratch(thread);
      const auto slice = sink.open(blocks.turn, blocks.weight, range.first, range.count, scratch.tile);
      kernel.outer(task, x, dz, pass.batch, slice.gradient, slice.accumulate, scratch.gemm);
      sink.close(blocks.turn, blocks.weight, range.first, range.count, slice.gradient);
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
    const auto slice = sink.open(blocks.turn, blocks.weight, first, count, pass.workspace.scratch(thread).tile);
    if (!slice.accumulate) std::fill_n(slice.gradient, count, Scalar(0));
    for (Index part = 0; part < parts; ++part)
      for (Index i = 0; i < count; ++i) slice.gradient[i] += partial[part * size + first + i];
    sink.close(blocks.turn, blocks.weight, first, count, slice.gradient);
  });
}

}  // namespace eigencoder::detail
