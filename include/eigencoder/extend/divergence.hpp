#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

namespace eigencoder {

/// A divergence that looks at the posterior of each sample, such as `KullbackLeibler`:
/// `add(mean, log_variance, size, batch, step, dmean, dlog_variance)` returns the penalty of a batch, a mean over its
/// samples, and adds its derivatives; `weight()` is that of a sample's KL divergence in evaluations.
template <class D>
concept PosteriorDivergence = requires(const D& divergence, const double* in, double* out, Index n, std::uint64_t step) {
  requires !D::uses_latent;
  { divergence.add(in, in, n, n, step, out, out) } -> std::same_as<double>;
  { divergence.weight() } -> std::same_as<double>;
};

/// One that looks at the codes drawn for a batch, such as `MaximumMeanDiscrepancy`:
/// `add(latent, size, columns, random, prior, dlatent)` likewise; `prior` is room for as many codes. One that
/// compares the samples of a batch says `couples_batch = true`: training then never asks it for those of one sample.
template <class D>
concept LatentDivergence = requires(const D& divergence, const double* in, double* out, Index n, Random random) {
  requires D::uses_latent;
  { divergence.add(in, n, n, random, out, out) } -> std::same_as<double>;
};

/// How far the codes of a `Variational` model are from the prior, the standard normal. `validate()` throws
/// `OptionError`.
template <class D>
concept Divergence = std::default_initializable<D> && std::copyable<D> && requires(const D& divergence) {
  { D::name } -> std::convertible_to<std::string_view>;
  divergence.validate();
} && (PosteriorDivergence<D> || LatentDivergence<D>);

}  // namespace eigencoder
