#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/stack/layer_passes.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// The posterior q(z | x) = N(mean, diag exp(log variance)) of a variational autoencoder, the base of the bottlenecks
/// that draw codes from it. The encoder's last layer, a linear one, gives the mean; a second layer like it, with
/// parameters of its own and the same input, gives the log variance.
/// Source: Kingma & Welling, "Auto-encoding variational Bayes" (2014), section 3.
struct GaussianPosterior {
  Index codes_per_sample = 1;  ///< codes drawn for each sample, at least 1

  /// Whether codes have a prior, N(0, I), from which a model can generate.
  static constexpr bool has_prior = true;

  /// As every `Bottleneck`. The parameters are the weight and the bias of the log variance.
  ///@{
  static constexpr Index at_layer = AllLayers::at_layer;

  Index draws() const { return codes_per_sample; }

  template <class Layer>
  void declare(ParameterLayout& layout, Index position, const Layer& layer, const LayerInfo& info) const {
    const WeightShape w = layer.weight_shape(info.in);
    layout.add(ParameterKind::weight, position, w.rows, w.cols);
    if (const Index period = layer.bias_size(info.out); period > 0)
      layout.add(ParameterKind::bias, position, period, 1);
  }

  template <class Scalar, class Layer>
  void initialize(const ParameterLayout& layout, Index first_block, Index, const Layer& layer, const LayerInfo& info,
                  std::uint64_t seed, Scalar* parameters, Scalar*) const {
    const WeightShape w = layer.weight_shape(info.in);
    const ParameterBlock& block = layout.block(first_block);
    Random random(seed, Purpose::bottleneck, 2);  // training draws from positions 0 and 1
    const std::span<Scalar> weight(parameters + block.offset, static_cast<std::size_t>(block.size()));
    layer.initializer.fill(weight, w.fan_in, w.fan_out, InitializerHint::glorot, random);
  }

  /// The log variance, its gradient, and the gradient of the input of its layer.
  Index cache_size(const LayerInfo& info, Index batch) const {
    return (2 * info.out.size() + info.in.size()) * batch;
  }

  template <class Scalar, class Layer>
  void forward(const BottleneckContext<Scalar, Layer>& context) const {
    compute_log_variance(context);
    const Index n = context.size(), columns = context.pass.batch * codes_per_sample;
    const Scalar* log_variances = log_variance(context);
    detail::parallel_for(columns, context.pass.team(n * columns * 256), [&](Index column, int) {
      const Index j = column / codes_per_sample;
      Random random(context.pass.seed, Purpose::bottleneck, 0, context.pass.step, context.pass.indices[j],
                    static_cast<std::uint32_t>(column % codes_per_sample));
      draw_code(context.code + j * n, log_variances + j * n, random, context.latent + column * n, n);
    });
  }
  ///@}

  /// Computes the log variance of every sample of the batch, from the input of the encoder's last layer.
  template <class Scalar, class Layer>
  void compute_log_variance(const BottleneckContext<Scalar, Layer>& context) const {
    const LinearBlocks blocks = log_variance_blocks(context);
    detail::linear_forward(context.pass, log_variance_kernel(context),
                           detail::Bias<Scalar>{context.parameters.block(blocks.bias), blocks.bias_period},
                           detail::NoActivation{}, context.x, log_variance(context), log_variance(context));
  }

  /// Draws one code of `size` values, z = mean + exp(log variance / 2) e with e standard normal (Kingma & Welling 2014,
  /// section 2.4). `z` does not overlap the others.
  template <class Scalar>
  static void draw_code(const Scalar* mean, const Scalar* log_variance, Random& random, Scalar* z, Index size) {
    for (Index i = 0; i < size; ++i) z[i] = detail::math::exp(log_variance[i] / 2);
    for (Index i = 0; i < size; ++i) z[i] = mean[i] + z[i] * static_cast<Scalar>(random.normal());
  }

  /// log p(z) - log q(z | x) of one code, in nats: the sum over i of ((z - m)^2 exp(-l) + l - z^2) / 2 for mean m and
  /// log variance l. Source: Burda, Grosse & Salakhutdinov, "Importance weighted autoencoders" (2016), the factor of
  /// the weights of eq. 8 without the likelihood.
  template <class Scalar>
  static double log_prior_over_posterior(const Scalar* z, const Scalar* mean, const Scalar* log_variance, Index size) {
    const double sum = detail::block_sum(size, [&](Index i) {
      const double value = static_cast<double>(z[i]), l = static_cast<double>(log_variance[i]);
      const double difference = value - static_cast<double>(mean[i]);
      return difference * difference * detail::math::exp(-l) + l - value * value;
    });
    return sum / 2;
  }

