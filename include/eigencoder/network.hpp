#pragma once

#include <cmath>
#include <eigencoder/core/gradient_sink.hpp>
#include <eigencoder/core/pack.hpp>
#include <eigencoder/core/policy.hpp>
#include <eigencoder/core/random.hpp>
#include <eigencoder/core/view.hpp>
#include <eigencoder/data/check.hpp>
#include <eigencoder/evaluation/evaluation.hpp>
#include <eigencoder/stack/tape.hpp>
#include <eigencoder/losses/sweep.hpp>
#include <eigencoder/optimizers/clipping.hpp>
#include <eigencoder/penalties/concepts.hpp>
#include <eigencoder/training/history.hpp>
#include <eigencoder/training/state.hpp>
#include <limits>
#include <span>
#include <vector>

namespace eigencoder {

/// A policy that changes training samples on their way in, such as `Augmented`: `apply(from, to, spare, shape, random)`
/// writes the changed sample of `shape` from `from` to `to`, which do not overlap, and may use `spare`, which is as
/// long. `random` is keyed by step and sample: the same draws for an input and its target. Of two such policies in a
/// model the last one counts.
template <class P>
concept Augments = Policy<P> && requires(const P& policy, float* values, Shape shape, Random& random) {
  policy.apply(values, values, values, shape, random);
};

}  // namespace eigencoder

namespace eigencoder::detail {

/// The pipeline of a legal composition, without learned values: those are handed in, so everything here is const.
///
/// data -> augmentation -> encoder -> decoder -> loss + penalties -> backward -> sink (the optimizer)
template <class Scalar, class Layers, class LossType, class... Policies>
class Network {
 public:
  static constexpr std::size_t layer_count = Layers::size;
  using Samples = View<Scalar>;
  using Values = Resumable<Scalar>;

  Layers stack;
  Shape input;
  LossType loss;
  Pack<Policies...> policies;
  ParameterLayout layout{static_cast<Index>(alignment / sizeof(Scalar))};

  /// The stack's shapes are resolved. Throws where a size is missing or a hyperparameter out of range.
  [[gnu::cold]] void build() {
    loss.validate();
    each_policy([](const auto& policy) { policy.validate(); });
    stack.validate();
    stack.declare(layout);
  }

