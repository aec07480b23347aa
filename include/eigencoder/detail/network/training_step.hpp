#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/network.hpp>
#include <eigencoder/detail/network/prepare_batch.hpp>
#include <eigencoder/detail/training/loop_interfaces.hpp>
#include <eigencoder/extend/pass.hpp>

namespace eigencoder::detail {

/// One training step: a batch goes through the network, and its gradient into a sink that may update the parameters.
///
///     data -> augmentation -> corruption -> encoder -> bottleneck -> decoder -> loss -> penalties -> gradient -> sink
///             \---- prepare_batch ----/    \---------- forward ---------/  compute_loss  add_penalties  \- backward -/
template <class Network>
class TrainingStep final : public Trainable<typename Network::Scalar> {
  using Scalar = typename Network::Scalar;
  using Stack = typename Network::Stack;
  using Policies = typename Network::Policies;
  static constexpr std::size_t encoder_depth = Network::encoder_depth;

 public:
  /// Running statistics are updated in `updated_statistics`, unless null.
  TrainingStep(const Network& network, const ModelState<Scalar>& state, Buffer<Scalar>* updated_statistics)
      : network_(network), state_(state), updated_statistics_(updated_statistics) {}

  double run(const Pass<Scalar>& pass, const Batch<Scalar>& batch, SampleWeighting weighting, double* sums,
             GradientSink<Scalar>& sink) const override {
    network_.check_batch(pass.batch);
    const ParameterView<Scalar> parameters =
        network_.view(state_, updated_statistics_ ? updated_statistics_->data() : nullptr);
    StepData step = begin_step(pass, parameters, weighting, sums, sink);
    step.batch = prepare_batch(network_, pass, batch);
    forward(step);
    double objective = compute_loss(step);
    objective += add_penalties(step);
    objective += backward(step);
    pass.workspace.equalize_scratch();
    return objective;
  }

  const ParameterLayout& layout() const override { return network_.layout; }
  std::vector<double> decay() const override { return network_.policies.decay(network_.layout); }
  std::vector<bool> early_blocks() const override { return network_.early_blocks(); }
  bool shares_weights() const override { return network_.stack.shares_weights(); }
  bool couples_batch() const override { return Network::couples_batch(); }
  std::size_t term_count() const override { return network_.term_count(); }
  std::vector<Term> terms(const double* sums, Index seen) const override { return network_.terms(state_, sums, seen); }

  void check_batch(Index batch) const override { network_.check_batch(batch); }
  void check_samples(const BatchLoader<Scalar>& loader, const char* inputs, const char* targets) const override {
    network_.validation.check_samples(loader, inputs, targets);
  }
  void check_columns(const BatchLoader<Scalar>& loader, const char* inputs, const char* targets) const override {
    network_.validation.check_columns(loader, inputs, targets);
  }
  void check_fetched(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                     std::span<const std::uint32_t> indices) const override {
    network_.validation.check_fetched(loader, batch, indices);
  }
  double validate(Workspace<Scalar>& workspace, BatchLoader<Scalar>& loader,
                  std::span<const std::uint32_t> indices) const override {
    return Inference<Network>(network_, state_, workspace).evaluate(loader, indices).objective();
  }

 private:
  /// What one step works on.
  struct StepData {
    const Pass<Scalar>& pass;
    Pass<Scalar> decoder_pass;  ///< several columns for each sample where several codes are drawn
    const ParameterView<Scalar>& parameters;
    double* sums;  ///< of each term
    GradientSink<Scalar>& sink;
    typename Stack::PassRequirements requirements;
    PreparedBatch<Scalar> batch{};
    Tape<Scalar, Stack::size> tape{};
    double* losses = nullptr;        ///< of each column of the decoder
    double* draw_weights = nullptr;  ///< of each column, of a bottleneck that weighs draws
    double* weights = nullptr;       ///< of each sample's loss; null: all count alike
    double trim = 0;                 ///< the fraction of the samples that is to have the weight 0
    LossTerms loss_terms{};          ///< of each column, of a loss that reports some
  };

  StepData begin_step(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters, SampleWeighting weighting,
                      double* sums, GradientSink<Scalar>& sink) const {
    StepData step{pass, pass, parameters, sums, sink, network_.policies.requirements(network_.stack, pass.batch)};
    if constexpr (Policies::has_bottleneck) {
      step.decoder_pass.draws = step.requirements.draws;
      step.decoder_pass.batch = pass.batch * step.requirements.draws;
    }
    const Index columns = step.decoder_pass.batch;
    const auto terms = static_cast<Index>(network_.loss_terms.size());
    step.losses = pass.workspace.losses((2 + terms) * columns + 2 * pass.batch);
    step.draw_weights = step.losses + columns;
    if (terms > 0) step.loss_terms = {step.draw_weights + columns + 2 * pass.batch, terms};
    if (weighting.applies()) {
      step.weights = step.draw_weights + columns;
      step.trim = weighting.trim;
      for (Index j = 0; j < pass.batch; ++j) step.weights[j] = weighting.of(pass.indices[j]);
    }
    return step;
  }