 protected:
  /// Whether the encoder's last layer can give the mean, for the bottleneck `who`.
  template <class Layer>
  static constexpr Diagnosis diagnose_mean(std::string_view who, const Layer& layer) {
    if constexpr (kind<Layer> == LayerKind::linear) {
      if (Layer::has_weight) return {};
    }
    return {Rule::policy_applies, who, Text::of("an encoder that ends in ", detail::part_name(layer)),
            "one that ends in a linear layer, such as Dense<16>"};
  }

  /// The log variance of the batch: code size x batch.
  template <class Context>
  static auto* log_variance(const Context& context) { return context.cache; }
  /// The gradient of the log variance: code size x batch.
  template <class Context>
  static auto* log_variance_delta(const Context& context) { return context.cache + context.values(); }

  /// From the gradient dz of the codes to those of the mean, the sum of dz over the draws, and of the log variance, the
  /// sum of dz (z - mean) / 2: the derivatives of z = mean + exp(log variance / 2) e.
  template <class Scalar, class Layer>
  void draw_backward(const BottleneckContext<Scalar, Layer>& context, const Scalar* dz, Scalar* dmean) const {
    const Index n = context.size();
    Scalar* dlog = log_variance_delta(context);
    for (Index j = 0; j < context.pass.batch; ++j)
      for (Index i = 0; i < n; ++i) {
        Scalar mean_sum = 0, log_sum = 0;
        for (Index k = 0; k < codes_per_sample; ++k) {
          const Index index = (j * codes_per_sample + k) * n + i;
          mean_sum += dz[index];
          log_sum += dz[index] * (context.latent[index] - context.code[j * n + i]);
        }
        dmean[j * n + i] = mean_sum;
        dlog[j * n + i] = log_sum / 2;
      }
  }

  /// From the gradient of the log variance to those of its layer's parameters and, added to `dx` unless null, of its
  /// input.
  template <class Scalar, class Layer>
  void log_variance_backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dx,
                             GradientSink<Scalar>& sink) const {
    Scalar* input_gradient = context.cache + 2 * context.values();
    detail::linear_backward(context.pass, log_variance_kernel(context), log_variance_blocks(context),
                            {context.info.in.values(), context.size()}, context.x,
                            static_cast<const Scalar*>(log_variance_delta(context)), dx ? input_gradient : nullptr,
                            sink);
    if (dx) detail::add(context.pass, input_gradient, dx, context.info.in.size() * context.pass.batch);
  }

  /// KL(q || N(0, I)) in nats, summed over the batch: for each sample the sum over i of (exp(l) + m^2 - 1 - l) / 2 for
  /// mean m and log variance l (Kingma & Welling 2014, appendix B).
  template <class Scalar, class Layer>
  static double divergence_sum(const BottleneckContext<Scalar, Layer>& context) {
    const Scalar* log_variances = log_variance(context);
    const double sum = detail::block_sum(context.values(), [&](Index i) {
      const double m = static_cast<double>(context.code[i]), l = static_cast<double>(log_variances[i]);
      return detail::math::exp(l) + m * m - 1 - l;
    });
    return sum / 2;
  }

  /// The same in inference, where the log variance must be computed first.
  template <class Scalar, class Layer>
  double measured_divergence_sum(const BottleneckContext<Scalar, Layer>& context) const {
    compute_log_variance(context);
    return divergence_sum(context);
  }

 private:
  template <class Scalar, class Layer>
  static LinearBlocks log_variance_blocks(const BottleneckContext<Scalar, Layer>& context) {
    const Index period = context.layer.bias_size(context.info.out);
    return {context.first_block, period > 0 ? context.first_block + 1 : -1, period, ContributionOrder::only};
  }
  template <class Scalar, class Layer>
  static auto log_variance_kernel(const BottleneckContext<Scalar, Layer>& context) {
    return context.layer.template kernel<Scalar>(context.info.in, context.parameters.block(context.first_block));
  }
};

}  // namespace eigencoder
