#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/layers/opaque.hpp>

namespace eigencoder::detail {

/// The sum of `term(i)` for i = 0, ..., n - 1: in `Scalar`, side by side in 16 lanes, for stretches of 1024 (a lane
/// adds 64 terms), then in double.
template <class Scalar, class Term>
double sum_over(Index n, const Term& term) {
  constexpr Index lanes = 16, stretch = 1024;
  double total = 0;
  for (Index first = 0; first < n; first += stretch) {
    const Index end = std::min(n, first + stretch);
    Scalar lane[lanes] = {};
    Index i = first;
    for (; i + lanes <= end; i += lanes)
      for (Index k = 0; k < lanes; ++k) lane[k] += term(i + k);
    if (i > first)
      for (Index half = lanes / 2; half > 0; half /= 2)
        for (Index k = 0; k < half; ++k) lane[k] += lane[k + half];
    for (; i < end; ++i) lane[0] += term(i);
    total += lane[0];
  }
  return total;
}

/// The normalization of rows of `n` values, each by itself, with scales and shifts that all rows share: what
/// `LayerNorm` does to samples and `LayerNorm2d` to positions. Rows are cut into chunks by sizes alone.
class RowNorm {
 public:
  RowNorm(Index n, Index rows) : n_(n), rows_(rows), chunk_(std::clamp<Index>(16384 / n, 8, 256)) {}

  /// Mean and 1 / standard deviation of each row, and for each chunk its part of the gradients.
  Index cache_size() const { return 2 * (rows_ + n_ * chunks()); }

  template <class Scalar>
  void forward(const OpaqueStage<Scalar>& stage, double epsilon, const Scalar* x, Scalar* y) const {
    const Scalar *scale = stage.parameters[0], *shift = stage.parameters[1];
    parallel_tiles(rows_, chunk_, stage.pass.team(stage.values() * 8), [&](Index first, Index count, int) {
      for (Index row = first; row < first + count; ++row) {
        const Scalar* from = x + row * n_;
        Scalar* to = y + row * n_;
        const double size = static_cast<double>(n_);
        const auto center = static_cast<Scalar>(sum_over<Scalar>(n_, [&](Index i) { return from[i]; }) / size);
        const double variance = sum_over<Scalar>(n_, [&](Index i) {
          const Scalar deviation = from[i] - center;
          return deviation * deviation;
        }) / size;
        const auto inverse = static_cast<Scalar>(1 / std::sqrt(variance + epsilon));
        if (stage.cache) {
          stage.cache[2 * row] = center;
          stage.cache[2 * row + 1] = inverse;
        }
        for (Index i = 0; i < n_; ++i) to[i] = (from[i] - center) * inverse * scale[i] + shift[i];
      }
    });
  }

  /// With g = dy scale and x^ the normalized row: dx = (g - mean(g) - x^ mean(g x^)) / deviation.
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    const int team = stage.pass.team(stage.values() * 8);
    Scalar* partial = stage.cache + 2 * rows_;
    parallel_tiles(rows_, chunk_, team, [&](Index first, Index count, int) {
      Scalar* scale_sum = partial + first / chunk_ * 2 * n_;
      std::fill_n(scale_sum, 2 * n_, Scalar(0));
      for (Index row = first; row < first + count; ++row)
        row_backward(stage, row, x + row * n_, dy + row * n_, dx + row * n_, scale_sum, scale_sum + n_);
    });
    // Only now: the sink may change the scales as it takes their gradient.
    parallel_tiles(n_, tile, team, [&](Index first, Index count, int thread) {
      for (const Index which : {0, 1}) {
        double sum[tile] = {};
        for (Index chunk = 0; chunk < chunks(); ++chunk)
          for (Index i = 0; i < count; ++i) sum[i] += partial[(2 * chunk + which) * n_ + first + i];
        deliver(stage.first_block + which, first, count, sum, stage.pass.workspace.scratch(thread).tile, sink);
      }
    });
  }

 private:
  static constexpr Index tile = 256;

  Index chunks() const { return (rows_ + chunk_ - 1) / chunk_; }

  /// Writes dx and adds to the sums of dy x^ and dy.
  template <class Scalar>
  void row_backward(const OpaqueStage<Scalar>& stage, Index row, const Scalar* x, const Scalar* dy, Scalar* dx,
                    Scalar* scale_sum, Scalar* shift_sum) const {
    const Scalar* scale = stage.parameters[0];
    const Scalar center = stage.cache[2 * row], inverse = stage.cache[2 * row + 1];
    const double size = static_cast<double>(n_);
    const double sum = sum_over<Scalar>(n_, [&](Index i) { return dy[i] * scale[i]; });
    const double product = sum_over<Scalar>(n_, [&](Index i) { return dy[i] * scale[i] * (x[i] - center); });
    const auto constant = static_cast<Scalar>(sum / size);
    const auto of_normal = static_cast<Scalar>(product * inverse / size);
    for (Index i = 0; i < n_; ++i)
      dx[i] = (dy[i] * scale[i] - constant - (x[i] - center) * inverse * of_normal) * inverse;
    for (Index i = 0; i < n_; ++i) scale_sum[i] += dy[i] * ((x[i] - center) * inverse);
    for (Index i = 0; i < n_; ++i) shift_sum[i] += dy[i];
  }

  Index n_, rows_, chunk_;
};

}  // namespace eigencoder::detail