  /// Runs all layers, and the bottleneck between encoder and decoder.
  void forward(StepData& step) const {
    const Stack& stack = network_.stack;
    step.tape = stack.tape(step.pass, step.batch.input, 0, Stack::size, step.requirements);
    if constexpr (Policies::has_bottleneck) {
      stack.forward(step.pass, step.parameters, step.tape, 0, encoder_depth);
      network_.policies.bottleneck().forward(bottleneck_context(step));
      stack.forward(step.decoder_pass, step.parameters, step.tape, encoder_depth, Stack::size);
    } else {
      stack.forward(step.pass, step.parameters, step.tape, 0, Stack::size);
    }
  }

  /// Returns the sum over the samples of the mean loss of their draws, times their weights, plus the bottleneck's term
  /// for the weights of draws. Writes the gradient by the decoder's output to the tape.
  double compute_loss(StepData& step) const {
    double sum = loss_of_columns(step, network_.loss_at(step.parameters));
    if (step.weights)
      sum = weigh_losses(step.decoder_pass, step.trim, step.weights, step.losses, step.tape.delta[0],
                         network_.target.size());
    sum /= static_cast<double>(step.decoder_pass.draws);
    if constexpr (ReportsTerms<typename Network::Loss>)
      add_loss_terms(step.loss_terms, step.decoder_pass.batch, step.decoder_pass.draws, step.weights,
                     step.sums + Policies::term_count);
    if constexpr (Policies::weighs_draws) sum += weigh_draws(step);
    if constexpr (Network::learns_loss) learn_loss(step);
    return sum;
  }

  /// Computes the loss of each column, not yet weighted, and returns their sum. Writes the gradient of their weighted
  /// mean to `tape.delta[0]`.
  template <class L>
  double loss_of_columns(StepData& step, const L& loss) const {
    const Pass<Scalar>& pass = step.decoder_pass;
    const Index n = network_.target.size();
    const Scalar* output = step.tape.output[Stack::size - 1];
    Scalar* gradient = step.tape.delta[0];
    const double scale = 1.0 / static_cast<double>(pass.batch);
    if constexpr (Policies::emphasizes && SeparableLoss<L>) {
      const auto& policy = network_.policies.emphasis();
      const PreparedBatch<Scalar>& batch = step.batch;
      if (policy.emphasizes())
        return sum_losses(pass, step.losses, n, [&](Index c, int thread) {
          const Index sample = c / pass.draws, at = sample * n;
          const double weight = step.weights ? step.weights[sample] : 1;
          if (weight == 0) return uncounted_loss(gradient + c * n, n);
          return emphasized_loss<Policies::allows_missing>(
              loss, output + c * n, batch.target + at, batch.clean + at, batch.corrupted + at, gradient + c * n, n,
              weight * scale, policy.corrupted_weight, policy.intact_weight, pass.workspace.scratch(thread).tile);
        });
    }
    return batch_loss<Policies::allows_missing>(pass, loss, output, step.batch.target, gradient, n,
                                                network_.target.channels, scale, step.losses, step.weights,
                                                step.loss_terms);
  }

  /// Weights the draws' gradients by the bottleneck's `draw_weights`, which it sets by the losses. Returns the
  /// bottleneck's term of the objective.
  double weigh_draws(StepData& step) const {
    const auto context = bottleneck_context(step);
    const double added = network_.policies.add_bottleneck_terms(step.sums, [&](double* own) {
      network_.policies.bottleneck().weigh_draws(context, static_cast<const double*>(step.losses), own);
    });
    const Index n = network_.target.size();
    Scalar* gradient = step.tape.delta[0];
    parallel_columns(step.decoder_pass, n, 1, [&](Index c) {
      for (Index i = c * n; i < (c + 1) * n; ++i) gradient[i] *= static_cast<Scalar>(context.draw_weights[c]);
    });
    return added;
  }

