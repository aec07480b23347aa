#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/detail/pretraining/rbm_gradient.hpp>
#include <eigencoder/detail/pretraining/rbm_inference.hpp>
#include <eigencoder/detail/pretraining/rbm_products.hpp>
#include <eigencoder/detail/training/loop_interfaces.hpp>
#include <eigencoder/extend/pass.hpp>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// One training step of a machine: the hidden units of the data, the Gibbs chains, and the difference of both.
template <class Network>
class RbmStep final : public Trainable<typename Network::Scalar> {
  using Scalar = typename Network::Scalar;
  using Loss = typename Network::Loss;
  using Policies = typename Network::Policies;

 public:
  /// Persistent chains and means are updated in `updated_statistics`, unless null.
  RbmStep(const Network& network, const ModelState<Scalar>& state, Buffer<Scalar>* updated_statistics)
      : network_(network), state_(state), updated_statistics_(updated_statistics) {}

  double run(const Pass<Scalar>& pass, const Batch<Scalar>& batch, SampleWeighting weighting, double* sums,
             GradientSink<Scalar>& sink) const override {
    StepData step = begin_step(pass, batch, weighting);
    hidden_inputs(pass, step.parameters, over_variance(pass, step.parameters, step.visible, step.scaled), step.hidden);
    start_chains(step);
    double objective = add_penalties(step, sums);
    to_means(pass, network_.hidden, step.hidden);
    objective += run_chains(step);
    update_means(step);
    if (updated_statistics_ && network_.chains >= 0)
      std::copy_n(step.chain_visible(), step.chains.batch * network_.visible.size,
                  updated_statistics_->data() + network_.statistics_offset(network_.chains));
    backward(step, sink);
    pass.workspace.equalize_scratch();
    return objective;
  }

  const ParameterLayout& layout() const override { return network_.layout; }
  std::vector<double> decay() const override { return network_.policies.decay(network_.layout); }
  std::vector<bool> early_blocks() const override { return std::vector<bool>(network_.layout.blocks().size()); }
  bool shares_weights() const override { return false; }
  bool couples_batch() const override { return false; }
  std::size_t term_count() const override { return network_.term_count(); }
  std::vector<Term> terms(const double* sums, Index seen) const override { return network_.terms(state_, sums, seen); }

  void check_batch(Index) const override {}
  void check_samples(const BatchLoader<Scalar>& loader, const char* inputs, const char* targets) const override {
    if (loader.has_targets()) throw DataError(message({inputs, ": an Rbm learns from samples without targets"}));
    network_.validation.check_samples(loader, inputs, targets);
  }
  void check_columns(const BatchLoader<Scalar>&, const char*, const char*) const override {}
  void check_fetched(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                     std::span<const std::uint32_t> indices) const override {
    network_.validation.check_fetched(loader, batch, indices);
  }
  double validate(Workspace<Scalar>& workspace, BatchLoader<Scalar>& loader,
                  std::span<const std::uint32_t> indices) const override {
    return RbmInference<Network>(network_, state_, workspace).reconstruction_error(loader, indices);
  }

 private:
  /// What one step works on. The columns of `visible` and `hidden` are those of the data, then those of the chains.
  struct StepData {
    const Pass<Scalar>& pass;
    Pass<Scalar> chains;  ///< of the chains' columns
    RbmParameters<Scalar> parameters;
    Scalar *visible = nullptr, *hidden = nullptr;
    Scalar* state = nullptr;    ///< hidden states of the chains
    Scalar* scaled = nullptr;   ///< for visible values over their variances, or for inputs of reconstructions
    Scalar* extra = nullptr;    ///< the gradient of penalties by the data's hidden inputs, and memory; or null
    Scalar* terms = nullptr;    ///< of the gradient of log-variances
    Scalar* means = nullptr;    ///< of the visible units, then of the hidden ones, where they are centered
    double* losses = nullptr;   ///< of each sample
    double* weights = nullptr;  ///< of each sample; null: 1 for each
    double* factors = nullptr;  ///< see `RbmColumns`: of the visible columns, then of the hidden ones

    Index columns() const { return pass.batch + chains.batch; }
    Scalar* chain_visible() const { return visible + pass.batch * parameters.visible; }
    Scalar* chain_hidden() const { return hidden + pass.batch * parameters.hidden; }
  };

