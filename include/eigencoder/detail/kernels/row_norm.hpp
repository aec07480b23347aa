#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

#ifdef __clang__  // which may have been told to reorder sums, see core/floating_point.hpp: not these
#pragma float_control(push)
#pragma float_control(precise, on)
#endif
namespace eigencoder::detail {

/// The sum of `term(i)` for i = 0, ..., n - 1: in `Scalar`, side by side in 16 lanes, for stretches of 1024 (a lane
/// adds 64 terms), then in double.
template <class Scalar, class Term>
double sum_over(Index n, const Term& term) {
  constexpr Index lanes = 16, stretch = 1024;
  double total = 0;
  for (Index first = 0; first < n; first += stretch) {
    const Index end = (std::min)(n, first + stretch);
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

  /// What is known of each row (`Row`), and for each chunk its part of the gradients.
  Index cache_size() const { return row_values * rows_ + 2 * n_ * chunks(); }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, double epsilon, const Scalar* x, Scalar* y) const {
    const Scalar *scale = context.parameters[0], *shift = context.parameters[1];
    parallel_tiles(rows_, chunk_, context.pass.team(context.values() * 8), [&](Index first, Index count, int) {
      for (Index row = first; row < first + count; ++row) {
        const Scalar* from = x + row * n_;
        Scalar* to = y + row * n_;
        const Row<Scalar> at(from, n_, epsilon);
        if (context.cache) at.keep(context.cache + row_values * row);
        for (Index i = 0; i < n_; ++i) to[i] = at.normal(i) * scale[i] + shift[i];
      }
    });
  }

  /// With g = dy scale, x^ the normalized row and v = 1 / deviation: dx = M g, M g = v (g - mean(g) - x^ mean(g x^)).
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    each_chunk(context, [&](Index first, Index count, Scalar* scale_sum) {
      Scalar* shift_sum = scale_sum + n_;
      std::fill_n(scale_sum, 2 * n_, Scalar(0));
      for (Index row = first; row < first + count; ++row) {
        const Row<Scalar> at(context, x, row, n_);
        row_pull(context, at, dy + row * n_, dx + row * n_);
        const Scalar* d = dy + row * n_;
        for (Index i = 0; i < n_; ++i) scale_sum[i] += d[i] * at.normal(i);
        for (Index i = 0; i < n_; ++i) shift_sum[i] += d[i];
      }
    });
    // Only now: the sink may change the scales as it takes their gradient.
    deliver_sums(context, 0, sink);
    deliver_sums(context, 1, sink);
  }

