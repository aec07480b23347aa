#pragma once

#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/layers/opaque.hpp>

namespace eigencoder {

/// Layer normalization (Ba, Kiros & Hinton 2016, equation 3): each sample is normalized over all its values,
/// then scaled and shifted by learned values, one pair for each. The same in training and inference.
struct LayerNorm {
  static constexpr bool couples_batch = false;

  double epsilon = 1e-5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "LayerNorm"; }
  void validate() const {
    if (!(epsilon > 0)) throw OptionError("eigencoder: LayerNorm.epsilon must be positive");
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.size(), 1);
    layout.add(ParameterKind::shift, position, in.size(), 1);
  }
  /// Mean and 1 / standard deviation of each sample.
  Index cache_size(Shape, Index batch) const { return 2 * batch; }

  template <class Scalar>
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    const Index n = stage.shape.size();
    detail::for_each_sample(stage, [&](Index j) {
      const Scalar* from = x + j * n;
      double mean = 0, variance = 0;
      for (Index i = 0; i < n; ++i) mean += from[i];
      mean /= static_cast<double>(n);
      for (Index i = 0; i < n; ++i) variance += (from[i] - mean) * (from[i] - mean);
      const auto center = static_cast<Scalar>(mean);
      const auto inverse = static_cast<Scalar>(1 / std::sqrt(variance / static_cast<double>(n) + epsilon));
      if (stage.cache) {
        stage.cache[2 * j] = center;
        stage.cache[2 * j + 1] = inverse;
      }
      for (Index i = 0; i < n; ++i)
        y[j * n + i] = (from[i] - center) * inverse * stage.parameters[0][i] + stage.parameters[1][i];
    });
  }

  /// With g = dy scale and x^ the normalized sample: dx = (g - mean(g) - x^ mean(g x^)) / deviation.
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    const Index n = stage.shape.size();
    const Scalar* scale = stage.parameters[0];
    detail::for_each_sample(stage, [&](Index j) {
      const Scalar center = stage.cache[2 * j], inverse = stage.cache[2 * j + 1];
      double sum = 0, product = 0;
      for (Index i = 0; i < n; ++i) {
        const Scalar g = dy[j * n + i] * scale[i];
        sum += g;
        product += g * (x[j * n + i] - center) * inverse;
      }
      const auto constant = static_cast<Scalar>(sum / static_cast<double>(n));
      const auto of_normal = static_cast<Scalar>(product / static_cast<double>(n));
      for (Index i = 0; i < n; ++i) {
        const Scalar normal = (x[j * n + i] - center) * inverse;
        dx[j * n + i] = (dy[j * n + i] * scale[i] - constant - normal * of_normal) * inverse;
      }
    });
    detail::parallel_tiles(n, tile, stage.pass.team(stage.values() * 8), [&](Index first, Index count, int thread) {
      double scale_sum[tile] = {}, shift_sum[tile] = {};
      for (Index j = 0; j < stage.pass.batch; ++j)
        for (Index i = 0; i < count; ++i) {
          const Index at = j * n + first + i;
          scale_sum[i] += dy[at] * (x[at] - stage.cache[2 * j]) * stage.cache[2 * j + 1];
          shift_sum[i] += dy[at];
        }
      auto& scratch = stage.pass.workspace.scratch(thread).tile;
      detail::deliver(stage.first_block, first, count, scale_sum, scratch, sink);
      detail::deliver(stage.first_block + 1, first, count, shift_sum, scratch, sink);
    });
  }

 private:
  static constexpr Index tile = 64;
};

}  // namespace eigencoder