  StepData begin_step(const Pass<Scalar>& pass, const Batch<Scalar>& batch, SampleWeighting weighting) const {
    const Index v = network_.visible.size, h = network_.hidden.size;
    StepData step{.pass = pass, .chains = pass, .parameters = network_.parameters(state_)};
    if (network_.chain.chains > 0) {
      step.chains.batch = network_.chain.chains;
      step.chains.indices = nullptr;
    }
    const Index columns = step.columns(), widest = (std::max)(pass.batch, step.chains.batch);
    const Index sizes[] = {v * columns,
                           h * columns,
                           h * step.chains.batch,
                           v * widest,
                           Policies::term_count > 0 ? 2 * h * pass.batch : 0,
                           step.parameters.log_variance ? v * columns : 0,
                           network_.chain.centered ? v + h : 0,
                           step.parameters.variance_memory()};
    Scalar* variances = nullptr;
    Scalar** const to[] = {&step.visible, &step.hidden, &step.state, &step.scaled,
                           &step.extra,   &step.terms,  &step.means, &variances};
    Index total = 0;
    for (const Index size : sizes) total += padded<Scalar>(size);
    Scalar* next = pass.workspace.arena(total, Workspace<Scalar>::pass).data();
    for (std::size_t k = 0; k < std::size(sizes); ++k) {
      *to[k] = sizes[k] > 0 ? next : nullptr;
      next += padded<Scalar>(sizes[k]);
    }
    step.parameters = with_variances(step.parameters, variances);
    step.losses = pass.workspace.losses(2 * pass.batch + 2 * columns);
    step.factors = step.losses + 2 * pass.batch;
    step.weights = weighting.applies() ? step.losses + pass.batch : nullptr;
    for (Index j = 0; j < pass.batch; ++j) {
      std::copy_n(batch.input(j), v, step.visible + j * v);
      if (step.weights) step.weights[j] = weighting.of(pass.indices[j]);
    }
    set_factors(step);
    return step;
  }

  /// Each sample counts by its weight over the batch's size, and the chains as much as all samples.
  void set_factors(StepData& step) const {
    const auto batch = static_cast<double>(step.pass.batch);
    double sum = 0;
    for (Index j = 0; j < step.pass.batch; ++j) {
      const double factor = (step.weights ? step.weights[j] : 1) / batch;
      sum += factor;
      step.factors[j] = -factor;
      if (network_.chain.chains == 0) step.factors[step.pass.batch + j] = factor;
    }
    if (network_.chain.chains > 0)
      std::fill_n(step.factors + step.pass.batch, step.chains.batch, sum / static_cast<double>(step.chains.batch));
    std::fill_n(step.factors + step.columns(), step.columns(), 1.0);
  }

  /// Draws the chains' first hidden states, from the data or from the persistent chains.
  void start_chains(StepData& step) const {
    const Scalar* inputs = step.hidden;
    if (network_.chain.chains > 0) {
      const Scalar* const chains = state_.statistics.data() + network_.statistics_offset(network_.chains);
      hidden_inputs(step.chains, step.parameters, over_variance(step.chains, step.parameters, chains, step.scaled),
                    step.state);
      inputs = step.state;
    }
    draw_hidden(step, inputs, 0);
  }
  void draw_hidden(StepData& step, const Scalar* inputs, Index k) const {
    draw_states(step.chains, network_.hidden, static_cast<const Scalar*>(nullptr), inputs, step.state,
                GibbsDraw{2 * k});
  }

  /// Runs the chains to the means of their last hidden units. Returns the reconstruction error, summed over the samples
  /// by their weights.
  double run_chains(StepData& step) const {
    const bool persistent = network_.chain.chains > 0;
    double error = 0;
    if (persistent) {
      visible_inputs(step.pass, step.parameters, step.hidden, step.scaled);
      error = reconstruction_error(step, step.scaled);
    }
    Scalar* const v = step.chain_visible();
    for (Index k = 0; k < network_.chain.steps; ++k) {
      if (k > 0) draw_hidden(step, step.chain_hidden(), k);
      visible_inputs(step.chains, step.parameters, step.state, v);
      if (k == 0 && !persistent) error = reconstruction_error(step, v);
      if (network_.chain.draw_visible)
        draw_states(step.chains, network_.visible, step.parameters.stddev, v, v, GibbsDraw{2 * k + 1});
      else
        to_means(step.chains, network_.visible, v);
      hidden_inputs(step.chains, step.parameters, over_variance(step.chains, step.parameters, v, step.scaled),
                    step.chain_hidden());
    }
    to_means(step.chains, network_.hidden, step.chain_hidden());
    return error;
  }

  double reconstruction_error(StepData& step, const Scalar* inputs) const {
    const double sum = batch_loss<false>(step.pass, Loss{}, inputs, step.visible, static_cast<Scalar*>(nullptr),
                                         network_.visible.size, network_.visible.size, 1, step.losses);
    if (!step.weights) return sum;
    double weighted = 0;
    for (Index j = 0; j < step.pass.batch; ++j)
      if (step.weights[j] != 0) weighted += step.weights[j] * step.losses[j];
    return weighted;
  }

