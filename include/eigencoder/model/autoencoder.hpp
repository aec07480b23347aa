#pragma once

#include <eigencoder/detail/compose/construction.hpp>
#include <eigencoder/detail/compose/fit_arguments.hpp>
#include <eigencoder/detail/compose/summary.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/network/train.hpp>
#include <eigencoder/model/generation.hpp>
#include <type_traits>

namespace eigencoder {

/// An encoder, a decoder and a loss, trained together; policies say what else happens.
///
///     Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli> model;
///     Autoencoder model{Encoder{Input{n}, Dense{32}, Relu{}}, Mirror{}, SquaredError{}, WeightDecay<>{}};
///
/// Samples are columns, values x samples. An illegal composition does not compile, and the error holds its
/// sentence; where sizes are values, the constructor throws `CompositionError` with the same. Every function throws
/// `ShapeError` for samples of the wrong size and `DataError` for an empty set, NaN or infinity, before it changes
/// anything, and `OptionError` for a model that was moved from (but for the spans and `epochs()`, then empty). A `const`
/// model may be used by any number of threads at once.
template <class EncoderType, class DecoderType, class LossType, class... Policies>
class Autoencoder
    : public detail::Generation<
          Autoencoder<EncoderType, DecoderType, LossType, Policies...>, typename detail::ScalarOf<Policies...>::type,
          detail::Generates<detail::diagnose_types<EncoderType, DecoderType, LossType, Policies...>().ok(), LossType,
                            Policies...>>,
      public detail::WrongFit<typename detail::ScalarOf<Policies...>::type> {
  template <class, class, class>
  friend class detail::Generation;
  friend struct detail::ModelAccess;

 public:
  using Scalar = typename detail::ScalarOf<Policies...>::type;
  using Matrix = MatrixX<Scalar>;
  using Samples = View<Scalar>;
  using Options = FitOptions<Scalar>;

  /// What is wrong with the composition as far as types tell.
  static constexpr Diagnosis diagnosis = detail::diagnose_types<EncoderType, DecoderType, LossType, Policies...>();
  static constexpr bool legal = diagnosis.ok();

 private:
  using Stated = detail::StatedBy<Autoencoder>;
  static_assert(Stated::template satisfies<Rule::parts>,
                "eigencoder: an autoencoder is an Encoder, a Decoder and a loss, in this order");
  static_assert(Stated::template satisfies<Rule::input_first>,
                "eigencoder: an encoder begins with Input<N> or Image<H, W, C>");
  static_assert(Stated::template satisfies<Rule::is_layer>,
                "eigencoder: an encoder and a decoder are made of layers, at least one each");
  static_assert(Stated::template satisfies<Rule::constant_default>,
                "eigencoder: every part of a model has a constexpr default");
  static_assert(Stated::template satisfies<Rule::positive_size>,
                "eigencoder: a model is built from known, positive sizes");
  static_assert(Stated::template satisfies<Rule::layer_takes_input>,
                "eigencoder: a layer must be able to take what the one before it gives");
  static_assert(Stated::template satisfies<Rule::link_reads_earlier>,
                "eigencoder: a skip connection or an unpooling reads a layer before it");
  static_assert(Stated::template satisfies<Rule::has_mirror>,
                "eigencoder: Mirror stands first in a decoder and reflects the encoder's linear layers");
  static_assert(Stated::template satisfies<Rule::decoder_returns_input>,
                "eigencoder: the decoder must return the input's shape");
  static_assert(Stated::template satisfies<Rule::loss_applies_link>,
                "eigencoder: a loss on logits applies the sigmoid or softmax itself");
  static_assert(Stated::template satisfies<Rule::is_policy>, "eigencoder: only policies follow the loss");
  static_assert(Stated::template satisfies<Rule::policy_acts>,
                "eigencoder: a policy has the members of what it does");
  static_assert(Stated::template satisfies<Rule::policy_once>,
                "eigencoder: a policy stands at most once at a place");
  static_assert(Stated::template satisfies<Rule::policy_applies>, "eigencoder: a policy must suit the model");

  using Layers = decltype(detail::assemble(std::declval<const EncoderType&>(), std::declval<const DecoderType&>()));
  /// Stands in for the network of an illegal composition, so that the compiler complains of nothing else.
  struct Nothing {
    Shape input;
    ParameterLayout layout{1};
  };
  using Network = std::conditional_t<legal, detail::Network<Scalar, Layers, LossType, Policies...>, Nothing>;
  static constexpr bool sizes_in_types = detail::sizes_in_types<legal, EncoderType, DecoderType>();
  static constexpr std::size_t encoder_depth = detail::Parts<EncoderType>::layers;
  static constexpr std::size_t end = Layers::size;

 public:
  /// Builds the model from its parts by value, in any order, each once at most; the others are as default. Weights are
  /// drawn with seed 0, see `initialize`. Throws `CompositionError`, and `OptionError` for a bad hyperparameter.
  template <class... Given>
  [[gnu::cold]] explicit Autoencoder(const Given&... given) {
    (detail::require_member<Given, legal && detail::again<Given, Given...>, EncoderType, DecoderType, LossType,
                            Policies...>(), ...);
    if constexpr (legal) {
      const auto encoder = detail::pick<EncoderType>(given...);
      const auto decoder = detail::pick<DecoderType>(given...);
      network_.stack = detail::assemble(encoder, decoder);
      network_.input = encoder.input.shape();
      network_.loss = detail::pick<LossType>(given...);
      network_.policies.pack = Pack<Policies...>(detail::pick<Policies>(given...)...);
      if constexpr (!sizes_in_types)
        detail::require_legal(encoder, decoder, network_.stack, network_.loss, network_.policies.pack);
      network_.build();
      initialize(0);
    }
  }

  Autoencoder(const Autoencoder&) = default;
  Autoencoder(Autoencoder&&) = default;
  Autoencoder& operator=(Autoencoder&&) = default;
  /// Where there is no memory for the copy, the model stays as it was.
  Autoencoder& operator=(const Autoencoder& other) { return *this = Autoencoder(other); }

  /// Draws all weights anew from `seed` and forgets all training. Not for an observer: throws `OptionError`.
  [[gnu::cold]] void initialize(std::uint64_t seed) {
    if constexpr (legal) {
      guard_.refuse_in_training("initialized");
      guard_.require_values();
      state_.forget();
      network_.initialize(state_, seed);
    }
  }

  /// Trains the model to reconstruct the samples. A further call with the same optimizer type (and arrays, see
  /// `Optimizer`) goes on where the last one stopped, with its state, step count and random streams. Throws
  /// `OptionError`; `DataError` also for values outside the loss's range; `DivergenceError` and `ObserverError`, which
  /// leave the model, optimizer state and running statistics included, at its last completed epoch.
  template <Optimizer O>
  History fit(Samples samples, const O& optimizer, const Options& options = {}) {
    return fit(samples, samples, optimizer, options);
  }

  /// Trains the model to turn each input into the target in the same column.
  template <Optimizer O>
  History fit(Samples inputs, Samples targets, const O& optimizer, const Options& options = {}) {
    detail::InMemoryLoader<Scalar> loader(inputs, targets);
    return fit(loader, optimizer, options);
  }
  /// Trains from elsewhere than memory, see `Stream`. Samples are checked when they come: `DataError` then leaves the
  /// model at its last completed epoch.
  template <BatchLoaderOf<Scalar> F, Optimizer O>
  History fit(F&& loader, const O& optimizer, const Options& options = {}) {
    optimizer.validate();
    return train(loader, detail::OptimizerOf<Scalar, O>(optimizer), options);
  }
  using detail::WrongFit<typename detail::ScalarOf<Policies...>::type>::fit;

  /// The code of each sample: code size x samples.
  Matrix encode(Samples samples) const { return run(samples, 0, encoder_depth, "encode"); }
  /// The loss's mean for each code, such as the sigmoid of logits: values x samples. Does not compile where the decoder
  /// reads layers of the encoder (skip connections, unpooling); nor does such a model instantiated explicitly.
  Matrix decode(Samples codes) const { return require_own_decoder(), run(codes, encoder_depth, end, "decode"); }
  /// `decode(encode(samples))`.
  Matrix reconstruct(Samples samples) const { return run(samples, 0, end, "reconstruct"); }
  /// The same of samples that are read as they are wanted, see `Stream`; the result lies in memory.
  template <BatchLoaderOf<Scalar> F>
  Matrix encode(F&& loader) const { return run_feed(loader, encoder_depth, "encode"); }
  template <BatchLoaderOf<Scalar> F>
  Matrix reconstruct(F&& loader) const { return run_feed(loader, end, "reconstruct"); }
  /// What leaves one layer, counted from the encoder's first: a representation for each layer of a deep model. The last
  /// layer's is what the loss sees (logits), not its mean. Throws `OptionError` for a layer that is not there.
  Matrix activation(Samples samples, Index layer) const {
    if (layer < 0 || layer >= layer_count())
      throw OptionError(detail::message({"activation: no layer ", layer, ", the last is ", layer_count() - 1}));
    return run(samples, 0, static_cast<std::size_t>(layer) + 1, "activation", false);
  }

  /// The same three without allocating, once the workspace has served as large a batch; one workspace a thread.
  /// The result lies in the workspace, until its next use.
  Samples encode(Samples samples, Workspace<Scalar>& workspace) const {
    return run_in(workspace, samples, 0, encoder_depth, "encode");
  }
  Samples decode(Samples codes, Workspace<Scalar>& workspace) const {
    return require_own_decoder(), run_in(workspace, codes, encoder_depth, end, "decode");
  }
  Samples reconstruct(Samples samples, Workspace<Scalar>& workspace) const {
    return run_in(workspace, samples, 0, end, "reconstruct");
  }

  /// How well the model reconstructs the samples, or turns inputs into targets, in inference.
  Evaluation evaluate(Samples samples) const { return evaluate(samples, samples); }
  Evaluation evaluate(Samples inputs, Samples targets) const {
    return evaluate(detail::InMemoryLoader<Scalar>(inputs, targets));
  }
  template <BatchLoaderOf<Scalar> F>
  Evaluation evaluate(F&& loader) const { return evaluate_feed(loader); }

  /// The objective of training on one batch (mean loss and penalties) and its gradient, laid out as `parameters()`.
  /// Layers that draw at random do so by `seed` and `step`. The model stays as it is.
  double gradient(Samples inputs, Samples targets, std::span<Scalar> gradients, std::uint64_t seed = 0,
                  std::uint64_t step = 0) const {
    if constexpr (legal) {
      network().check_samples(inputs, targets, "gradient: inputs", "gradient: targets");
      return detail::gradient(network_, state_, inputs, targets, gradients, seed, step);
    } else {
      return 0;
    }
  }

  /// All learned values in one array, each block aligned to 64 bytes; `layout()` tells what lies where.
  std::span<Scalar> parameters() { return state_.parameters.span(); }
  std::span<const Scalar> parameters() const { return state_.parameters.span(); }
  /// The running statistics likewise.
  std::span<Scalar> statistics() { return state_.statistics.span(); }
  std::span<const Scalar> statistics() const { return state_.statistics.span(); }
  const ParameterLayout& layout() const { return network().layout; }
  /// The number of learned values, padding not counted.
  Index parameter_count() const { return layout().parameter_count(); }

  Shape input_shape() const { return network().input; }
  Index code_size() const {
    if constexpr (legal) return network().stack.layer_info[encoder_depth - 1].out.values();
    else return 0;
  }
  static constexpr Index layer_count() { return static_cast<Index>(end); }
  const LossType& loss() const {
    if constexpr (legal) return network().loss;
    else throw CompositionError(diagnosis.sentence());
  }
  /// The reports of all epochs since the weights were drawn.
  const std::vector<EpochReport>& epochs() const { return state_.epochs; }

  /// A table of the layers, their output shapes and parameters.
  [[nodiscard, gnu::cold]] std::string summary() const {
    if constexpr (legal) {
      const auto rows = detail::summary_rows(network().stack, network_.layout);
      return detail::summary_table(network_.input.text(), rows, encoder_depth, LossType::name, parameter_count());
    } else {
      return {};
    }
  }

 private:
  [[gnu::cold]] History train(BatchLoader<Scalar>& loader, const detail::AnyOptimizer<Scalar>& optimizer,
                              const Options& options) {
    if constexpr (legal) {
      const detail::ModelGuard::Scope scope(guard_);
      return detail::train(network(), state_, loader, optimizer, options);
    } else {
      return {};
    }
  }

  /// Does not compile where a bare code is not all that the decoder reads.
  static constexpr void require_own_decoder() {
    static_assert(detail::StatedBy<detail::Decodes<legal, Layers>>::template satisfies<Rule::decodes_alone>,
                  "eigencoder: a decoder that reads layers of the encoder cannot decode a bare code");
  }

  Samples run_in(Workspace<Scalar>& workspace, Samples samples, std::size_t first, std::size_t last,
                 const char* what) const {
    if constexpr (legal) {
      network().check_samples(samples, first, what);
      return network_.transform(workspace, state_, samples, first, last, true);
    } else {
      return {};
    }
  }

  [[gnu::cold]] Matrix run(Samples samples, std::size_t first, std::size_t last, const char* what,
                           bool as_mean = true) const {
    if constexpr (legal) {
      network().check_samples(samples, first, what);
      return detail::infer_all<Scalar>(network_, state_, samples, first, last, as_mean);
    } else {
      return {};
    }
  }

  [[gnu::cold]] Matrix run_feed(BatchLoader<Scalar>& loader, std::size_t last, const char* what) const {
    if constexpr (legal) {
      network().check_inputs(loader, what);
      return detail::infer_all<Scalar>(network_, state_, loader, last);
    } else {
      return {};
    }
  }

  [[gnu::cold]] Evaluation evaluate_feed(BatchLoader<Scalar>& loader) const {
    if constexpr (legal) {
      network().check_samples(loader, "evaluate: inputs", "evaluate: targets");
      Workspace<Scalar> workspace;
      return network_.evaluate(workspace, state_, loader, detail::iota(loader.size()));
    } else {
      return {};
    }
  }

  const Network& network() const { return guard_.require_values(), network_; }

  detail::ModelGuard guard_;  // in front: it stops an assignment before the rest is assigned
  Network network_;
  detail::TrainingState<Scalar> state_;
};

template <class E, class D, class L, class... P>
Autoencoder(const E&, const D&, const L&, const P&...) -> Autoencoder<E, D, L, P...>;
template <class E, detail::MirrorTag M, class L, class... P>
Autoencoder(const E&, const M&, const L&, const P&...) -> Autoencoder<E, Decoder<M>, L, P...>;

}  // namespace eigencoder
