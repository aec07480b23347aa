#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/kernels/channel_sums.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// Batch normalization (Ioffe & Szegedy 2015, algorithm 1): each feature, or each channel of an image, is normalized to
/// mean 0 and variance 1 over the batch (and the positions), then multiplied by a learned scale and added to a learned
/// shift. Inference uses running statistics instead: exponential moving averages of the batches' means and, as in
/// PyTorch, unbiased variances. Where the layer is `Frozen`, training uses them too.
///
/// Training stays accurate where a feature's mean is far larger than its standard deviation. In inference the running
/// mean m, one `Scalar` of machine epsilon eps, has an error of about |m| eps / momentum: 1 for floats at 1e6 and a
/// momentum of 0.1. Bring such features to a common scale first.
struct BatchNorm {
  double momentum = 0.1;  ///< weight of a new batch in the running statistics, in (0, 1]
  double epsilon = 1e-5;  ///< added to the variance, above 0

  /// As every `CustomLayer`.
  ///@{
  static constexpr bool couples_batch = true;
  static constexpr std::string_view tensors[] = {"weight", "bias", "running_mean", "running_var"};

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "BatchNorm"; }
  constexpr Setting setting() const { return {"epsilon", epsilon}; }
  /// @throws OptionError for a momentum outside (0, 1] or an epsilon that is not above 0.
  void validate() const {
    detail::require_positive_fraction("BatchNorm.momentum", momentum);
    detail::require_above_zero("BatchNorm.epsilon", epsilon);
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.channels, 1);
    layout.add(ParameterKind::shift, position, in.channels, 1);
    layout.add_statistics(position, in.channels, 0);                 // mean
    layout.add_statistics(position, in.channels, 1, {nonnegative});  // variance
  }
  /// For each channel the batch's mean and 1 / standard deviation, the coefficients of the pass, and the partial sums
  /// of each chunk of rows.
  Index cache_size(Shape in, Index batch) const {
    const Partition partition(in.channels, in.height * in.width * batch);
    return in.channels * (partial_row + detail::moment_rows * partition.chunks());
  }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    const Partition partition = Partition::of(context);
    const int team = context.pass.team(context.values() * 8);
    if (!context.pass.training || context.frozen)
      return partition.for_each_block(team, [&](const Block& b, int) {
        Scalar factor[Block::max_lanes];
        running_factors(context, b, factor);
        detail::center_and_scale(b, context.statistics[0] + b.channel, factor, context.parameters[1] + b.channel, x, y);
      });
    partition.reduce_and_map(
        team, [&](const Block& b) { detail::moments(b, x, row(context, partial_row)); },
        [&](Index first, Index count, int) { normalize(context, partition, first, count); },
        [&](const Block& b) {
          detail::center_and_scale(b, row(context, center_row) + b.channel, row(context, factor_row) + b.channel,
                                   row(context, offset_row) + b.channel, x, y);
        });
  }

  /// With n values a channel, standard deviation s and x^ = (x - mean) / s:
  /// dx = scale / s (dy - sum(dy) / n - x^ sum(dy x^) / n). Frozen, with the running statistics: dx = scale / s dy.
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    const Partition partition = Partition::of(context);
    const int team = context.pass.team(context.values() * 8);
    if (context.frozen)
      return partition.for_each_block(team, [&](const Block& b, int) {
        Scalar factor[Block::max_lanes];
        const Scalar zero[Block::max_lanes] = {};
        running_factors(context, b, factor);
        detail::center_and_scale(b, zero, factor, zero, dy, dx);
      });
    partition.reduce_and_map(
        team,
        [&](const Block& b) { detail::products(b, x, dy, row(context, center_row), row(context, partial_row)); },
        [&](Index first, Index count, int thread) { differentiate(context, partition, first, count, thread, sink); },
        [&](const Block& b) {
          Scalar center[Block::max_lanes], factor[Block::max_lanes], slope[Block::max_lanes], offset[Block::max_lanes];
          b.to_lanes(row(context, center_row) + b.channel, center);
          b.to_lanes(row(context, factor_row) + b.channel, factor);
          b.to_lanes(row(context, slope_row) + b.channel, slope);
          b.to_lanes(row(context, offset_row) + b.channel, offset);
          b.for_each_line([&](Index first, Index n) {
            for (Index i = 0; i < n; ++i)
              dx[first + i] = factor[i] * dy[first + i] + (slope[i] * (x[first + i] - center[i]) + offset[i]);
          });
        });
  }
  ///@}

 private:
  using Block = detail::ChannelBlock;
  using Partition = detail::ChannelPartition;

  // The rows of the cache, one value a channel. The mean is kept as center + rest, because one `Scalar` would round it.
  // The partial sums of the chunks come last.
  enum Row : Index { center_row, rest_row, inverse_row, factor_row, slope_row, offset_row, partial_row };

  template <class Scalar>
  static Scalar* row(const LayerContext<Scalar>& context, Row index) {
    return context.cache + index * context.shape.channels;
  }

  /// The scale over the running standard deviation, of each channel of a block.
  template <class Scalar>
  void running_factors(const LayerContext<Scalar>& context, const Block& b, Scalar* factor) const {
    for (Index i = 0; i < b.channels; ++i) {
      const Index c = b.channel + i;
      const auto inverse = static_cast<Scalar>(1 / std::sqrt(double{context.statistics[1][c]} + epsilon));
      factor[i] = inverse * context.parameters[0][c];
    }
  }

  /// From the chunks' moments, for channels first, ..., first + count - 1: writes the coefficients of
  /// y = factor (x - center) + offset and updates the running statistics.
  template <class Scalar>
  void normalize(const LayerContext<Scalar>& context, const Partition& partition, Index first, Index count) const {
    double mean[Block::max_lanes], variance[Block::max_lanes];
    detail::merge_moments(partition, first, count, row(context, partial_row), mean, variance);
    const double n = static_cast<double>(partition.rows());
    for (Index i = 0; i < count; ++i) {
      const Index c = first + i;
      const auto center = static_cast<Scalar>(mean[i]);
      const auto inverse = static_cast<Scalar>(1 / std::sqrt(variance[i] + epsilon));
      const Scalar factor = inverse * context.parameters[0][c];
      const auto rest = static_cast<Scalar>(mean[i] - center);
      row(context, center_row)[c] = center;
      row(context, rest_row)[c] = rest;
      row(context, inverse_row)[c] = inverse;
      row(context, factor_row)[c] = factor;
      row(context, offset_row)[c] = context.parameters[1][c] - rest * factor;
      if (!context.updated[0]) continue;
      update_average(context.updated[0][c], mean[i]);
      update_average(context.updated[1][c], variance[i] * n / (n - 1));
    }
  }

  /// From the chunks' products, for channels first, ..., first + count - 1: writes the coefficients of
  /// dx = factor dy + slope (x - center) + offset. After that it writes the gradients of scale and shift to the sink,
  /// which may update the scale at once.
  template <class Scalar>
  void differentiate(const LayerContext<Scalar>& context, const Partition& partition, Index first, Index count,
                     int thread, GradientSink<Scalar>& sink) const {
    double shift[Block::max_lanes], scale[Block::max_lanes];
    detail::merge_products(partition, first, count, row(context, partial_row), shift, scale);
    const double n = static_cast<double>(partition.rows());
    for (Index i = 0; i < count; ++i) {
      const Index c = first + i;
      const double inverse = row(context, inverse_row)[c], factor = inverse * context.parameters[0][c];
      const double rest = row(context, rest_row)[c];
      scale[i] = (scale[i] - rest * shift[i]) * inverse;
      const auto slope = static_cast<Scalar>(-factor * inverse * scale[i] / n);
      row(context, factor_row)[c] = static_cast<Scalar>(factor);
      row(context, slope_row)[c] = slope;
      row(context, offset_row)[c] = static_cast<Scalar>(-factor * shift[i] / n - slope * rest);
    }
    auto& scratch = context.pass.workspace.scratch(thread).tile;
    accumulate_gradient(context.first_block, first, count, scale, scratch, sink);
    accumulate_gradient(context.first_block + 1, first, count, shift, scratch, sink);
  }

  template <class Scalar>
  void update_average(Scalar& running, double value) const {
    running = static_cast<Scalar>((1 - momentum) * running + momentum * value);
  }
};

}  // namespace eigencoder
