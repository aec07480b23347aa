#pragma once

#include <eigencoder/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/bottleneck/kullback_leibler.hpp>
#include <eigencoder/bottleneck/maximum_mean_discrepancy.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// The policy of a variational autoencoder: codes are drawn from a Gaussian posterior, which a divergence pulls towards
/// the prior N(0, I). With a loss that is a negative log likelihood in nats and the default divergence, the objective
/// is the negative evidence lower bound. The encoder ends in a linear layer, and `encode` gives the mean.
/// Source: Kingma & Welling, "Auto-encoding variational Bayes" (2014), eq. 7.
///
///     Variational<>                                 KL divergence
///     Variational{KullbackLeibler{.beta = 4}}       beta-VAE
///     Variational{KullbackLeibler<LinearAnnealing>{.annealing = {.steps = 5000}}, 2}     two codes for each sample
///     Variational<MaximumMeanDiscrepancy>           a Wasserstein autoencoder
template <Divergence D = KullbackLeibler<>>
struct Variational : GaussianPosterior {
  D divergence{};  ///< of the codes from the prior

  /// The default divergence, and one code for each sample.
  constexpr Variational() = default;
  /// This divergence, and `codes` codes drawn for each sample.
  constexpr explicit Variational(D from_prior, Index codes = 1) : GaussianPosterior{codes}, divergence(from_prior) {}

  /// As every `Bottleneck`. The terms are the divergence's part of the objective and the KL divergence in nats a
  /// sample.
  ///@{
  static constexpr std::string_view kind = "Variational";
  static constexpr TermName terms[] = {{D::name, true, !D::uses_latent}, {"KL", false}};
  static constexpr bool couples_batch = requires { requires D::couples_batch; };

  void validate() const {
    divergence.validate();
    detail::require_at_least("Variational.codes_per_sample", 1, codes_per_sample);
  }

  template <class Layer>
  constexpr Diagnosis diagnose_layer(const Layer& layer) const {
    return diagnose_mean(kind, layer);
  }

  template <class Scalar, class Layer>
  void backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode, Scalar* dx,
                double* sums, GradientSink<Scalar>& sink) const {
    const Index n = context.size(), batch = context.pass.batch;
    double penalty = 0;
    if constexpr (D::uses_latent) {
      Scalar* prior = context.pass.workspace.temporary(n * batch * codes_per_sample);
      penalty = divergence.add(context.latent, n, batch * codes_per_sample,
                               Random(context.pass.seed, Purpose::bottleneck, 1, context.pass.step), prior, dlatent);
    }
    draw_backward(context, dlatent, dcode);
    if constexpr (!D::uses_latent)
      penalty = divergence.add(context.code, log_variance(context), n, batch, context.pass.step, dcode,
                               log_variance_delta(context));
    sums[0] += penalty * static_cast<double>(batch);
    sums[1] += divergence_sum(context);
    log_variance_backward(context, dx, sink);
  }

  template <class Scalar, class Layer>
  void measure(const BottleneckContext<Scalar, Layer>& context, double* sums) const {
    const double kl = measured_divergence_sum(context);
    if constexpr (!D::uses_latent) sums[0] += divergence.weight() * kl;
    sums[1] += kl;
  }
  ///@}
};
template <Divergence D>
Variational(D, Index = 1) -> Variational<D>;

}  // namespace eigencoder
