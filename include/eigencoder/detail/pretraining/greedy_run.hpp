#pragma once

#include <cstddef>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/pretraining/code_loader.hpp>
#include <eigencoder/detail/pretraining/greedy_options.hpp>
#include <eigencoder/detail/pretraining/segments.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// How a segment is trained; specialized for each `How` of `pretrain`. It has
///
/// - `suits<Stack, D, L, P...>()`: whether it can train a model of these layers, this loss and these policies; if not,
///   it does not compile
/// - `validate(how)`: throws `OptionError` for a hyperparameter outside its range
/// - `build<K, D>(network, how)`: the learner of segment K, with the `fit`, `epochs` and `parameters` of a model
/// - `load<K, D>(network, state, seed, learner)`: gives it the values with which its training begins
/// - `store<K, D>(learner, network, state)`: gives the model what it learned
template <class How>
struct SegmentTrainer;

/// Leaves learner and options as they are; in its place checkpoints may be loaded before segment k is trained, and
/// written.
struct NoCheckpoints {
  template <class Learner, class Options>
  void begin(std::size_t, Learner&, Options&) const {}
  template <class Learner>
  void end(std::size_t, const Learner&) const {}
};

/// One call of `pretrain`: trains the segments of a model one after another, each on the codes of those before it.
template <class Model, class D, class How>
class GreedyRun {
  using Scalar = typename Model::Scalar;
  using Trainer = SegmentTrainer<How>;
  using Network = std::remove_cvref_t<decltype(ModelAccess::network(std::declval<const Model&>()))>;
  using Division = Segments<typename Network::Stack, D>;

 public:
  /// @throws OptionError, CompositionError
  [[gnu::cold]] GreedyRun(Model& model, const How& how)
      : model_(model),
        how_(how),
        state_(ModelAccess::state(model, "pretrained")),
        network_(ModelAccess::network(model)) {
    diagnose_segments<D>(network_.stack).require_ok();
    Trainer::validate(how_);
  }

  /// Trains on the samples of a loader. `checkpoints.begin(k, learner, options)` is called before segment k is trained,
  /// `checkpoints.end(k, learner)` after its training.
  template <class Checkpoints>
  [[gnu::cold]] std::vector<History> run(BatchLoader<Scalar>& loader, const Checkpoints& checkpoints) {
    check_arguments(loader);
    const auto in_training = ModelAccess::training_scope(model_);
    std::vector<History> histories;
    each([&]<std::size_t K>() { histories.push_back(train<K>(loader, checkpoints)); });
    return histories;
  }

 private:
  template <class Visit>
  static void each(const Visit& visit) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit.template operator()<K>(), ...);
    }(std::make_index_sequence<Division::count>());
  }

  const LayerOptions<Scalar>& options_of(std::size_t k) const { return how_.layers[how_.layers.size() == 1 ? 0 : k]; }

  /// @throws OptionError, CompositionError, ShapeError, DataError, before anything changes
  void check_arguments(const BatchLoader<Scalar>& loader) const {
    check_greedy_options(how_.optimizer, how_.layers, Division::count, loader, "pretrain");
    each([&]<std::size_t K>() {
      const auto learner = Trainer::template build<K, D>(network_, how_);
      check_greedy_batch(ModelAccess::network(learner), options_of(K).fit, loader.size());
    });
    for (const LayerOptions<Scalar>& options : how_.layers)
      if (options.fit.has_validation())
        network_.check_layer_input(options.fit.validation.view(), 0, "pretrain: validation");
    if (const auto* all = loader.all())
      network_.validation.check_samples(all->inputs, all->inputs, "pretrain: samples", "pretrain: samples");
    else
      network_.validation.check_samples(loader, "pretrain: samples", "pretrain: samples");
  }

  template <std::size_t K, class Checkpoints>
  History train(BatchLoader<Scalar>& loader, const Checkpoints& checkpoints) {
    constexpr std::size_t depth = Division::list.at[K].encoder.first;
    LayerOptions<Scalar> options = options_of(K);
    options.fit.seed += K;
    auto learner = Trainer::template build<K, D>(network_, how_);
    Trainer::template load<K, D>(network_, state_, options.fit.seed, learner);
    if constexpr (depth > 0)
      if (options.fit.has_validation()) options.fit.validation = codes<depth>(options.fit.validation.view());
    checkpoints.begin(K, learner, options.fit);
    const std::size_t epochs_before = learner.epochs().size();
    const auto store = [&] {
      require_in_place(network_, state_);
      state_.forget();
      Trainer::template store<K, D>(learner, network_, state_);
    };
    try {
      History history = fit<depth>(learner, loader, optimizer_of(how_.optimizer, options), options.fit);
      store();
      checkpoints.end(K, learner);
      return history;
    } catch (...) {
      if (learner.epochs().size() > epochs_before) store();  // a refused checkpoint has epochs too
      throw;
    }
  }

  template <std::size_t Depth, class Learner, class O>
  History fit(Learner& learner, BatchLoader<Scalar>& loader, const O& optimizer, const FitOptions<Scalar>& options) {
    if (const auto* all = loader.all()) {
      const MatrixX<Scalar> computed = codes<Depth>(all->inputs);
      const View<Scalar> samples = Depth == 0 ? all->inputs : View<Scalar>(computed);
      InMemoryLoader<Scalar> in_memory(samples, samples);
      return learner.fit(static_cast<BatchLoader<Scalar>&>(in_memory), optimizer, options);
    }
    if constexpr (Depth == 0) {
      SamplesAlone<Scalar> batches(loader);
      return learner.fit(static_cast<BatchLoader<Scalar>&>(batches), optimizer, options);
    } else {
      LayerCodeLoader<Network, Depth> batches(network_, state_, loader);
      return learner.fit(static_cast<BatchLoader<Scalar>&>(batches), optimizer, options);
    }
  }

  /// What the first `Depth` layers make of samples; empty for none.
  template <std::size_t Depth>
  MatrixX<Scalar> codes(View<Scalar> samples) const {
    if constexpr (Depth == 0) {
      return {};
    } else {
      Workspace<Scalar> workspace;
      return Inference<Network>(network_, state_, workspace).run_all(samples, 0, Depth, false);
    }
  }

  Model& model_;
  const How& how_;
  TrainingState<Scalar>& state_;
  const Network& network_;
};

/// Runs `pretrain`. Does not compile for a model that cannot be pretrained.
template <class D, class E, class L, class... P, class How, class Checkpoints>
std::vector<History> run_greedily(Autoencoder<E, D, L, P...>& model,
                                  BatchLoader<typename ScalarOf<P...>::type>& loader, const How& how,
                                  const Checkpoints& checkpoints) {
  using Model = Autoencoder<E, D, L, P...>;
  using Ability = Pretrainable<Model::legal, E, D, P...>;
  static_assert(StatedBy<Ability>::template satisfies<Rule::is_pretrainable>,
                "eigencoder: a model is pretrained layer by layer if its decoder undoes each layer of the encoder");
  if constexpr (Model::legal && Ability::diagnosis.ok()) {
    using Stack = decltype(assemble<P...>(std::declval<const E&>(), std::declval<const D&>()));
    if constexpr (SegmentTrainer<How>::template suits<Stack, D, L, P...>())
      return GreedyRun<Model, D, How>(model, how).run(loader, checkpoints);
  }
  return {};
}

}  // namespace eigencoder::detail
