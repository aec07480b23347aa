#pragma once

#include <algorithm>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/workspace.hpp>

/// @file
/// The gradient of a bias: sums over samples and, with one value for each channel, over positions.
namespace eigencoder::detail {

/// sum_i = the sum of column i of `rows` rows of `period` values: 64 lines at a time as they are, then in double. Where
/// a row is short, a line is several of them.
template <class Scalar>
void sum_rows(const Scalar* values, Index rows, Index period, double* sum) {
  constexpr Index lanes = 256, lines = 64;
  std::fill_n(sum, period, 0.0);
  for (Index first = 0; first < period; first += lanes) {
    const Index count = (std::min)(lanes, period - first), fold = count == period ? lanes / period : 1;
    for (Index row = 0; row < rows; row += lines * fold) {
      const Index end = (std::min)(rows, row + lines * fold);
      Scalar lane[lanes] = {};
      for (Index line = row; line < end; line += fold) {
        const Scalar* from = values + line * period + first;
        const Index width = (std::min)(fold, end - line) * count;
        for (Index i = 0; i < width; ++i) lane[i] += from[i];
      }
      for (Index f = 0; f < fold; ++f)
        for (Index i = 0; i < count; ++i) sum[first + i] += lane[f * count + i];
    }
  }
}

/// db, where dz is some samples of `outputs` values and the bias of `period` repeats in each. Cut by sizes alone.
template <class Scalar>
void bias_backward(const Pass<Scalar>& pass, Index block, Index period, Index outputs, const Scalar* dz,
                   GradientSink<Scalar>& sink) {
  const Index rows = outputs * pass.batch / period;
  const Index parts = std::clamp<Index>(outputs * pass.batch / (2 * pointwise_tile), 1, 16);
  const Index part = (rows + parts - 1) / parts;
  double* const sum = pass.workspace.sums(parts * period);
  parallel_tiles(rows, part, pass.team(outputs * pass.batch * 8), [&](Index first, Index count, int) {
    sum_rows(dz + first * period, count, period, sum + first / part * period);
  });
  parallel_for(1, 1, [&](Index, int) {  // a task, for in these subnormal numbers count as 0
    for (Index i = 1; i * part < rows; ++i)
      for (Index k = 0; k < period; ++k) sum[k] += sum[i * period + k];
    accumulate_gradient(block, Index{0}, period, sum, pass.workspace.scratch(0).tile, sink);
  });
}

}  // namespace eigencoder::detail
