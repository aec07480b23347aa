#pragma once

#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/detail/network/emphasis.hpp>
#include <eigencoder/detail/network/policy_set.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// One training batch on its way through a network, from the data to the gradient:
///
/// data -> augmentation -> corruption -> encoder -> bottleneck -> decoder -> loss + penalties -> backward -> sink
template <class Scalar, class Network>
class TrainingStep {
  using Stack = std::remove_cvref_t<decltype(Network::stack)>;
  using Policies = std::remove_cvref_t<decltype(Network::policies)>;

 public:
  /// Running statistics are changed in `updated` (unless null); each term's sum over the batch is added to `sums`.
  TrainingStep(const Network& network, const Pass<Scalar>& pass, const ParameterView<Scalar>& learned, double* sums)
      : network_(network),
        pass_(pass),
        decoder_pass_(pass),
        learned_(learned),
        sums_(sums),
        extras_(network.policies.requirements(network.stack, pass.batch)) {
    if constexpr (Policies::has_bottleneck) {
      decoder_pass_.draws = extras_.draws;
      decoder_pass_.batch = pass.batch * extras_.draws;
    }
  }

  /// Returns the objective, summed over the samples; the gradient of its mean goes to the sink.
  double operator()(const Batch<Scalar>& batch, GradientSink<Scalar>& sink) {
    prepare_batch(batch);
    forward();
    double objective = compute_loss(sink);
    objective += penalize(sink);
    objective += backward(sink);
    pass_.workspace.level();
    return objective;
  }

 private:
  /// The batch's columns, where they lie or gathered: changed by augmentation, an input and its target alike, then
  /// corrupted, the input alone.
  void prepare_batch(const Batch<Scalar>& batch) {
    const Index n = network_.input.size(), values = n * pass_.batch;
    if (!Policies::augments && !Policies::corrupts && is_whole(batch, n)) {
      input_ = clean_ = batch.input(0);
      target_ = batch.target(0);
      return;
    }
    Scalar* x = pass_.workspace.inputs(values);
    augment([&](Index j) { return batch.input(j); }, x);
    input_ = target_ = clean_ = x;
    if (batch.has_targets()) {
      Scalar* t = pass_.workspace.targets(values);
      augment([&](Index j) { return batch.target(j); }, t);
      target_ = t;
    }
    if constexpr (Policies::corrupts) {
      Scalar* clean = batch.has_targets() ? pass_.workspace.spare(values) : pass_.workspace.targets(values);
      parallel_samples(pass_.batch, n, pass_.team(values * 8), [&](Index j, int) {
        std::copy_n(x + j * n, n, clean + j * n);
        network_.policies.each([&]<std::size_t K>(const auto& policy) {
          if constexpr (Corrupts<std::remove_cvref_t<decltype(policy)>>) {
            Random random = pass_.random(Purpose::corruption, 0, j);
            policy.corrupt(x + j * n, network_.input, random);
          }
        });
      });
      if (!batch.has_targets()) target_ = clean;
      clean_ = clean;
    }
  }

  /// Whether the samples, of n values, lie behind each other in memory, and their targets.
  bool is_whole(const Batch<Scalar>& batch, Index n) const {
    bool whole = batch.inputs.stride() == n && batch.targets.stride() == n;
    for (Index j = 1; whole && j < pass_.batch; ++j) whole = batch.column(j) == batch.column(0) + j;
    return whole;
  }

  template <class From>
  void augment(const From& from, Scalar* to) const {
    const Index n = network_.input.size();
    Scalar* spare = Policies::augments ? pass_.workspace.spare(n * pass_.batch) : nullptr;
    parallel_samples(pass_.batch, n, pass_.team(n * pass_.batch * 8), [&](Index j, int) {
      bool changed = false;
      network_.policies.each([&]<std::size_t K>(const auto& policy) {
        if constexpr (Augments<std::remove_cvref_t<decltype(policy)>>) {
          Random random = pass_.random(Purpose::augmentation, 0, j);
          policy.apply(from(j), to + j * n, spare + j * n, network_.input, random);
          changed = true;
        }
      });
      if (!changed) std::copy_n(from(j), n, to + j * n);
    });
  }

  void forward() {
    const Stack& stack = network_.stack;
    tape_ = stack.tape(pass_, input_, 0, Stack::size, extras_);
    if constexpr (Policies::has_bottleneck) {
      stack.forward(pass_, learned_, tape_, 0, Stack::encoder_depth);
      network_.policies.bottleneck().forward(bottleneck_context());
      stack.forward(decoder_pass_, learned_, tape_, Stack::encoder_depth, Stack::size);
    } else {
      stack.forward(pass_, learned_, tape_, 0, Stack::size);
    }
  }

