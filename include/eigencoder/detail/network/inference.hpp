#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/detail/network/feed_known.hpp>
#include <eigencoder/detail/network/network.hpp>
#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <limits>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// Samples that pass through a network at a time in inference. Products of few columns, such as those of a remainder,
/// sum in another order than those of many, so another number may change the last bits of a result.
inline constexpr Index inference_batch = 256;

/// A network in inference: mean codes, no dropout, running statistics. Samples are checked already, unless a function
/// says otherwise. Results without a matrix of their own lie in the workspace, until its next use.
template <class Network>
class Inference {
  using Scalar = typename Network::Scalar;
  using Policies = typename Network::Policies;
  static constexpr std::size_t encoder_depth = Network::encoder_depth;
  static constexpr std::size_t layer_count = Network::layer_count;

 public:
  Inference(const Network& network, const ModelState<Scalar>& state, Workspace<Scalar>& workspace)
      : network_(network), parameters_(network.view(state)), workspace_(workspace) {}

  /// Runs layers first, ..., last - 1 on the pass's contiguous columns, and the bottleneck where the code is among
  /// their outputs. Returns the last output. `sums`, unless null, receive the bottleneck's terms.
  Scalar* forward(const Pass<Scalar>& pass, const Scalar* x, std::size_t first, std::size_t last,
                  double* sums = nullptr) const {
    const auto& stack = network_.stack;
    typename Network::Stack::PassRequirements requirements;
    if (Policies::has_bottleneck && sums)
      requirements.bottleneck_cache = network_.policies.bottleneck_cache(stack, pass.batch);
    const auto tape = stack.tape(pass, x, first, last, requirements);
    if constexpr (Policies::has_bottleneck) {
      if (first < encoder_depth && last >= encoder_depth) {
        stack.forward(pass, parameters_, tape, first, encoder_depth);
        const auto& bottleneck = network_.policies.bottleneck();
        const auto context = network_.bottleneck_context(pass, parameters_, tape);
        if (sums) bottleneck.measure(context, sums);
        if constexpr (requires { bottleneck.infer(context); }) bottleneck.infer(context);
        first = encoder_depth;
      }
    }
    stack.forward(pass, parameters_, tape, first, last);
    workspace_.equalize_scratch();
    return tape.output[last - 1];
  }

  /// The same on samples stored in any way; with `as_mean` the loss's mean follows the last layer.
  View<Scalar> run(View<Scalar> samples, std::size_t first, std::size_t last, bool as_mean) const {
    Pass<Scalar> pass{workspace_, samples.cols()};
    pass.single_threaded = pass.batch <= network_.max_single_threaded;
    const FlushSubnormals flush(pass.single_threaded);  // once for all tasks
    const Scalar* x = samples.data();
    if (first == 0 && Policies::allows_missing) x = gather_known(pass, samples);
    else if (samples.stride() != samples.rows() || workspace_.owns(x)) x = gather(samples);
    Scalar* y = forward(pass, x, first, last);
    if (last == layer_count && as_mean) to_mean(pass, y);
    return {y, network_.stack.layer_info[last - 1].out.values(), samples.cols()};
  }

  /// The same for any number of samples, some at a time: values x samples.
  [[gnu::cold]] MatrixX<Scalar> run_all(View<Scalar> samples, std::size_t first, std::size_t last, bool as_mean) const {
    MatrixX<Scalar> result(network_.stack.layer_info[last - 1].out.values(), samples.cols());
    for (Index j = 0; j < samples.cols(); j += inference_batch) {
      const Index count = (std::min)(inference_batch, samples.cols() - j);
      const View<Scalar> out = run(samples.columns(j, count), first, last, as_mean);
      std::copy_n(out.data(), out.rows() * count, result.data() + j * out.rows());
    }
    return result;
  }
  /// The same for a loader's samples, which are checked as they are fetched.
  [[gnu::cold]] MatrixX<Scalar> run_all(BatchLoader<Scalar>& loader, std::size_t last) const {
    MatrixX<Scalar> result(network_.stack.layer_info[last - 1].out.values(), loader.size()), batch;
    Scalar* to = result.data();
    for_each_run(iota(loader.size()), inference_batch, [&](auto indices, auto next) {
      const Batch<Scalar> fetched = loader.fetch(indices, next);
      network_.validation.check_fetched_inputs(loader, fetched, indices);
      batch.resize(loader.rows(), static_cast<Index>(indices.size()));
      for (Index j = 0; j < batch.cols(); ++j) std::copy_n(fetched.input(j), batch.rows(), batch.col(j).data());
      const View<Scalar> out = run(batch, 0, last, true);
      to = std::copy_n(out.data(), out.rows() * out.cols(), to);
    });
    return result;
  }

