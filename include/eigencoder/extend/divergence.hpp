#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

namespace eigencoder {

/// A divergence of each sample's posterior from the prior, such as `KullbackLeibler`. Matrices are column-major, code
/// size x batch.
///
/// - `uses_latent = false`
/// - `add(mean, log_variance, size, batch, step, dmean, dlog_variance)`: returns the penalty of a batch, the mean over
///   its samples, and adds its derivatives to `dmean` and `dlog_variance`
/// - `weight()`: the factor of a sample's KL divergence in evaluations
template <class D>
concept PosteriorDivergence = requires(const D& divergence, const double* in, double* out, Index n,
                                       std::uint64_t step) {
  requires !D::uses_latent;
  { divergence.add(in, in, n, n, step, out, out) } -> std::same_as<double>;
  { divergence.weight() } -> std::same_as<double>;
};

/// A divergence of the codes drawn for a batch from the prior, such as `MaximumMeanDiscrepancy`. Matrices are
/// column-major, code size x columns.
///
/// - `uses_latent = true`
/// - `add(latent, size, columns, random, prior, dlatent)`: returns the penalty of a batch and adds its derivative to
///   `dlatent`. `prior` is memory of the same size for draws from the prior.
/// - `couples_batch = true`, optional: it compares the samples of a batch, so that training refuses batches of one
///   sample
template <class D>
concept LatentDivergence = requires(const D& divergence, const double* in, double* out, Index n, Random random) {
  requires D::uses_latent;
  { divergence.add(in, n, n, random, out, out) } -> std::same_as<double>;
};

/// How far the codes of a `Variational` model are from the prior, the standard normal distribution. Beside the members
/// of a `PosteriorDivergence` or a `LatentDivergence` it has
///
/// - `name`: its term's name in reports
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
template <class D>
concept Divergence = std::default_initializable<D> && std::copyable<D> && requires(const D& divergence) {
  { D::name } -> std::convertible_to<std::string_view>;
  divergence.validate();
} && (PosteriorDivergence<D> || LatentDivergence<D>);

}  // namespace eigencoder