  /// Returns the penalties on the means of the data's hidden units, summed over the samples. Their gradient by the
  /// units' inputs goes to `extra`.
  double add_penalties(StepData& step, [[maybe_unused]] double* sums) const {
    double total = 0;
    if constexpr (Policies::term_count > 0) {
      const Index n = network_.hidden.size * step.pass.batch;
      Scalar* const means = step.extra + n;
      std::copy_n(step.hidden, n, means);
      to_means(step.pass, network_.hidden, means);
      std::fill_n(step.extra, n, Scalar(0));
      network_.policies.each([&]<std::size_t K>(const auto& policy) {
        if constexpr (PenalizesActivations<std::remove_cvref_t<decltype(policy)>>) {
          const double value =
              static_cast<double>(step.pass.batch) *
              policy.penalize(static_cast<const Scalar*>(means), step.extra, network_.hidden.size, step.pass.batch);
          sums[Policies::template slot<K>()] += value;
          total += value;
        }
      });
      parallel_columns(step.pass, network_.hidden.size, 16, [&](Index j) {
        const Index first = j * network_.hidden.size;
        network_.hidden.derivative(step.hidden + first, means + first);
        for (Index i = first; i < first + network_.hidden.size; ++i) step.extra[i] *= means[i];
      });
    }
    return total;
  }

  /// Takes the data of this batch, by the samples' weights, into the means of centered units: equally with all batches
  /// so far, as long as that is more than 0.01. A batch without weight changes nothing.
  void update_means(StepData& step) const {
    if (!network_.chain.centered) return;
    const Scalar* const statistics = state_.statistics.data();
    const Index counter = network_.statistics_offset(network_.mean_batches), batch = step.pass.batch;
    double weight = 0;
    for (Index j = 0; j < batch; ++j) weight += step.weights ? step.weights[j] : 1;
    const auto batches = static_cast<double>(statistics[counter]);
    const double rate = weight > 0 ? (std::max)(0.01, 1 / (1 + batches)) : 0;
    const auto update = [&](Index block, const Scalar* columns, Scalar* means) {
      const Index n = network_.layout.statistics_block(block).size, at = network_.statistics_offset(block);
      constexpr Index tile = 256;
      parallel_tiles(n, tile, step.pass.team(n * batch * 2), [&](Index first, Index count, int) {
        double sums[tile] = {};
        for (Index j = 0; j < batch; ++j) {
          const double factor = step.weights ? step.weights[j] : 1;
          for (Index i = 0; factor != 0 && i < count; ++i)
            sums[i] += factor * static_cast<double>(columns[j * n + first + i]);
        }
        for (Index i = 0; i < count; ++i) {
          const auto old = static_cast<double>(statistics[at + first + i]);
          means[first + i] = static_cast<Scalar>(rate > 0 ? old + rate * (sums[i] / weight - old) : old);
        }
      });
      if (updated_statistics_) std::copy_n(means, n, updated_statistics_->data() + at);
    };
    update(network_.visible_mean, step.visible, step.means);
    update(network_.hidden_mean, step.hidden, step.means + network_.visible.size);
    if (updated_statistics_ && rate > 0)
      updated_statistics_->data()[counter] = static_cast<Scalar>((std::min)(batches + 1, Network::max_mean_batches));
  }

  /// Hands the gradients to the sink, after all that reads the parameters.
  void backward(StepData& step, GradientSink<Scalar>& sink) const {
    const Index v = network_.visible.size, h = network_.hidden.size;
    const RbmParameters<Scalar>& p = step.parameters;
    const RbmColumns<Scalar> columns{step.columns(),
                                     step.visible,
                                     step.hidden,
                                     step.factors,
                                     step.factors + step.columns(),
                                     network_.chain.draw_visible ? step.columns() : step.pass.batch};
    Pass<Scalar> pass = step.pass;
    pass.batch = columns.count;
    parallel_columns(pass, h, 2, [&](Index j) {
      const auto factor = static_cast<Scalar>(columns.visible_factors[j]);
      for (Index i = j * h; i < (j + 1) * h; ++i) step.hidden[i] *= factor;
      if (step.extra && j < step.pass.batch)
        for (Index i = j * h; i < (j + 1) * h; ++i) step.hidden[i] += step.extra[i];
    });
    if (p.log_variance) log_variance_terms(pass, p, columns, step.terms);
    over_variance(pass, p, static_cast<const Scalar*>(step.visible), step.visible);
    if (step.means) {
      Pass<Scalar> one = pass;
      one.batch = 1;
      over_variance(one, p, static_cast<const Scalar*>(step.means), step.means);
    }
    if (p.log_variance)  // from here on the variances are new ones
      vector_gradient(pass, network_.log_variance, step.terms, columns.hidden_factors, v, columns.count, sink);
    if (step.means) center_columns(pass, v, h, step.means, step.means + v, columns);
    vector_gradient(pass, network_.visible_bias, step.visible, columns.visible_factors, v, columns.count, sink);
    vector_gradient(pass, network_.hidden_bias, step.hidden, columns.hidden_factors, h, columns.count, sink);
    LinearBlocks blocks;
    blocks.weight = network_.weight;
    weight_backward(pass, p.kernel(), blocks, SampleSizes{v, h}, step.visible, step.hidden, sink);
  }

  const Network& network_;
  const ModelState<Scalar>& state_;
  Buffer<Scalar>* updated_statistics_;
};

}  // namespace eigencoder::detail
