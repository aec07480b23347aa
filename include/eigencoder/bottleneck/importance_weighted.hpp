#pragma once

#include <eigencoder/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// The estimator of the encoder's gradient through the codes that `ImportanceWeighted` draws. Both have the same mean.
enum class CodeGradient {
  /// The gradient of the bound at the drawn codes. Its noise dominates for many codes.
  reparameterized,
  /// An estimator whose noise does not dominate for many codes and vanishes where the posterior is exact. It is valid
  /// only if a code gets no other gradient than that of its own loss: a model with penalties on activations of the
  /// decoder or with decoder layers that couple the samples of a batch throws `OptionError`.
  /// Source: Tucker, Lawson, Gu & Maddison, "Doubly reparameterized gradient estimators for Monte Carlo objectives"
  /// (2019), eq. 8; for one code Roeder, Wu & Duvenaud, "Sticking the landing" (2017).
  doubly_reparameterized
};

/// The policy that trains on the importance-weighted bound: for each sample -log of the mean over its codes z_k of
/// w_k = p(x | z_k) p(z_k) / q(z_k | x), where -log p(x | z) is the loss. With one code this is the bound of
/// `Variational`; with more it is tighter. In the gradient, code k has the weight w_k over the sum of all w; another
/// estimator is chosen by `CodeGradient`. A sample's weight (`FitOptions::sample_weights`) is a factor on its losses
/// within the bound, p(x | z_k) to that power: so with one code too it weighs the loss and not the divergence.
/// Source: Burda, Grosse & Salakhutdinov, "Importance weighted autoencoders" (2016), eqs. 8 and 14.
struct ImportanceWeighted : GaussianPosterior {
  CodeGradient gradient = CodeGradient::reparameterized;  ///< the estimator of the encoder's gradient

  /// Draws `codes` codes for each sample.
  constexpr explicit ImportanceWeighted(Index codes = 5, CodeGradient estimator = CodeGradient::reparameterized)
      : GaussianPosterior{codes}, gradient(estimator) {}

  /// As every `Bottleneck` that `WeighsDraws`. The terms, in nats per sample:
  ///
  /// - `divergence`: in training the bound minus the mean loss of the codes, in evaluation the KL divergence
  /// - `KL`: the KL divergence of the posterior from the prior
  ///@{
  static constexpr std::string_view kind = "ImportanceWeighted";
  static constexpr bool weighs_draws = true;
  static constexpr TermName terms[] = {{"divergence", true}, {"KL", false}};

  void validate() const { detail::require_at_least("ImportanceWeighted.codes_per_sample", 1, codes_per_sample); }

  void validate_decoder(bool draws_are_independent) const {
    if (gradient == CodeGradient::doubly_reparameterized && !draws_are_independent)
      throw OptionError("eigencoder: CodeGradient::doubly_reparameterized needs a decoder without penalties on its "
                        "activations and without layers that couple the samples of a batch, such as BatchNorm");
  }

  template <class Layer>
  constexpr Diagnosis diagnose_layer(const Layer& layer) const {
    return diagnose_mean(kind, layer);
  }

  template <class Scalar, class Layer>
  void weigh_draws(const BottleneckContext<Scalar, Layer>& context, const double* losses, double* sums) const {
    const Index n = context.size();
    const double count = static_cast<double>(codes_per_sample);
    for (Index j = 0; j < context.pass.batch; ++j) {
      double* weights = context.draw_weights + j * codes_per_sample;  // at first -log w
      double mean = 0, least = 0;
      for (Index k = 0; k < codes_per_sample; ++k) {
        const double loss = losses[j * codes_per_sample + k];
        mean += loss / count;
        weights[k] = loss - log_prior_over_posterior(context.latent + (j * codes_per_sample + k) * n,
                                                     context.code + j * n, log_variance(context) + j * n, n);
        least = k == 0 ? weights[0] : (std::min)(least, weights[k]);
      }
      double sum = 0;
      for (Index k = 0; k < codes_per_sample; ++k) sum += weights[k] = std::exp(least - weights[k]);
      for (Index k = 0; k < codes_per_sample; ++k) weights[k] *= count / sum;
      sums[0] += least - std::log(sum / count) - mean;
    }
  }

  template <class Scalar, class Layer>
  void backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode, Scalar* dx,
                double* sums, GradientSink<Scalar>& sink) const {
    if (gradient == CodeGradient::reparameterized) reparameterized(context, dlatent, dcode);
    else doubly_reparameterized(context, dlatent, dcode);
    sums[1] += divergence_sum(context);
    log_variance_backward(context, dx, sink);
  }

  template <class Scalar, class Layer>
  void measure(const BottleneckContext<Scalar, Layer>& context, double* sums) const {
    const double kl = measured_divergence_sum(context);
    sums[0] += kl;
    sums[1] += kl;
  }
  ///@}

 private:
  /// The derivatives at fixed noise, for the weight w of a code; the weights of a sample's codes sum to 1:
  ///
  /// - by z, of -w log p(z): w z / batch
  /// - by each log variance, of the sum of w log q over the codes: -1 / (2 batch)
  template <class Scalar, class Layer>
  void reparameterized(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode) const {
    const Index n = context.size(), batch = context.pass.batch;
    for (Index column = 0; column < batch * codes_per_sample; ++column) {
      const auto share =
          static_cast<Scalar>(context.draw_weights[column] / static_cast<double>(batch * codes_per_sample));
      for (Index i = column * n; i < (column + 1) * n; ++i) dlatent[i] += share * context.latent[i];
    }
    draw_backward(context, dlatent, dcode);
    const auto half = static_cast<Scalar>(0.5 / static_cast<double>(batch));
    Scalar* dlog = log_variance_delta(context);
    for (Index i = 0; i < n * batch; ++i) dlog[i] -= half;
  }

  /// The derivatives by z alone, with the parameters of log q held fixed. Each code counts by the square of its weight.
  ///
  /// - of -log p(z): z
  /// - of log q(z): -(z - mean) / variance
  template <class Scalar, class Layer>
  void doubly_reparameterized(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode) const {
    const Index n = context.size(), batch = context.pass.batch;
    const Scalar* log_variances = log_variance(context);
    for (Index column = 0; column < batch * codes_per_sample; ++column) {
      const auto weight = static_cast<Scalar>(context.draw_weights[column] / static_cast<double>(codes_per_sample));
      const Scalar share = weight / static_cast<Scalar>(batch);
      const Scalar* mean = context.code + column / codes_per_sample * n;
      const Scalar* log_variance_of_sample = log_variances + column / codes_per_sample * n;
      const Scalar* z = context.latent + column * n;
      Scalar* dz = dlatent + column * n;
      for (Index i = 0; i < n; ++i) {
        const double difference = double{z[i]} - double{mean[i]};
        const double precision = detail::math::exp(-double{log_variance_of_sample[i]});
        dz[i] = weight * (dz[i] + share * static_cast<Scalar>(double{z[i]} - difference * precision));
      }
    }
    draw_backward(context, dlatent, dcode);
  }
};

}  // namespace eigencoder
