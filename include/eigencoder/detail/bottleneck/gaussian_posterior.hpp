#pragma once

#include <eigencoder/detail/base/block_sum.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/stack/layer_passes.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/layer_info.hpp>

namespace eigencoder::detail {

/// log p(z) - log q(z), in nats, for the prior p = N(0, I) and the posterior q = N(mean, diag exp(log variance)).
template <class Scalar>
double log_prior_over_posterior(const Scalar* z, const Scalar* mean, const Scalar* log_variance, Index size) {
  const double sum = block_sum(size, [&](Index i) {
    const double at = static_cast<double>(z[i]), l = static_cast<double>(log_variance[i]);
    const double apart = at - static_cast<double>(mean[i]);
    return apart * apart * detail::math::exp(-l) + l - at * at;
  });
  return sum / 2;
}

/// Draws z = mean + exp(log variance / 2) e, e standard normal. `z` is room apart from the others.
template <class Scalar>
void draw_code(const Scalar* mean, const Scalar* log_variance, Random& random, Scalar* z, Index size) {
  for (Index i = 0; i < size; ++i) z[i] = detail::math::exp(log_variance[i] / 2);
  for (Index i = 0; i < size; ++i) z[i] = mean[i] + z[i] * static_cast<Scalar>(random.normal());
}

/// The posterior q(z | x) = N(mean, diag exp(log variance)) of a variational autoencoder (Kingma & Welling 2014,
/// "Auto-encoding variational Bayes", section 3): the encoder's last layer gives the mean, a twin of it with weights of
/// its own, on the same input, the log variance. Codes are drawn by `draw_code`.
struct GaussianPosterior {
  static constexpr Index place = AllLayers::place;
  static constexpr bool has_prior = true;

  Index samples = 1;  ///< codes drawn of each input

  Index draws() const { return samples; }

  template <class Layer>
  static constexpr Diagnosis diagnose_last(std::string_view who, const Layer& layer) {
    if constexpr (kind<Layer> == LayerKind::linear) {
      if (Layer::has_weight) return {};
    }
    return {Rule::policy_applies, who, Text::of("an encoder that ends in ", part_name(layer)),
            "one that ends in a linear layer, such as Dense<16>"};
  }

  template <class Layer>
  void declare(ParameterLayout& layout, Index position, const Layer& layer, const LayerInfo& shapes) const {
    const WeightShape w = layer.weight_shape(shapes.in);
    layout.add(ParameterKind::weight, position, w.rows, w.cols);
    if (const Index period = layer.bias_size(shapes.out); period > 0)
      layout.add(ParameterKind::bias, position, period, 1);
  }

  template <class Scalar, class Layer>
  void initialize(const ParameterLayout& layout, Index first_block, Index, const Layer& layer, const LayerInfo& shapes,
                  std::uint64_t seed, Scalar* parameters, Scalar*) const {
    const WeightShape w = layer.weight_shape(shapes.in);
    const ParameterBlock& block = layout.block(first_block);
    Random random(seed, Purpose::bottleneck, 2);  // 0 and 1 are drawn from in training
    const std::span<Scalar> weight(parameters + block.offset, static_cast<std::size_t>(block.size()));
    layer.initializer.fill(weight, w.fan_in, w.fan_out, InitializerHint::glorot, random);
  }

  /// The log variance, its gradient, and the gradient that the twin gives back.
  Index kept(const LayerInfo& shapes, Index batch) const { return (2 * shapes.out.size() + shapes.in.size()) * batch; }

  template <class LayerInfo>
  static auto* log_variance(const LayerInfo& context) { return context.kept; }
  template <class LayerInfo>
  static auto* log_variance_delta(const LayerInfo& context) { return context.kept + context.values(); }

  /// The log variance of every sample, from what entered the encoder's last layer.
  template <class Scalar, class Layer>
  void spread(const BottleneckContext<Scalar, Layer>& context) const {
    const auto kernel = kernel_of(context);
    const LinearBlocks blocks = twin(context);
    linear_forward(context.pass, kernel, Bias<Scalar>{context.learned.block(blocks.bias), blocks.bias_period},
                   NoActivation{}, context.x, log_variance(context), log_variance(context));
  }

  /// The log variance, and the codes of each sample.
  template <class Scalar, class Layer>
  void forward(const BottleneckContext<Scalar, Layer>& context) const {
    spread(context);
    const Index n = context.size(), columns = context.pass.batch * samples;
    const Scalar* log_variances = log_variance(context);
    parallel_for(columns, context.pass.team(n * columns * 256), [&](Index column, int) {
      const Index j = column / samples;
      Random random(context.pass.seed, Purpose::bottleneck, 0, context.pass.step, context.pass.samples[j],
                    static_cast<std::uint32_t>(column % samples));
      const Scalar* mean = context.code + j * n;
      draw_code(mean, log_variances + j * n, random, context.latent + column * n, n);
    });
  }

  /// Through z = mean + exp(log variance / 2) e: dmean, the sum of dz over the draws, and dlogvar, the sum of
  /// dz (z - mean) / 2.
  template <class Scalar, class Layer>
  void draw_backward(const BottleneckContext<Scalar, Layer>& context, const Scalar* dz, Scalar* dmean) const {
    const Index n = context.size();
    Scalar* dlog = log_variance_delta(context);
    for (Index j = 0; j < context.pass.batch; ++j)
      for (Index i = 0; i < n; ++i) {
        Scalar mean_sum = 0, log_sum = 0;
        for (Index k = 0; k < samples; ++k) {
          const Index at = (j * samples + k) * n + i;
          mean_sum += dz[at];
          log_sum += dz[at] * (context.latent[at] - context.code[j * n + i]);
        }
        dmean[j * n + i] = mean_sum;
        dlog[j * n + i] = log_sum / 2;
      }
  }

  /// From the gradient of the log variance back to the twin's parameters and what entered it.
  template <class Scalar, class Layer>
  void spread_backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dx, GradientSink<Scalar>& sink) const {
    Scalar* own = context.kept + 2 * context.values();
    linear_backward(context.pass, kernel_of(context), twin(context), {context.shapes.in.values(), context.size()}, context.x,
                    static_cast<const Scalar*>(log_variance_delta(context)), dx ? own : nullptr, sink);
    if (dx) add(context.pass, own, dx, context.shapes.in.size() * context.pass.batch);
  }

  /// KL(q || N(0, I)) in nats, summed over the batch: of a sample the sum over i of (exp(l) + m^2 - 1 - l) / 2 for mean
  /// m and log variance l (Kingma & Welling 2014, appendix B).
  template <class Scalar, class Layer>
  static double total_divergence(const BottleneckContext<Scalar, Layer>& context) {
    const Scalar* log_variances = log_variance(context);
    const double sum = block_sum(context.values(), [&](Index i) {
      const double m = static_cast<double>(context.code[i]), l = static_cast<double>(log_variances[i]);
      return detail::math::exp(l) + m * m - 1 - l;
    });
    return sum / 2;
  }

 private:
  template <class Scalar, class Layer>
  static LinearBlocks twin(const BottleneckContext<Scalar, Layer>& context) {
    const Index period = context.layer.bias_size(context.shapes.out);
    return {context.first_block, period > 0 ? context.first_block + 1 : -1, period, ContributionOrder::only};
  }
  template <class Scalar, class Layer>
  static auto kernel_of(const BottleneckContext<Scalar, Layer>& context) {
    return context.layer.template kernel<Scalar>(context.shapes.in, context.learned.block(context.first_block));
  }
};

}  // namespace eigencoder::detail