  /// J^T dy = M g: what `backward` writes to dx.
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    each_chunk(context, [&](Index first, Index count, Scalar*) {
      for (Index row = first; row < first + count; ++row)
        row_pull(context, Row<Scalar>(context, x, row, n_), dy + row * n_, dx + row * n_);
    });
  }

  /// J r = scale M r, as M is symmetric.
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* r, Scalar* y) const {
    const Scalar* scale = context.parameters[0];
    each_chunk(context, [&](Index first, Index count, Scalar*) {
      for (Index row = first; row < first + count; ++row) {
        const Row<Scalar> at(context, x, row, n_);
        const Scalar* from = r + row * n_;
        Scalar* to = y + row * n_;
        const Means<Scalar> m(at, n_, [&](Index i) { return from[i]; });
        for (Index i = 0; i < n_; ++i)
          to[i] = scale[i] * ((from[i] - m.plain - at.normal(i) * m.of_normal) * at.inverse);
      }
    });
  }

  /// The derivatives of <r, M g> = n v (mean(r g) - mean(r) mean(g) - a b), a = mean(r x^), b = mean(g x^). As
  /// dx^ = M dx and dv = -v^2 mean(x^ dx), the one by x, added to dx (unless null), is
  /// -v^2 (x^ (mean(r g) - mean(r) mean(g) - 3 a b) + b (r - mean(r)) + a (g - mean(g))); that by the scale is dy M r.
  template <class Scalar>
  void second_order(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, const Scalar* r, Scalar* dx,
            GradientSink<Scalar>& sink) const {
    const Scalar* scale = context.parameters[0];
    each_chunk(context, [&](Index first, Index count, Scalar* scale_sum) {
      std::fill_n(scale_sum, n_, Scalar(0));
      for (Index row = first; row < first + count; ++row) {
        const Row<Scalar> at(context, x, row, n_);
        const Scalar *d = dy + row * n_, *from = r + row * n_;
        const auto g = [&](Index i) { return d[i] * scale[i]; };
        const Means<Scalar> of_r(at, n_, [&](Index i) { return from[i]; }), of_g(at, n_, g);
        const Scalar a = of_r.of_normal, b = of_g.of_normal;
        for (Index i = 0; i < n_; ++i) scale_sum[i] += d[i] * ((from[i] - of_r.plain - at.normal(i) * a) * at.inverse);
        if (!dx) continue;
        const double product =
            sum_over<Scalar>(n_, [&](Index i) { return (from[i] - of_r.plain) * (g(i) - of_g.plain); });
        const Scalar along = static_cast<Scalar>(product / static_cast<double>(n_)) - 3 * a * b;
        const Scalar factor = at.inverse * at.inverse;
        Scalar* to = dx + row * n_;
        for (Index i = 0; i < n_; ++i)
          to[i] -= factor * (at.normal(i) * along + b * (from[i] - of_r.plain) + a * (g(i) - of_g.plain));
      }
    });
    deliver_sums(context, 0, sink);
  }

 private:
  static constexpr Index tile = 256;

  static constexpr Index row_values = 3;

  /// A row and its mean, center + rest, as a Scalar alone would round a mean that is far larger than the deviation.
  template <class Scalar>
  struct Row {
    const Scalar* x;
    Scalar center, rest, inverse;  ///< inverse: 1 / standard deviation

    /// The mean is taken of the differences to the first value, which are small where all values are large.
    Row(const Scalar* values, Index n, double epsilon) : x(values) {
      const auto size = static_cast<double>(n);
      const double mean = x[0] + sum_over<Scalar>(n, [&](Index i) { return x[i] - x[0]; }) / size;
      center = static_cast<Scalar>(mean);
      rest = static_cast<Scalar>(mean - center);
      const double square = sum_over<Scalar>(n, [&](Index i) {
        const Scalar deviation = x[i] - center;
        return deviation * deviation;
      });
      const double variance = (std::max)(square / size - double{rest} * double{rest}, 0.0);
      inverse = static_cast<Scalar>(1 / std::sqrt(variance + epsilon));
    }
    /// As the forward pass found it.
    Row(const LayerContext<Scalar>& context, const Scalar* all, Index row, Index n) : x(all + row * n) {
      const Scalar* kept = context.cache + row_values * row;
      center = kept[0], rest = kept[1], inverse = kept[2];
    }
    void keep(Scalar* to) const { to[0] = center, to[1] = rest, to[2] = inverse; }

    Scalar deviation(Index i) const { return (x[i] - center) - rest; }
    Scalar normal(Index i) const { return deviation(i) * inverse; }
  };

  /// The means of some values, and of their products with the normalized row.
  template <class Scalar>
  struct Means {
    Scalar plain, of_normal;

    template <class Values>
    Means(const Row<Scalar>& row, Index n, const Values& value) {
      const auto size = static_cast<double>(n);
      plain = static_cast<Scalar>(sum_over<Scalar>(n, value) / size);
      const double product = sum_over<Scalar>(n, [&](Index i) { return value(i) * row.deviation(i); });
      of_normal = static_cast<Scalar>(product * row.inverse / size);
    }
  };

  Index chunks() const { return (rows_ + chunk_ - 1) / chunk_; }

  /// Calls `run(first, count, sums)` for every chunk of rows, with its 2 n sums in the cache.
  template <class Scalar, class Run>
  void each_chunk(const LayerContext<Scalar>& context, const Run& run) const {
    parallel_tiles(rows_, chunk_, context.pass.team(context.values() * 8), [&](Index first, Index count, int) {
      run(first, count, context.cache + row_values * rows_ + first / chunk_ * 2 * n_);
    });
  }

  /// Adds up a sum of every chunk, the first or the second, as the gradient of that block.
  template <class Scalar>
  void deliver_sums(const LayerContext<Scalar>& context, Index which, GradientSink<Scalar>& sink) const {
    const Scalar* partial = context.cache + row_values * rows_ + which * n_;
    parallel_tiles(n_, tile, context.pass.team(context.values() * 8), [&](Index first, Index count, int thread) {
      double sum[tile] = {};
      for (Index chunk = 0; chunk < chunks(); ++chunk)
        for (Index i = 0; i < count; ++i) sum[i] += partial[2 * chunk * n_ + first + i];
      accumulate_gradient(context.first_block + which, first, count, sum, context.pass.workspace.scratch(thread).tile, sink);
    });
  }

  template <class Scalar>
  void row_pull(const LayerContext<Scalar>& context, const Row<Scalar>& at, const Scalar* dy, Scalar* dx) const {
    const Scalar* scale = context.parameters[0];
    const Means<Scalar> m(at, n_, [&](Index i) { return dy[i] * scale[i]; });
    for (Index i = 0; i < n_; ++i) dx[i] = (dy[i] * scale[i] - m.plain - at.normal(i) * m.of_normal) * at.inverse;
  }

  Index n_, rows_, chunk_;
};

}  // namespace eigencoder::detail
#ifdef __clang__
#pragma float_control(pop)
#endif