  /// The mean and the log variance of each sample's posterior, code size x samples, for a bottleneck that has one.
  [[gnu::cold]] void posterior(View<Scalar> samples, Scalar* mean, Scalar* log_variance) const {
    for (Index j = 0; j < samples.cols(); j += inference_batch) {
      const Pass<Scalar> pass{workspace_, (std::min)(inference_batch, samples.cols() - j)};
      const Scalar* x = gather_known(pass, samples.columns(j, pass.batch));
      typename Network::Stack::PassRequirements requirements;
      requirements.bottleneck_cache = network_.policies.bottleneck_cache(network_.stack, pass.batch);
      const auto tape = network_.stack.tape(pass, x, 0, encoder_depth, requirements);
      network_.stack.forward(pass, parameters_, tape, 0, encoder_depth);
      const auto context = network_.bottleneck_context(pass, parameters_, tape);
      network_.policies.bottleneck().compute_log_variance(context);
      std::copy_n(context.code, context.values(), mean + j * context.size());
      std::copy_n(context.cache, context.values(), log_variance + j * context.size());
    }
  }

  /// Loss and squared error of a loader's samples at these indices, which are checked as they are fetched.
  [[gnu::cold]] Evaluation evaluate(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> indices) const {
    const Index n = network_.target.size();
    std::vector<double> sums(network_.term_count());
    double loss_sum = 0, square_sum = 0;
    Index unknown = 0;
    for_each_loss(loader, indices, sums.data() + Policies::bottleneck_slot,
                  [&](const Pass<Scalar>& pass, Scalar* y, const Scalar* t, const double*, double batch_sum,
                      LossTerms terms) {
                    loss_sum += batch_sum;
                    add_loss_terms(terms, pass.batch, 1, nullptr, sums.data() + Policies::term_count);
                    to_mean(pass, y);
                    for (Index i = 0; i < n * pass.batch; ++i) {
                      const bool skips = Policies::allows_missing && (std::isnan)(t[i]);
                      y[i] = skips ? Scalar(0) : y[i] - t[i];
                      unknown += skips ? 1 : 0;
                    }
                    square_sum += squared_norm(y, n * pass.batch);
                  });
    const auto count = static_cast<double>(indices.size());
    double mse = square_sum / count / static_cast<double>(n);
    if (unknown > 0) mse = square_sum / (count * static_cast<double>(n) - static_cast<double>(unknown));
    Evaluation found{static_cast<Index>(indices.size()), loss_sum / count, mse, mse >= 0 ? psnr(mse) : mse, {}};
    found.terms = network_.policies.bottleneck_terms(sums.data(), count, true);
    network_.add_loss_terms(sums.data() + Policies::term_count, count, found.terms);
    return found;
  }

  /// The loss of each of a loader's samples, as `evaluate` sums it. They are checked as they are fetched.
  [[gnu::cold]] std::vector<double> losses(BatchLoader<Scalar>& loader) const {
    std::vector<double> found;
    found.reserve(static_cast<std::size_t>(loader.size()));
    for_each_loss(loader, iota(loader.size()), nullptr,
                  [&](const Pass<Scalar>& pass, const Scalar*, const Scalar*, const double* losses, double, LossTerms) {
                    found.insert(found.end(), losses, losses + pass.batch);
                  });
    return found;
  }

 private:
  /// Runs a loader's samples at these indices, a batch at a time, and calls `visit(pass, outputs, targets, losses,
  /// batch_sum, terms)` with the loss of each sample, their sum and the loss's terms. `sums`, unless null, receive the
  /// bottleneck's terms.
  template <class Visit>
  [[gnu::cold]] void for_each_loss(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> indices, double* sums,
                                   const Visit& visit) const {
    const Index n = network_.target.size();
    const auto& loss = network_.loss_at(parameters_);
    for_each_run(indices, inference_batch, [&](auto run, auto next) {
      const Batch<Scalar> batch = loader.fetch(run, next);
      network_.validation.check_fetched(loader, batch, run);
      const Pass<Scalar> pass{workspace_, static_cast<Index>(run.size())};
      const Scalar* x = gather_known(pass, [&](Index j) { return batch.input(j); });
      Scalar* t = workspace_.targets(n * pass.batch);
      for (Index j = 0; j < pass.batch; ++j) 
        network_.validation.copy_target(batch.target(j), batch.targets.rows(), t + j * n);
      Scalar* y = forward(pass, x, 0, layer_count, sums);
      const auto term_count = static_cast<Index>(network_.loss_terms.size());
      double* losses = workspace_.losses((1 + term_count) * pass.batch);
      const LossTerms terms{losses + pass.batch, term_count};
      const double batch_sum = batch_loss<Policies::allows_missing, Scalar>(
          pass, loss, y, t, nullptr, n, network_.target.channels, 1, losses, nullptr, terms);
      visit(pass, y, t, losses, batch_sum, terms);
    });
  }

  /// The loss's mean of a batch's outputs, in place.
  void to_mean(const Pass<Scalar>& pass, Scalar* outputs) const {
    const Index size = network_.target.values();
    parallel_columns(pass, size, 8, [&](Index j) {
      network_.loss.to_mean(outputs + j * size, size, network_.target.channels);
    });
  }

  /// Copies the samples side by side into the workspace.
  Scalar* gather(View<Scalar> samples) const {
    Scalar* packed = workspace_.inputs(samples.rows() * samples.cols());
    for (Index j = 0; j < samples.cols(); ++j)
      std::copy_n(samples.column(j), samples.rows(), packed + j * samples.rows());
    return packed;
  }

