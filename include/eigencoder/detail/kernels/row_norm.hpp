#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/platform/floating_point.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>

EIGENCODER_PRECISE_BEGIN
namespace eigencoder::detail {

/// Normalizes each row of `n` values to mean 0 and variance 1, then scales and shifts it by parameters that all rows
/// share. A row is a sample in `LayerNorm` and a position in `LayerNorm2d`. Rows are cut into chunks by sizes alone, so
/// that the sums for the parameters' gradients have a fixed order.
class RowNorm {
 public:
  RowNorm(Index n, Index rows) : n_(n), rows_(rows), chunk_(std::clamp<Index>(16384 / n, 8, 256)) {}

  /// The moments of each row (`Row`), and for each chunk its part of the parameters' gradients.
  Index cache_size() const { return row_values * rows_ + 2 * n_ * chunks(); }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, double epsilon, const Scalar* x, Scalar* y) const {
    const Scalar *scale = context.parameters[0], *shift = context.parameters[1];
    parallel_tiles(rows_, chunk_, context.pass.team(context.values() * 8), [&](Index first, Index count, int) {
      for (Index row = first; row < first + count; ++row) {
        const Scalar* from = x + row * n_;
        Scalar* to = y + row * n_;
        const Row<Scalar> moments(from, n_, epsilon);
        if (context.cache) moments.save(context.cache + row_values * row);
        for (Index i = 0; i < n_; ++i) to[i] = moments.normalized(i) * scale[i] + shift[i];
      }
    });
  }

