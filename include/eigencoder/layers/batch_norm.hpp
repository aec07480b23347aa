#pragma once

#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/layers/opaque.hpp>

namespace eigencoder {

/// Batch normalization (Ioffe & Szegedy 2015, algorithm 1): each feature, or each channel of an image, is
/// normalized over the batch (and the positions), then scaled and shifted by learned values. In inference the
/// running statistics serve; they follow the batches with `momentum`, the variance unbiased (as PyTorch).
struct BatchNorm {
  static constexpr bool couples_batch = true;

  double momentum = 0.1;
  double epsilon = 1e-5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "BatchNorm"; }
  void validate() const {
    if (!(momentum > 0 && momentum <= 1)) throw OptionError("eigencoder: BatchNorm.momentum must lie in (0, 1]");
    if (!(epsilon > 0)) throw OptionError("eigencoder: BatchNorm.epsilon must be positive");
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.channels, 1);
    layout.add(ParameterKind::shift, position, in.channels, 1);
    layout.add_statistics(position, in.channels, 0);  // mean
    layout.add_statistics(position, in.channels, 1);  // variance
  }
  /// The batch's mean and 1 / standard deviation of each channel.
  Index cache_size(Shape in, Index) const { return 2 * in.channels; }

  template <class Scalar>
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    const Index channels = stage.shape.channels;
    const Index values = stage.values();
    each_tile(stage, [&](Index first, Index count, int) {
      Scalar factor[tile], offset[tile];
      double mean[tile], variance[tile];
      if (stage.pass.training)
        moments(stage, x, first, count, mean, variance);
      else
        for (Index i = 0; i < count; ++i) {
          mean[i] = stage.statistics[0][first + i];
          variance[i] = stage.statistics[1][first + i];
        }
      for (Index i = 0; i < count; ++i) {
        const double inverse = 1 / std::sqrt(variance[i] + epsilon);
        if (stage.cache) {
          stage.cache[first + i] = static_cast<Scalar>(mean[i]);
          stage.cache[channels + first + i] = static_cast<Scalar>(inverse);
        }
        factor[i] = static_cast<Scalar>(inverse) * stage.parameters[0][first + i];
        offset[i] = stage.parameters[1][first + i] - static_cast<Scalar>(mean[i]) * factor[i];
      }
      for (Index row = first; row < values; row += channels)
        for (Index i = 0; i < count; ++i) y[row + i] = x[row + i] * factor[i] + offset[i];
    });
  }

  /// With n values a channel and x^ = (x - mean) / deviation:
  /// dx = scale / deviation (dy - sum(dy) / n - x^ sum(dy x^) / n).
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    const Index channels = stage.shape.channels;
    const Index values = stage.values();
    const auto per_value = static_cast<Scalar>(1.0 / static_cast<double>(values / channels));
    each_tile(stage, [&](Index first, Index count, int thread) {
      const Scalar* mean = stage.cache + first;
      const Scalar* inverse = stage.cache + channels + first;
      double scale_sum[tile] = {}, shift_sum[tile] = {};
      for (Index row = first; row < values; row += channels)
        for (Index i = 0; i < count; ++i) {
          shift_sum[i] += dy[row + i];
          scale_sum[i] += dy[row + i] * (x[row + i] - mean[i]) * inverse[i];
        }
      Scalar factor[tile], of_normal[tile], constant[tile];
      for (Index i = 0; i < count; ++i) {
        factor[i] = stage.parameters[0][first + i] * inverse[i];
        of_normal[i] = static_cast<Scalar>(scale_sum[i]) * per_value;
        constant[i] = static_cast<Scalar>(shift_sum[i]) * per_value;
      }
      for (Index row = first; row < values; row += channels)
        for (Index i = 0; i < count; ++i) {
          const Scalar normal = (x[row + i] - mean[i]) * inverse[i];
          dx[row + i] = factor[i] * (dy[row + i] - constant[i] - normal * of_normal[i]);
        }
      auto& scratch = stage.pass.workspace.scratch(thread).tile;
      detail::deliver(stage.first_block, first, count, scale_sum, scratch, sink);
      detail::deliver(stage.first_block + 1, first, count, shift_sum, scratch, sink);
    });
  }

 private:
  static constexpr Index tile = 64;

  template <class Scalar, class Run>
  static void each_tile(const OpaqueStage<Scalar>& stage, const Run& run) {
    detail::parallel_tiles(stage.shape.channels, tile, stage.pass.team(stage.values() * 8), run);
  }

  /// Biased mean and variance of some channels over the batch, in two passes; moves the running ones.
  template <class Scalar>
  void moments(const OpaqueStage<Scalar>& stage, const Scalar* x, Index first, Index count, double* mean,
               double* variance) const {
    const Index channels = stage.shape.channels;
    const Index values = stage.values();
    const double n = static_cast<double>(values / channels);
    std::fill_n(mean, count, 0.0);
    std::fill_n(variance, count, 0.0);
    for (Index row = first; row < values; row += channels)
      for (Index i = 0; i < count; ++i) mean[i] += x[row + i];
    for (Index i = 0; i < count; ++i) mean[i] /= n;
    for (Index row = first; row < values; row += channels)
      for (Index i = 0; i < count; ++i) {
        const double deviation = x[row + i] - mean[i];
        variance[i] += deviation * deviation;
      }
    for (Index i = 0; i < count; ++i) variance[i] /= n;
    if (!stage.updated[0]) return;
    for (Index i = 0; i < count; ++i) {
      move(stage.updated[0][first + i], mean[i]);
      move(stage.updated[1][first + i], variance[i] * n / (n - 1));
    }
  }

  template <class Scalar>
  void move(Scalar& running, double value) const {
    running = static_cast<Scalar>((1 - momentum) * running + momentum * value);
  }
};

}  // namespace eigencoder
