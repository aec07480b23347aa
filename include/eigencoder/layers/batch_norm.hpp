#pragma once

#include <cmath>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/kernels/channel_sums.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// Batch normalization (Ioffe & Szegedy 2015, algorithm 1): each feature, or each channel of an image, is
/// normalized over the batch (and the positions), then scaled and shifted by learned values. In inference the
/// running statistics serve; they follow the batches with `momentum`, the variance unbiased (as PyTorch). A feature may
/// have a mean far larger than its deviation: in training it is normalized as exactly as its values are stored. A
/// running mean m is one `Scalar`, which follows to about |m| epsilon / momentum (1 for floats at 1e6 and a momentum
/// of 0.1): where inference matters, bring such features to a common scale first.
struct BatchNorm {
  static constexpr bool couples_batch = true;
  static constexpr std::string_view tensors[] = {"weight", "bias", "running_mean", "running_var"};

  double momentum = 0.1;
  double epsilon = 1e-5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "BatchNorm"; }
  constexpr Setting setting() const { return {"epsilon", epsilon}; }
  void validate() const {
    if (!(momentum > 0 && momentum <= 1)) throw OptionError("eigencoder: BatchNorm.momentum must lie in (0, 1]");
    if (!(epsilon > 0)) throw OptionError("eigencoder: BatchNorm.epsilon must be positive");
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.channels, 1);
    layout.add(ParameterKind::shift, position, in.channels, 1);
    layout.add_statistics(position, in.channels, 0);  // mean
    layout.add_statistics(position, in.channels, 1, {nonnegative});  // variance
  }
  /// For each channel the batch's mean and 1 / standard deviation, the coefficients of the pass, and the partial
  /// results of each chunk of rows.
  Index cache_size(Shape in, Index batch) const {
    const detail::ChannelCut cut(in.channels, in.height * in.width * batch);
    return in.channels * (partial_row + detail::moment_rows * cut.chunks());
  }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    const detail::ChannelCut cut = cut_of(context);
    const int team = context.pass.team(context.values() * 8);
    if (!context.pass.training)
      return cut.each_block(team, [&](const Block& b, int) {
        Scalar factor[Block::lanes];
        for (Index i = 0; i < b.channels; ++i) {
          const Index c = b.channel + i;
          const auto inverse = static_cast<Scalar>(1 / std::sqrt(double{context.statistics[1][c]} + epsilon));
          factor[i] = inverse * context.parameters[0][c];
        }
        detail::center_and_scale(b, context.statistics[0] + b.channel, factor, context.parameters[1] + b.channel, x, y);
      });
    cut.reduce_and_map(
        team, [&](const Block& b) { detail::moments(b, x, row(context, partial_row)); },
        [&](Index first, Index count, int) { normalize(context, cut, first, count); },
        [&](const Block& b) {
          detail::center_and_scale(b, row(context, center_row) + b.channel, row(context, factor_row) + b.channel,
                                   row(context, offset_row) + b.channel, x, y);
        });
  }

  /// With n values a channel and x^ = (x - mean) / deviation:
  /// dx = scale / deviation (dy - sum(dy) / n - x^ sum(dy x^) / n).
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    const detail::ChannelCut cut = cut_of(context);
    cut.reduce_and_map(
        context.pass.team(context.values() * 8),
        [&](const Block& b) { detail::products(b, x, dy, row(context, center_row), row(context, partial_row)); },
        [&](Index first, Index count, int thread) { differentiate(context, cut, first, count, thread, sink); },
        [&](const Block& b) {
          Scalar center[Block::lanes], factor[Block::lanes], derivative[Block::lanes], offset[Block::lanes];
          b.spread(row(context, center_row) + b.channel, center);
          b.spread(row(context, factor_row) + b.channel, factor);
          b.spread(row(context, slope_row) + b.channel, derivative);
          b.spread(row(context, offset_row) + b.channel, offset);
          b.each_line([&](Index at, Index n) {
            for (Index i = 0; i < n; ++i)
              dx[at + i] = factor[i] * dy[at + i] + (derivative[i] * (x[at + i] - center[i]) + offset[i]);
          });
        });
  }

 private:
  using Block = detail::ChannelBlock;

  // What a row of the cache holds, one value a channel. The mean is kept as center + rest: one Scalar would round it.
  // The partial results of the chunks come last.
  enum Row : Index { center_row, rest_row, inverse_row, factor_row, slope_row, offset_row, partial_row };

  template <class Scalar>
  static Scalar* row(const LayerContext<Scalar>& context, Row index) {
    return context.cache + index * context.shape.channels;
  }
  template <class Scalar>
  static detail::ChannelCut cut_of(const LayerContext<Scalar>& context) {
    return {context.shape.channels, context.values() / context.shape.channels};
  }

  /// From the chunks' moments of some channels: y = factor (x - center) + offset. Moves the running statistics.
  template <class Scalar>
  void normalize(const LayerContext<Scalar>& context, const detail::ChannelCut& cut, Index first, Index count) const {
    double mean[Block::lanes], variance[Block::lanes];
    detail::merge_moments(cut, first, count, row(context, partial_row), mean, variance);
    const double n = static_cast<double>(cut.rows());
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
      move(context.updated[0][c], mean[i]);
      move(context.updated[1][c], variance[i] * n / (n - 1));
    }
  }

  /// From the chunks' products of some channels: dx = factor dy + derivative (x - center) + offset. Only then delivers the
  /// gradients of scale and shift: the sink may change the scale.
  template <class Scalar>
  void differentiate(const LayerContext<Scalar>& context, const detail::ChannelCut& cut, Index first, Index count,
                     int thread, GradientSink<Scalar>& sink) const {
    double shift[Block::lanes], scale[Block::lanes];
    detail::merge_products(cut, first, count, row(context, partial_row), shift, scale);
    const double n = static_cast<double>(cut.rows());
    for (Index i = 0; i < count; ++i) {
      const Index c = first + i;
      const double inverse = row(context, inverse_row)[c], factor = inverse * context.parameters[0][c];
      const double rest = row(context, rest_row)[c];
      scale[i] = (scale[i] - rest * shift[i]) * inverse;
      const auto derivative = static_cast<Scalar>(-factor * inverse * scale[i] / n);
      row(context, factor_row)[c] = static_cast<Scalar>(factor);
      row(context, slope_row)[c] = derivative;
      row(context, offset_row)[c] = static_cast<Scalar>(-factor * shift[i] / n - derivative * rest);
    }
    auto& scratch = context.pass.workspace.scratch(thread).tile;
    detail::accumulate_gradient(context.first_block, first, count, scale, scratch, sink);
    detail::accumulate_gradient(context.first_block + 1, first, count, shift, scratch, sink);
  }

  template <class Scalar>
  void move(Scalar& running, double value) const {
    running = static_cast<Scalar>((1 - momentum) * running + momentum * value);
  }
};

}  // namespace eigencoder