  /// dx = M g, with g = dy scale and M g = v (g - mean(g) - x^ mean(g x^)), where x^ is the normalized row and v is 1 /
  /// its standard deviation. The gradient of the scale is the sum of dy x^ over the rows, that of the shift the sum of
  /// dy.
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    for_each_chunk(context, [&](Index first, Index count, Scalar* scale_sum) {
      Scalar* shift_sum = scale_sum + n_;
      std::fill_n(scale_sum, 2 * n_, Scalar(0));
      for (Index row = first; row < first + count; ++row) {
        const Row<Scalar> moments(context, x, row, n_);
        row_vjp(context, moments, dy + row * n_, dx + row * n_);
        const Scalar* d = dy + row * n_;
        for (Index i = 0; i < n_; ++i) scale_sum[i] += d[i] * moments.normalized(i);
        for (Index i = 0; i < n_; ++i) shift_sum[i] += d[i];
      }
    });
    // After the last use of the scales: the sink may update them at once.
    accumulate_sums(context, 0, sink);
    accumulate_sums(context, 1, sink);
  }

  /// J^T dy = M g: what `backward` writes to dx.
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    for_each_chunk(context, [&](Index first, Index count, Scalar*) {
      for (Index row = first; row < first + count; ++row)
        row_vjp(context, Row<Scalar>(context, x, row, n_), dy + row * n_, dx + row * n_);
    });
  }

  /// J r = scale M r, since M is symmetric.
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* r, Scalar* y) const {
    const Scalar* scale = context.parameters[0];
    for_each_chunk(context, [&](Index first, Index count, Scalar*) {
      for (Index row = first; row < first + count; ++row) {
        const Row<Scalar> moments(context, x, row, n_);
        const Scalar* from = r + row * n_;
        Scalar* to = y + row * n_;
        const Means<Scalar> m(moments, n_, [&](Index i) { return from[i]; });
        for (Index i = 0; i < n_; ++i)
          to[i] = scale[i] * ((from[i] - m.mean - moments.normalized(i) * m.correlation) * moments.inverse);
      }
    });
  }

  /// The derivatives of <r, M g> = n v (mean(r g) - mean(r) mean(g) - a b), where a = mean(r x^) and b = mean(g x^).
  /// From dx^ = M dx and dv = -v^2 mean(x^ dx), the derivative by x is
  /// -v^2 (x^ (mean(r g) - mean(r) mean(g) - 3 a b) + b (r - mean(r)) + a (g - mean(g))), added to dx unless that is
  /// null; the derivative by the scale is dy M r.
  template <class Scalar>
  void second_order(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, const Scalar* r, Scalar* dx,
                    GradientSink<Scalar>& sink) const {
    const Scalar* scale = context.parameters[0];
    for_each_chunk(context, [&](Index first, Index count, Scalar* scale_sum) {
      std::fill_n(scale_sum, n_, Scalar(0));
      for (Index row = first; row < first + count; ++row) {
        const Row<Scalar> moments(context, x, row, n_);
        const Scalar *d = dy + row * n_, *from = r + row * n_;
        const auto g = [&](Index i) { return d[i] * scale[i]; };
        const Means<Scalar> of_r(moments, n_, [&](Index i) { return from[i]; }), of_g(moments, n_, g);
        const Scalar a = of_r.correlation, b = of_g.correlation;
        for (Index i = 0; i < n_; ++i)
          scale_sum[i] += d[i] * ((from[i] - of_r.mean - moments.normalized(i) * a) * moments.inverse);
        if (!dx) continue;
        const double product =
            lane_sum<Scalar>(n_, [&](Index i) { return (from[i] - of_r.mean) * (g(i) - of_g.mean); });
        const Scalar along = static_cast<Scalar>(product / static_cast<double>(n_)) - 3 * a * b;
        const Scalar factor = moments.inverse * moments.inverse;
        Scalar* to = dx + row * n_;
        for (Index i = 0; i < n_; ++i)
          to[i] -= factor * (moments.normalized(i) * along + b * (from[i] - of_r.mean) + a * (g(i) - of_g.mean));
      }
    });
    accumulate_sums(context, 0, sink);
  }

 private:
  static constexpr Index tile = 256;
  static constexpr Index row_values = 3;  // of a `Row` in the cache

  /// A row, its mean and its inverse standard deviation. The mean is kept as center + rest, because one `Scalar` would
  /// round away a part as large as the deviations where the mean is far larger than they are.
  template <class Scalar>
  struct Row {
    const Scalar* x;
    Scalar center, rest, inverse;  ///< `inverse` is 1 / standard deviation

    /// The mean is computed from the differences to the first value, which are small where all values are large.
    Row(const Scalar* values, Index n, double epsilon) : x(values) {
      const auto size = static_cast<double>(n);
      const double mean = x[0] + lane_sum<Scalar>(n, [&](Index i) { return x[i] - x[0]; }) / size;
      center = static_cast<Scalar>(mean);
      rest = static_cast<Scalar>(mean - center);
      const double square = lane_sum<Scalar>(n, [&](Index i) {
        const Scalar deviation = x[i] - center;
        return deviation * deviation;
      });
      const double variance = (std::max)(square / size - double{rest} * double{rest}, 0.0);
      inverse = static_cast<Scalar>(1 / std::sqrt(variance + epsilon));
    }
    /// Row `row` of `all`, from the cache of the forward pass.
    Row(const LayerContext<Scalar>& context, const Scalar* all, Index row, Index n) : x(all + row * n) {
      const Scalar* saved = context.cache + row_values * row;
      center = saved[0], rest = saved[1], inverse = saved[2];
    }
    void save(Scalar* to) const { to[0] = center, to[1] = rest, to[2] = inverse; }

    Scalar deviation(Index i) const { return (x[i] - center) - rest; }
    Scalar normalized(Index i) const { return deviation(i) * inverse; }
  };

  /// The mean of `value(i)`, and the mean of its product with the normalized row.
  template <class Scalar>
  struct Means {
    Scalar mean, correlation;

    template <class Values>
    Means(const Row<Scalar>& row, Index n, const Values& value) {
      const auto size = static_cast<double>(n);
      mean = static_cast<Scalar>(lane_sum<Scalar>(n, value) / size);
      const double product = lane_sum<Scalar>(n, [&](Index i) { return value(i) * row.deviation(i); });
      correlation = static_cast<Scalar>(product * row.inverse / size);
    }
  };

  Index chunks() const { return (rows_ + chunk_ - 1) / chunk_; }

  /// Calls `run(first, count, sums)` for each chunk of rows; `sums` are its 2 n values in the cache.
  template <class Scalar, class Run>
  void for_each_chunk(const LayerContext<Scalar>& context, const Run& run) const {
    parallel_tiles(rows_, chunk_, context.pass.team(context.values() * 8), [&](Index first, Index count, int) {
      run(first, count, context.cache + row_values * rows_ + first / chunk_ * 2 * n_);
    });
  }

  /// Adds up the chunks' first (`which` 0) or second n sums and hands them to the sink as the gradient of that block.
  template <class Scalar>
  void accumulate_sums(const LayerContext<Scalar>& context, Index which, GradientSink<Scalar>& sink) const {
    const Scalar* partial = context.cache + row_values * rows_ + which * n_;
    parallel_tiles(n_, tile, context.pass.team(context.values() * 8), [&](Index first, Index count, int thread) {
      double sum[tile] = {};
      for (Index chunk = 0; chunk < chunks(); ++chunk)
        for (Index i = 0; i < count; ++i) sum[i] += partial[2 * chunk * n_ + first + i];
      auto& scratch = context.pass.workspace.scratch(thread).tile;
      accumulate_gradient(context.first_block + which, first, count, sum, scratch, sink);
    });
  }

  template <class Scalar>
  void row_vjp(const LayerContext<Scalar>& context, const Row<Scalar>& moments, const Scalar* dy, Scalar* dx) const {
    const Scalar* scale = context.parameters[0];
    const Means<Scalar> m(moments, n_, [&](Index i) { return dy[i] * scale[i]; });
    for (Index i = 0; i < n_; ++i)
      dx[i] = (dy[i] * scale[i] - m.mean - moments.normalized(i) * m.correlation) * moments.inverse;
  }

  Index n_, rows_, chunk_;
};

}  // namespace eigencoder::detail
EIGENCODER_PRECISE_END
