#pragma once

#include <eigencoder/detail/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// How the encoder learns of the codes drawn from its posterior: by the gradient of the drawn bound, or by another one
/// of the same mean, which does not drown in noise as codes become more and has none where the posterior is exact. The
/// second wants a decoder without penalties on its activations and without layers that couple the samples of a batch;
/// a model with such throws `OptionError`.
/// Source: Tucker, Lawson, Gu & Maddison, "Doubly reparameterized gradient estimators for Monte Carlo objectives"
/// (2019), eq. 8; with one code Roeder, Wu & Duvenaud, "Sticking the landing" (2017).
enum class CodeGradient { reparameterized, doubly_reparameterized };

/// The policy that trains on the importance-weighted bound (Burda, Grosse & Salakhutdinov 2016, "Importance weighted
/// autoencoders"): for each sample -log of the mean over its codes z_k of w_k = p(x | z_k) p(z_k) / q(z_k | x), eq. 8,
/// where -log p(x | z) is the loss. Tighter than the bound of `Variational`, which it is at one code. The gradient is
/// that of eq. 14: each code's share is w_k over the sum of w; or the one that `CodeGradient` names.
struct ImportanceWeighted : detail::GaussianPosterior {
  static constexpr std::string_view kind = "ImportanceWeighted";
  static constexpr bool weighs_draws = true;
  /// What the bound adds to the mean loss of the codes (in evaluations the KL divergence), and the KL divergence, in
  /// nats a sample.
  static constexpr TermName terms[] = {{"divergence", true}, {"KL", false}};

  CodeGradient gradient = CodeGradient::reparameterized;

  /// Draws so many codes of each input.
  constexpr explicit ImportanceWeighted(Index codes = 5, CodeGradient by = CodeGradient::reparameterized)
      : GaussianPosterior{codes}, gradient(by) {}

  void validate() const {
    if (samples < 1) throw OptionError("eigencoder: ImportanceWeighted.samples must be at least 1");
  }
  /// Throws `OptionError` for a gradient that is wrong where more than its own loss comes back to a code.
  void validate_decoder(bool learns_of_losses_alone) const {
    if (gradient == CodeGradient::doubly_reparameterized && !learns_of_losses_alone)
      throw OptionError("eigencoder: CodeGradient::doubly_reparameterized wants a decoder without penalties on its "
                        "activations and without layers that couple the samples of a batch, such as BatchNorm");
  }

  template <class Layer>
  constexpr Diagnosis diagnose_layer(const Layer& layer) const {
    return this->diagnose_last(kind, layer);
  }

  /// The codes' weights, w_k over the sum of w times `samples`, from the losses, -log p(x | z_k); and what the bound is
  /// beyond the mean loss.
  template <class Scalar, class Layer>
  void weigh(const BottleneckContext<Scalar, Layer>& context, const double* losses, double* sums) const {
    const Index n = context.size();
    const double count = static_cast<double>(samples);
    for (Index j = 0; j < context.pass.batch; ++j) {
      double* of = context.weights + j * samples;
      double mean = 0, least = 0;
      for (Index k = 0; k < samples; ++k) {
        const double loss = losses[j * samples + k];
        mean += loss / count;
        of[k] = loss - detail::log_prior_over_posterior(context.latent + (j * samples + k) * n, context.code + j * n,
                                                  this->log_variance(context) + j * n, n);
        least = k == 0 ? of[0] : (std::min)(least, of[k]);
      }
      double sum = 0;
      for (Index k = 0; k < samples; ++k) sum += of[k] = std::exp(least - of[k]);
      for (Index k = 0; k < samples; ++k) of[k] *= count / sum;
      sums[0] += least - std::log(sum / count) - mean;
    }
  }

  template <class Scalar, class Layer>
  void backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode, Scalar* dx, double* sums,
                GradientSink<Scalar>& sink) const {
    if (gradient == CodeGradient::reparameterized) reparameterized(context, dlatent, dcode);
    else doubly_reparameterized(context, dlatent, dcode);
    sums[1] += this->total_divergence(context);
    this->spread_backward(context, dx, sink);
  }

  template <class Scalar, class Layer>
  void measure(const BottleneckContext<Scalar, Layer>& context, double* sums) const {
    this->spread(context);
    const double divergence_sum = this->total_divergence(context);
    sums[0] += divergence_sum;
    sums[1] += divergence_sum;
  }

 private:
  // By z at fixed posterior noise: -log p(z) gives w z / batch; log q depends on the log variance alone, which the
  // weights, that sum to one, give -1 / 2 each.
  template <class Scalar, class Layer>
  void reparameterized(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode) const {
    const Index n = context.size(), batch = context.pass.batch;
    for (Index column = 0; column < batch * samples; ++column) {
      const auto share = static_cast<Scalar>(context.weights[column] / static_cast<double>(batch * samples));
      for (Index i = column * n; i < (column + 1) * n; ++i) dlatent[i] += share * context.latent[i];
    }
    this->draw_backward(context, dlatent, dcode);
    const auto half = static_cast<Scalar>(0.5 / static_cast<double>(batch));
    Scalar* dlog = this->log_variance_delta(context);
    for (Index i = 0; i < n * batch; ++i) dlog[i] -= half;
  }

  // By z alone, the posterior that it is weighed by held fixed: -log p(z) gives z, log q -(z - mean) / variance; each
  // code counts by its weight squared.
  template <class Scalar, class Layer>
  void doubly_reparameterized(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode) const {
    const Index n = context.size(), batch = context.pass.batch;
    const Scalar* log_variances = this->log_variance(context);
    for (Index column = 0; column < batch * samples; ++column) {
      const auto weight = static_cast<Scalar>(context.weights[column] / static_cast<double>(samples));
      const Scalar share = weight / static_cast<Scalar>(batch);
      const Scalar* mean = context.code + column / samples * n;
      const Scalar* log_variance = log_variances + column / samples * n;
      const Scalar* z = context.latent + column * n;
      Scalar* dz = dlatent + column * n;
      for (Index i = 0; i < n; ++i) {
        const double apart = double{z[i]} - double{mean[i]}, precision = detail::math::exp(-double{log_variance[i]});
        dz[i] = weight * (dz[i] + share * static_cast<Scalar>(double{z[i]} - apart * precision));
      }
    }
    this->draw_backward(context, dlatent, dcode);
  }
};

}  // namespace eigencoder