  /// The loss, and its derivative by the decoder's output.
  double compute_loss(GradientSink<Scalar>& sink) {
    const auto& loss = network_.loss_of(learned_);
    const Index n = network_.input.size(), columns = decoder_pass_.batch;
    const double scale = 1.0 / static_cast<double>(columns);
    const Scalar* output = tape_.output[Stack::size - 1];
    double* losses = pass_.workspace.losses(2 * columns);  // and the weights of several draws
    double sum = 0;
    bool done = false;
    network_.policies.each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (Corrupts<P> && Emphasizes<P> && SeparableLoss<std::remove_cvref_t<decltype(loss)>>)
        if (policy.emphasizes()) {
          done = true;
          sum = sum_losses(decoder_pass_, losses, n, [&](Index c, int thread) {
            const Index at = c / decoder_pass_.draws * n;
            return emphasized_loss(loss, output + c * n, target_ + at, clean_ + at, input_ + at,
                                   tape_.delta[0] + c * n, n, scale, policy.corrupted_weight, policy.intact_weight,
                                   pass_.workspace.scratch(thread).tile);
          });
        }
    });
    if (!done)
      sum = batch_loss(decoder_pass_, loss, output, target_, tape_.delta[0], n, network_.input.channels, scale, losses);
    sum /= static_cast<double>(decoder_pass_.draws);
    double weighted = sum;  // as the draws' weights have it
    double beyond = 0;
    if constexpr (Policies::weighs_draws) {
      const double* weights = bottleneck_context().weights;
      double& told = sums_[Policies::bottleneck_slot];
      const double before = told;
      network_.policies.bottleneck().weigh(bottleneck_context(), losses, sums_ + Policies::bottleneck_slot);
      beyond = told - before;
      weighted = 0;
      for (Index c = 0; c < columns; ++c) weighted += weights[c] * losses[c] / static_cast<double>(decoder_pass_.draws);
      parallel_samples(columns, n, pass_.team(columns * n), [&](Index c, int) {
        for (Index i = c * n; i < (c + 1) * n; ++i) tape_.delta[0][i] *= static_cast<Scalar>(weights[c]);
      });
    }
    if constexpr (Network::learns_loss) {
      const double derivative = network_.loss.derivative(weighted / static_cast<double>(pass_.batch), n,
                                               static_cast<double>(*learned_.block(network_.loss_block)));
      accumulate_gradient(network_.loss_block, Index{0}, Index{1}, &derivative, pass_.workspace.scratch(0).tile, sink);
    }
    return sum + beyond;
  }

  /// The policies that look at what left a layer, or sweep through several. Returns what they add to the
  /// objective, summed over the samples; their gradients wait in the tape, or are in the sink.
  double penalize(GradientSink<Scalar>& sink) {
    const Stack& stack = network_.stack;
    stack.clear_added(pass_, tape_);
    double total = 0;
    network_.policies.each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      double value = 0;
      if constexpr (PenalizesActivations<P>) {
        constexpr std::size_t at = Policies::template place<P>();
        const Index columns = at < Stack::encoder_depth ? pass_.batch : decoder_pass_.batch;
        value += policy.penalize(static_cast<const Scalar*>(tape_.output[at]), tape_.added[at],
                                 stack.layer_info[at].out.values(), columns);
      }
      if constexpr (Sweeps<P>)
        value += policy.sweep(StackContext<Scalar, Stack>{stack, pass_, learned_, tape_, extras_, target_}, sink);
      if constexpr (PenalizesActivations<P> || Sweeps<P>) {
        value *= static_cast<double>(pass_.batch);
        sums_[Policies::template slot<K>()] += value;
        total += value;
      }
    });
    return total;
  }

  /// Returns what the bottleneck adds to the objective, summed over the samples.
  double backward(GradientSink<Scalar>& sink) {
    const Stack& stack = network_.stack;
    if constexpr (Policies::has_bottleneck) {
      Scalar* dlatent = stack.backward(decoder_pass_, learned_, tape_, Stack::encoder_depth, Stack::size, true, sink);
      const double before = network_.policies.in_objective(sums_);
      Scalar* dx = nullptr;
      if constexpr (Stack::encoder_depth > 1) dx = tape_.added[Stack::encoder_depth - 2];
      network_.policies.bottleneck().backward(bottleneck_context(), dlatent, tape_.delta[1], dx,
                                              sums_ + Policies::bottleneck_slot, sink);
      std::swap(tape_.delta[0], tape_.delta[1]);
      stack.backward(pass_, learned_, tape_, 0, Stack::encoder_depth, false, sink);
      return network_.policies.in_objective(sums_) - before;
    } else {
      stack.backward(pass_, learned_, tape_, 0, Stack::size, false, sink);
      return 0;
    }
  }

  auto bottleneck_context() const {
    auto info = network_.bottleneck_context(pass_, learned_, tape_);
    if constexpr (Policies::weighs_draws) info.weights = pass_.workspace.losses(2 * decoder_pass_.batch) + decoder_pass_.batch;
    return info;
  }

  const Network& network_;
  const Pass<Scalar>& pass_;
  Pass<Scalar> decoder_pass_;  ///< the same behind the code: several columns a sample where several codes are drawn
  const ParameterView<Scalar>& learned_;
  double* sums_;
  typename Stack::PassRequirements extras_;
  Tape<Scalar, Stack::size> tape_;
  const Scalar *input_ = nullptr, *target_ = nullptr, *clean_ = nullptr;
};

}  // namespace eigencoder::detail
