#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/workspace.hpp>

/// @file
/// The gradients of a linear layer's bias and weight, whatever its kernel. Sums are split by sizes alone, so their bits
/// do not depend on the number of threads.
namespace eigencoder::detail {

/// sum[i] = the sum of column i of a row-major matrix, `rows` x `period`: up to 64 lines in Scalar, the rest in double.
/// Where rows are short, one line holds several of them, so that the inner loop stays long.
template <class Scalar>
void sum_rows(const Scalar* values, Index rows, Index period, double* sum) {
  constexpr Index lanes = 256, lines = 64;
  std::fill_n(sum, period, 0.0);
  for (Index first = 0; first < period; first += lanes) {
    const Index count = (std::min)(lanes, period - first);
    const Index rows_per_line = count == period ? lanes / period : 1;
    for (Index row = 0; row < rows; row += lines * rows_per_line) {
      const Index end = (std::min)(rows, row + lines * rows_per_line);
      Scalar lane[lanes] = {};
      for (Index line = row; line < end; line += rows_per_line) {
        const Scalar* from = values + line * period + first;
        const Index width = (std::min)(rows_per_line, end - line) * count;
        for (Index i = 0; i < width; ++i) lane[i] += from[i];
      }
      for (Index r = 0; r < rows_per_line; ++r)
        for (Index i = 0; i < count; ++i) sum[first + i] += lane[r * count + i];
    }
  }
}

/// Adds the gradient of a bias to the sink: the sum of dz over the samples and, where the bias has one value per
/// channel, over the positions. `dz` has `outputs` values per sample, in which the bias repeats every `period`.
template <class Scalar>
void bias_backward(const Pass<Scalar>& pass, Index block, Index period, Index outputs, const Scalar* dz,
                   GradientSink<Scalar>& sink) {
  if (!sink.needs(block)) return;
  const Index rows = outputs * pass.batch / period;
  const Index parts = std::clamp<Index>(outputs * pass.batch / (2 * pointwise_tile), 1, 16);
  const Index part = (rows + parts - 1) / parts;
  double* const sum = pass.workspace.partial_sums(parts * period);
  parallel_tiles(rows, part, pass.team(outputs * pass.batch * 8), [&](Index first, Index count, int) {
    sum_rows(dz + first * period, count, period, sum + first / part * period);
  });
  parallel_for(1, 1, [&](Index, int) {  // in a task, because tasks flush subnormal numbers to zero
    for (Index i = 1; i * part < rows; ++i)
      for (Index k = 0; k < period; ++k) sum[k] += sum[i * period + k];
    accumulate_gradient(block, Index{0}, period, sum, pass.workspace.scratch(0).tile, sink);
  });
}

/// The number of values per sample in a layer's input and output.
struct SampleSizes {
  Index in, out;
};

/// The number of values in a kernel's weight.
template <class Kernel>
Index weight_size(const Kernel& kernel) {
  const Range last = kernel.outer_range(kernel.outer_tasks() - 1);
  return last.first + last.count;
}

/// The number of parts into which a batch is split for the gradient of the weight: more than one where the kernel has
/// too few tasks to occupy the threads. Each part keeps enough work, and the partial gradients of all parts together
/// have at most 4 million values.
template <class Kernel>
Index batch_parts(const Kernel& kernel, Index batch) {
  const Index size = weight_size(kernel), products_per_value = kernel.work() * batch / size;
  const Index for_threads = 12 / kernel.outer_tasks(), for_memory = 4194304 / size;
  return std::clamp<Index>((std::min)({for_threads, for_memory, products_per_value / 512}), 1, batch);
}

/// Adds the derivative of <dz, A x> by the weight to the sink, one slice per task.
template <class Scalar, class Kernel>
void weight_backward(const Pass<Scalar>& pass, const Kernel& kernel, LinearBlocks blocks, SampleSizes sizes,
                     const Scalar* x, const Scalar* dz, GradientSink<Scalar>& sink) {
  if (!sink.needs(blocks.weight)) return;
  const int team = pass.team(kernel.work() * pass.batch);
  const Index tasks = kernel.outer_tasks(), parts = batch_parts(kernel, pass.batch);
  if (parts == 1)
    return parallel_for(tasks, team, [&](Index task, int thread) {
      const Range range = kernel.outer_range(task);
      auto& scratch = pass.workspace.scratch(thread);
      const auto slice = sink.open(blocks.order, blocks.weight, range.first, range.count, scratch.tile);
      kernel.outer(task, x, dz, pass.batch, slice.gradient, slice.accumulate, scratch.gemm);
      sink.close(blocks.order, blocks.weight, range.first, range.count, slice.gradient);
    });

  const Index size = weight_size(kernel);
  Scalar* const partial = pass.workspace.partial_gradients(parts * size);
  parallel_for(parts * tasks, team, [&](Index number, int thread) {
    const Index part = number / tasks, task = number % tasks, first = pass.batch * part / parts;
    kernel.outer(task, x + first * sizes.in, dz + first * sizes.out, pass.batch * (part + 1) / parts - first,
                 partial + part * size + kernel.outer_range(task).first, false,
                 pass.workspace.scratch(thread).gemm);
  });
  parallel_tiles(size, pointwise_tile / 2, team, [&](Index first, Index count, int thread) {
    const auto slice = sink.open(blocks.order, blocks.weight, first, count, pass.workspace.scratch(thread).tile);
    if (!slice.accumulate) std::fill_n(slice.gradient, count, Scalar(0));
    for (Index part = 0; part < parts; ++part)
      for (Index i = 0; i < count; ++i) slice.gradient[i] += partial[part * size + first + i];
    sink.close(blocks.order, blocks.weight, first, count, slice.gradient);
  });
}

}  // namespace eigencoder::detail
