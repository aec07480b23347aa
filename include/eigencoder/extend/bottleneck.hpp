#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

/// @file
/// What stands between encoder and decoder, and the divergences of codes from a prior that it may add to the objective.
namespace eigencoder {

/// A batch between encoder and decoder, as a bottleneck sees it. Matrices are column-major, a sample a column.
template <class Scalar, class Layer>
struct BottleneckContext {
  const Pass<Scalar>& pass;                 ///< the encoder's pass
  const ParameterView<Scalar>& parameters;  ///< the model's parameters and running statistics
  const Layer& layer;                       ///< the encoder's last layer
  const LayerInfo& info;                    ///< that layer's shapes and blocks
  Index first_block;                        ///< the index of the bottleneck's first parameter block
  Index first_statistics;                   ///< the index of its first block of running statistics

  const Scalar* x;      ///< the input of the encoder's last layer: input size x batch
  Scalar* code;         ///< the output of that layer: code size x batch
  Scalar* latent;       ///< the decoder's input: code size x (batch draws), those of a sample adjacent
  Scalar* cache;        ///< `cache_size` values from `forward` to `backward`; null in `infer`
  double* draw_weights; ///< one for each latent column, of a bottleneck that `WeighsDraws`; else null

  /// Values of a sample's code.
  Index size() const { return info.out.size(); }
  /// Values of the batch's codes.
  Index values() const { return size() * pass.batch; }
};

/// A policy that stands between encoder and decoder, such as `Variational`. A model has one at most.
///
/// Required, beside the members of a `Policy`:
///
/// - `terms`: an array of `TermName`, the terms that it adds to the objective or to reports. `backward` and `measure`
///   add each term's sum over the batch to `sums`, in this order.
/// - `draws()`: the number of latent columns that `forward` makes of each sample
/// - `diagnose_layer(layer)`: a `Diagnosis`, whether the layer can be the encoder's last
/// - `declare(layout, position, layer, info)`: adds its parameter blocks and running statistics to the layout
/// - `initialize(layout, first_block, first_statistics, layer, info, seed, parameters, statistics)`: sets those
///   that do not begin at zero
/// - `cache_size(info, batch)`: the number of values that it keeps from `forward` to `backward`
/// - `forward(context)`: computes the latent columns from the code, in training
/// - `backward(context, dlatent, dcode, dx, sums, sink)`: computes the code's gradient from the latent's, which it may
///   overwrite, hands the gradients of its parameters to the sink, and adds the gradient of x by paths other than the
///   code to dx (unless null)
/// - `measure(context, sums)`: adds its terms in inference; called before `infer`
///
/// Optional:
///
/// - `infer(context)`: turns the code into the decoder's input in place, in inference; without it the code stays as it
///   is
/// - `couples_batch = true`: its terms compare the samples of a batch, so that it cannot learn from a batch of one
/// - `validate_decoder(draws_are_independent)`: throws `OptionError` if it cannot learn with this decoder. The argument
///   is true if the gradient of a latent column comes from that column's loss alone: no penalty in the decoder, and no
///   layer that couples the batch.
/// - `quantizes = true`: codes are vectors of a codebook, see `VectorQuantized`. The last two blocks of statistics are
///   then the counts and the sums of its `codes` vectors; a code is split into `groups` of them at each position.
/// - `has_prior = true`: codes have the prior N(0, I), so that a model can `sample`. The bottleneck then must also have
///   `compute_log_variance(context)`, which writes the log variance of the posterior N(mean, diag exp(log variance)) of
///   each sample to the first code size x batch values of `context.cache`; the mean is `context.code`. Deriving from
///   `GaussianPosterior` gives all of this.
template <class B>
concept Bottleneck = Policy<B> && requires(const B& bottleneck, const LayerInfo& info, Index batch) {
  { B::terms[0] } -> std::convertible_to<TermName>;
  { bottleneck.draws() } -> std::same_as<Index>;
  { bottleneck.cache_size(info, batch) } -> std::same_as<Index>;
};

/// A bottleneck that weighs the draws of a sample by their losses, such as `ImportanceWeighted`. It says so by
/// `weighs_draws = true` and has the member `weigh_draws(context, losses, sums)`, which sets `context.draw_weights`
/// from the losses, one for each latent column; the weights of a sample's draws have the mean 1. Where samples have
/// weights (`FitOptions::sample_weights`) each loss is already multiplied by that of its sample.
template <class B>
concept WeighsDraws = Bottleneck<B> && B::weighs_draws;

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