  /// Copies the samples `column(j)` of a pass side by side into the workspace, as the encoder takes them.
  template <class Column>
  Scalar* gather_known(const Pass<Scalar>& pass, const Column& column) const {
    const Index n = network_.input.size(), values = n * pass.batch;
    Scalar* packed = workspace_.inputs(Policies::feeds_mask ? 3 * values : values);
    for (Index j = 0; j < pass.batch; ++j) std::copy_n(column(j), n, packed + j * n);
    if constexpr (Policies::allows_missing)
      return feed_known<Policies::feeds_mask>(pass, network_.input, packed, packed + values);
    else
      return packed;
  }
  Scalar* gather_known(const Pass<Scalar>& pass, View<Scalar> samples) const {
    return gather_known(pass, [&](Index j) { return samples.column(j); });
  }

  const Network& network_;
  ParameterView<Scalar> parameters_;
  Workspace<Scalar>& workspace_;
};

/// Draws `draws` codes z of each sample's posterior q, whose means and log variances are given, and calls
/// `visit(j, loss, log_ratio)` for each, sample by sample: -log p(x | z) of sample j, and log p(z) / q(z | x). With
/// `same_draws` every sample gets the same random numbers, so that its draws do not depend on its index.
template <class Scalar, class Network, class Visit>
[[gnu::cold]] void for_each_draw(const Network& network, const ModelState<Scalar>& state, View<Scalar> samples,
                                 View<Scalar> mean, View<Scalar> log_variance, Index draws, std::uint64_t seed,
                                 bool same_draws, const Visit& visit) {
  if constexpr (requires { network.loss.is_likelihood(); })
    if (!network.loss.is_likelihood())
      throw OptionError("eigencoder: log_likelihood: a Categorical with class_weights is no likelihood");
  const Index n = mean.rows(), columns = samples.cols() * draws;
  const auto& loss = network.loss_at(network.view(state));
  const Shape target = network.target;
  Workspace<Scalar> workspace;
  const Inference<Network> inference(network, state, workspace);
  std::vector<double> log_ratios(static_cast<std::size_t>(inference_batch));
  for (Index first = 0; first < columns; first += inference_batch) {
    const Pass<Scalar> pass{workspace, (std::min)(inference_batch, columns - first)};
    Scalar* codes = workspace.inputs(n * pass.batch);
    parallel_for(pass.batch, pass.team(n * pass.batch * 64), [&](Index c, int) {
      const Index j = (first + c) / draws, draw = (first + c) % draws;
      Random random(seed, Purpose::sampling, 1, 0, same_draws ? 0 : static_cast<std::uint32_t>(j),
                    static_cast<std::uint32_t>(draw));
      const Scalar *m = mean.column(j), *l = log_variance.column(j);
      Scalar* z = codes + c * n;
      GaussianPosterior::draw_code(m, l, random, z, n);
      log_ratios[static_cast<std::size_t>(c)] = GaussianPosterior::log_prior_over_posterior(z, m, l, n);
    });
    const Scalar* outputs = inference.forward(pass, codes, Network::encoder_depth, Network::layer_count);
    double* losses = workspace.losses(pass.batch);
    sum_losses(pass, losses, target.size(), [&](Index c, int thread) {
      const Scalar *output = outputs + c * target.size(), *sample = samples.column((first + c) / draws);
      Scalar* const none = nullptr;
      return column_loss<Network::Policies::allows_missing>(loss, output, sample, none, target.size(), target.channels,
                                                            1, nullptr, workspace.scratch(thread).tile);
    });
    for (Index c = 0; c < pass.batch; ++c)
      visit(static_cast<std::size_t>((first + c) / draws), losses[c], log_ratios[static_cast<std::size_t>(c)]);
  }
}

/// Estimates the log likelihood of each sample in nats: the logarithm of the mean over the draws of p(x | z) p(z) /
/// q(z | x) (Burda et al. 2016, eq. 8).
template <class Scalar, class Network>
[[gnu::cold]] std::vector<double> log_likelihood(const Network& network, const ModelState<Scalar>& state,
                                                 View<Scalar> samples, View<Scalar> mean, View<Scalar> log_variance,
                                                 Index draws, std::uint64_t seed, bool same_draws = false) {
  // For each sample the largest logarithm of a weight so far, and the sum of the weights in units of that weight.
  std::vector<double> largest(static_cast<std::size_t>(samples.cols()), -std::numeric_limits<double>::infinity());
  std::vector<double> sum(largest.size());
  for_each_draw(network, state, samples, mean, log_variance, draws, seed, same_draws,
                [&](std::size_t j, double loss, double log_ratio) {
                  const double weight = log_ratio - loss, before = largest[j];
                  largest[j] = (std::max)(before, weight);
                  sum[j] = sum[j] * std::exp(before - largest[j]) + std::exp(weight - largest[j]);
                });
  for (std::size_t j = 0; j < largest.size(); ++j) largest[j] += std::log(sum[j] / static_cast<double>(draws));
  return largest;
}

}  // namespace eigencoder::detail