  [[gnu::cold]] void initialize(Values& values, std::uint64_t seed) const {
    values.parameters.require(layout.parameters());  // in place, if there are values already
    values.statistics.require(layout.statistics());
    stack.initialize(layout, seed, values.parameters.data());
    for (const auto& block : layout.statistics_blocks())
      std::fill_n(values.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
  }

  /// Throws unless this network can learn or judge these pairs of inputs and targets; the names say whose they are.
  [[gnu::cold]] void check(Samples inputs, Samples targets, const char* inputs_name, const char* targets_name) const {
    check_rows(inputs, input.size(), inputs_name);
    if (static_cast<std::uint64_t>(inputs.cols()) > std::numeric_limits<std::uint32_t>::max())
      throw DataError(message({inputs_name, ": ", inputs.cols(), " samples, the most are 4294967295"}));
    check_finite(inputs, inputs_name);
    if (targets != inputs) {
      check_rows(targets, input.size(), targets_name);
      check_finite(targets, targets_name);
      if (targets.cols() != inputs.cols())
        throw ShapeError(message({targets_name, ": ", targets.cols(), " for ", inputs.cols(), " inputs"}));
    }
    check_range(targets, loss, input.channels, targets_name);
  }

  /// Throws unless these samples can enter layer `first`.
  void check(Samples samples, std::size_t first, const char* name) const {
    check_rows(samples, stack.stages[first].in.size(), name);
    check_finite(samples, name);
  }

  /// Throws where a layer would see a single value of each feature in a training batch of so many samples.
  void check_batch(Index batch) const {
    if (batch == 1 && stack.needs_two_samples())
      throw DataError("eigencoder: BatchNorm needs at least two samples in a batch that it learns from, got one");
  }

  /// One training batch: the columns `pass.samples` of the data, forward and backward. Returns the sum of the
  /// losses; the gradient of their mean goes to the sink, running statistics to `updated` (unless null).
  double learn(const Pass<Scalar>& pass, const Values& values, Samples inputs, Samples targets, Scalar* updated,
               GradientSink<Scalar>& sink) const {
    check_batch(pass.batch);
    Scalar* x = pass.workspace.inputs(inputs.rows() * pass.batch);
    augment(pass, inputs, x);
    Scalar* t = x;
    if (targets != inputs) {
      t = pass.workspace.targets(targets.rows() * pass.batch);
      augment(pass, targets, t);
    }
    const Learned<Scalar> learned{layout, values.parameters.data(), values.statistics.data(), updated};
    auto tape = stack.tape(pass, x, 0, layer_count);
    stack.forward(pass, learned, tape, 0, layer_count);
    const double sum = batch_loss(pass, loss, tape.output[layer_count - 1], t, tape.delta[0], input.size(),
                                  input.channels, 1.0 / static_cast<double>(pass.batch));
    stack.backward(pass, learned, tape, 0, layer_count, false, sink);
    pass.workspace.level();
    return sum;
  }

  /// Layers first, ..., last - 1 in inference on `batch` contiguous columns; the result lies in the workspace.
  Scalar* infer(Workspace<Scalar>& workspace, const Values& values, const Scalar* x, Index batch, std::size_t first,
                std::size_t last) const {
    const Pass<Scalar> pass{workspace, batch};
    const Learned<Scalar> learned{layout, values.parameters.data(), values.statistics.data()};
    const auto tape = stack.tape(pass, x, first, last);
    stack.forward(pass, learned, tape, first, last);
    workspace.level();
    return tape.output[last - 1];
  }

  /// The loss's mean of `batch` outputs, in place.
  void mean(Scalar* outputs, Index batch) const {
    for (Index j = 0; j < batch; ++j) loss.mean(outputs + j * input.size(), input.size(), input.channels);
  }

  /// The same on samples that passed `check`, stored in any way; with `as_mean` the loss's mean follows the last layer.
  Samples transform(Workspace<Scalar>& workspace, const Values& values, Samples samples, std::size_t first,
                    std::size_t last, bool as_mean) const {
    const Scalar* x = samples.data();
    if (samples.stride() != samples.rows() || workspace.holds(x)) {
      Scalar* packed = workspace.inputs(samples.rows() * samples.cols());
      for (Index j = 0; j < samples.cols(); ++j)
        std::copy_n(samples.column(j), samples.rows(), packed + j * samples.rows());
      x = packed;
    }
    Scalar* y = infer(workspace, values, x, samples.cols(), first, last);
    if (last == layer_count && as_mean) mean(y, samples.cols());
    return {y, stack.stages[last - 1].out.size(), samples.cols()};
  }

  /// Loss and squared error over some columns of the data, in inference.
  [[gnu::cold]] Evaluation assess(Workspace<Scalar>& workspace, const Values& values, Samples inputs, Samples targets,
                                  std::span<const std::uint32_t> places) const {
    const Index n = input.size();
    double loss_sum = 0, square_sum = 0;
    for (std::size_t first = 0; first < places.size(); first += inference_batch) {
      const auto some = places.subspan(first, std::min<std::size_t>(inference_batch, places.size() - first));
      const Pass<Scalar> pass{workspace, static_cast<Index>(some.size())};
      Scalar* x = workspace.inputs(n * pass.batch);
      Scalar* t = workspace.targets(n * pass.batch);
      for (Index j = 0; j < pass.batch; ++j) {
        std::copy_n(inputs.column(some[static_cast<std::size_t>(j)]), n, x + j * n);
        std::copy_n(targets.column(some[static_cast<std::size_t>(j)]), n, t + j * n);
      }
      Scalar* y = infer(workspace, values, x, pass.batch, 0, layer_count);
      loss_sum += batch_loss<Scalar>(pass, loss, y, t, nullptr, n, input.channels, 1);
      mean(y, pass.batch);
      for (Index i = 0; i < n * pass.batch; ++i) y[i] -= t[i];
      square_sum += squared_norm(y, n * pass.batch);
    }
    const auto count = static_cast<double>(places.size());
    const double mse = square_sum / count / static_cast<double>(n);
    return {static_cast<Index>(places.size()), loss_sum / count, mse, -10 * std::log10(mse)};
  }

  /// The lambda of weight decay for each parameter block.
  [[gnu::cold]] std::vector<double> decay() const {
    std::vector<double> factors;
    for (const auto& block : layout.blocks()) {
      factors.push_back(0);
      each_policy([&](const auto& policy) {
        if constexpr (Decays<std::remove_cvref_t<decltype(policy)>>) factors.back() += policy.decay(block);
      });
    }
    return factors;
  }

  /// The penalties' values: lambda / 2 times the squared weights, for each policy that decays them.
  [[gnu::cold]] std::vector<Term> terms(const Values& values) const {
    std::vector<Term> found;
    each_policy([&](const auto& policy) {
      if constexpr (Decays<std::remove_cvref_t<decltype(policy)>>) {
        double sum = 0;
        for (const auto& block : layout.blocks())
          if (const double lambda = policy.decay(block); lambda != 0)
            sum += lambda / 2 * squared_norm(values.parameters.data() + block.offset, block.size());
        found.push_back({policy.kind, sum});
      }
    });
    return found;
  }

  /// Samples that pass through the network at a time in inference.
  static constexpr Index inference_batch = 256;

 private:
  template <class Visit>
  void each_policy(const Visit& visit) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit(get<I>(policies)), ...);
    }(std::index_sequence_for<Policies...>());
  }

  /// Gathers the batch's columns, changed by the augmentation policy if there is one. Draws are keyed by the step
  /// and the sample alone: inputs and targets of a sample change alike.
  void augment(const Pass<Scalar>& pass, Samples from, Scalar* to) const {
    const Index n = from.rows();
    constexpr bool augments = (Augments<Policies> || ...);
    Scalar* spare = augments ? pass.workspace.spare(n * pass.batch) : nullptr;
    parallel_for(pass.batch, pass.team(n * pass.batch * 8), [&](Index j, int) {
      const std::uint32_t sample = pass.samples[j];
      bool changed = false;
      each_policy([&](const auto& policy) {
        if constexpr (Augments<std::remove_cvref_t<decltype(policy)>>) {
          Random random(pass.seed, Purpose::augmentation, 0, pass.step, sample);
          policy.apply(from.column(sample), to + j * n, spare + j * n, input, random);
          changed = true;
        }
      });
      if (!changed) std::copy_n(from.column(sample), n, to + j * n);
    });
  }
};

}  // namespace eigencoder::detail
