#pragma once

#include <eigencoder/bottleneck/kullback_leibler.hpp>
#include <eigencoder/bottleneck/maximum_mean_discrepancy.hpp>
#include <eigencoder/detail/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/extend/divergence.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// The policy that makes a variational autoencoder (Kingma & Welling 2014, "Auto-encoding variational Bayes"): codes
/// are drawn from a posterior, N(mean, diagonal), which a divergence holds to the prior N(0, I). With a loss that is a
/// negative log likelihood in nats and the default divergence the objective is the negative evidence lower bound.
///
///     Variational<>                                          KL divergence
///     Variational{KullbackLeibler{.beta = 4}}                beta-VAE
///     Variational{KullbackLeibler<LinearAnnealing>{.annealing = {.steps = 5000}}, 2}   two codes a sample
///     Variational<MaximumMeanDiscrepancy>                    a Wasserstein autoencoder
///
/// The encoder ends in a linear layer, which yields the mean; the log variance has a twin of it. `encode` gives the
/// mean.
template <Divergence D = KullbackLeibler<>>
struct Variational : detail::GaussianPosterior {
  static constexpr std::string_view kind = "Variational";
  /// What the divergence adds to the objective, and the KL divergence in nats a sample.
  static constexpr TermName terms[] = {{D::name, true, !D::uses_latent}, {"KL", false}};
  static constexpr bool couples_batch = requires { requires D::couples_batch; };

  D divergence{};

  constexpr Variational() = default;
  constexpr explicit Variational(D of, Index codes = 1) : GaussianPosterior{codes}, divergence(of) {}

  void validate() const {
    divergence.validate();
    if (this->samples < 1) throw OptionError("eigencoder: Variational.samples must be at least 1");
  }

  template <class Layer>
  constexpr Diagnosis diagnose_layer(const Layer& layer) const {
    return this->diagnose_last(kind, layer);
  }

  template <class Scalar, class Layer>
  void backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode, Scalar* dx, double* sums,
                GradientSink<Scalar>& sink) const {
    const Index n = context.size(), batch = context.pass.batch;
    double added = 0;
    if constexpr (D::uses_latent) {
      Scalar* prior = context.pass.workspace.spare(n * batch * this->samples);
      added = divergence.add(context.latent, n, batch * this->samples,
                             Random(context.pass.seed, Purpose::bottleneck, 1, context.pass.step), prior, dlatent);
    }
    this->draw_backward(context, dlatent, dcode);
    if constexpr (!D::uses_latent)
      added = divergence.add(context.code, this->log_variance(context), n, batch, context.pass.step, dcode,
                             this->log_variance_delta(context));
    sums[0] += added * static_cast<double>(batch);
    sums[1] += this->total_divergence(context);
    this->spread_backward(context, dx, sink);
  }

  template <class Scalar, class Layer>
  void measure(const BottleneckContext<Scalar, Layer>& context, double* sums) const {
    this->spread(context);
    const double divergence_sum = this->total_divergence(context);
    if constexpr (!D::uses_latent) sums[0] += divergence.weight() * divergence_sum;
    sums[1] += divergence_sum;
  }
};
template <Divergence D>
Variational(D, Index = 1) -> Variational<D>;

}  // namespace eigencoder