  /// Hands the derivatives of the mean loss by the loss's own parameters to the sink. Groups of columns are summed in
  /// parallel and their sums in order, so that the bits do not depend on the number of threads.
  void learn_loss(StepData& step) const {
    if (network_.loss_block < 0) return;
    constexpr Index group = 16;  // columns
    const Pass<Scalar>& pass = step.decoder_pass;
    const Index n = network_.target.size(), count = network_.layout.block(network_.loss_block).size();
    const Index groups = (pass.batch + group - 1) / group;
    const Scalar *output = step.tape.output[Stack::size - 1], *learned = step.parameters.block(network_.loss_block);
    double* const sums = pass.workspace.partial_sums(groups * count);
    parallel_tiles(pass.batch, group, pass.team(n * pass.batch * 8), [&](Index first, Index columns, int) {
      double* const own = sums + first / group * count;
      std::fill_n(own, count, 0.0);
      for (Index c = first; c < first + columns; ++c) {
        const Index sample = c / pass.draws;
        double weight = 1.0 / static_cast<double>(pass.batch);
        if (step.weights) weight *= step.weights[sample];
        if constexpr (Policies::weighs_draws) weight *= step.draw_weights[c];
        if (weight != 0)
          network_.loss.add_derivatives(output + c * n, step.batch.target + sample * n, learned, n, weight, own);
      }
    });
    for (Index i = count; i < groups * count; ++i) sums[i % count] += sums[i];
    accumulate_gradient(network_.loss_block, Index{0}, count, sums, step.pass.workspace.scratch(0).tile, step.sink);
  }

  /// Returns the penalties on layers' outputs and on the whole stack, summed over the samples. Gradients by outputs go
  /// to `tape.extra_gradients`, gradients by parameters to the sink.
  double add_penalties(StepData& step) const {
    const Stack& stack = network_.stack;
    stack.clear_extra_gradients(step.pass, step.tape);
    double total = 0;
    network_.policies.each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      double value = 0;
      if constexpr (PenalizesActivations<P>) {
        constexpr std::size_t layer = Policies::template layer_of<P>();
        const Index columns = layer < encoder_depth ? step.pass.batch : step.decoder_pass.batch;
        value += policy.penalize(static_cast<const Scalar*>(step.tape.output[layer]), step.tape.extra_gradients[layer],
                                 stack.layer_info[layer].out.values(), columns);
      }
      if constexpr (PenalizesStack<P>)
        value += policy.penalize_stack(
            StackContext<Scalar, Stack>{stack, step.pass, step.parameters, step.tape, step.requirements,
                                        step.batch.target},
            step.sink);
      if constexpr (PenalizesActivations<P> || PenalizesStack<P>) {
        value *= static_cast<double>(step.pass.batch);
        step.sums[Policies::template slot<K>()] += value;
        total += value;
      }
    });
    return total;
  }

  /// Propagates the gradient back to the first layer that learns. Returns the bottleneck's terms of the objective,
  /// summed over the samples.
  double backward(StepData& step) const {
    const Stack& stack = network_.stack;
    const std::size_t first = Policies::freezes ? network_.first_learning : 0;
    double added = 0;
    if constexpr (Policies::has_bottleneck) {
      const bool reaches_code = first < encoder_depth;
      stack.backward(step.decoder_pass, step.parameters, step.tape, (std::max)(first, encoder_depth), Stack::size,
                     reaches_code, step.sink);
      Scalar* dlatent = step.tape.delta[0];
      if (Policies::freezes && !reaches_code)  // the bottleneck has terms, but nothing learns from its gradient
        std::fill_n(dlatent, network_.code_size() * step.decoder_pass.batch, Scalar(0));
      Scalar* dx = nullptr;
      if constexpr (encoder_depth > 1) dx = step.tape.extra_gradients[encoder_depth - 2];
      added = network_.policies.add_bottleneck_terms(step.sums, [&](double* own) {
        network_.policies.bottleneck().backward(bottleneck_context(step), dlatent, step.tape.delta[1], dx, own,
                                                step.sink);
      });
      std::swap(step.tape.delta[0], step.tape.delta[1]);
      stack.backward(step.pass, step.parameters, step.tape, first, encoder_depth, false, step.sink);
    } else {
      stack.backward(step.pass, step.parameters, step.tape, first, Stack::size, false, step.sink);
    }
    return added;
  }

  auto bottleneck_context(const StepData& step) const {
    auto context = network_.bottleneck_context(step.pass, step.parameters, step.tape);
    if constexpr (Policies::weighs_draws) context.draw_weights = step.draw_weights;
    return context;
  }

  const Network& network_;
  const ModelState<Scalar>& state_;
  Buffer<Scalar>* updated_statistics_;
};

}  // namespace eigencoder::detail
