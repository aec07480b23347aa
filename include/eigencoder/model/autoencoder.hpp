#pragma once

#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/compose/construction.hpp>
#include <eigencoder/detail/compose/null_network.hpp>
#include <eigencoder/detail/compose/summary.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/model/generation.hpp>
#include <eigencoder/model/refused_fit.hpp>
#include <span>
#include <string>
#include <vector>

namespace eigencoder {

/// An encoder, a decoder and a loss, trained together; policies say what else happens.
///
///     Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli> model;
///     Autoencoder model{Encoder{Input{n}, Dense{32}, Relu{}}, Mirror{}, SquaredError{}, WeightDecay<>{}};
///
/// Samples are columns: values x samples. An illegal composition does not compile, and the error quotes the rule that it
/// breaks; where sizes are values, the constructor throws `CompositionError` with the same sentence. Every function
/// throws `ShapeError` for samples of a wrong size and `DataError` for an empty set, NaN or infinity, before it changes
/// anything, and `OptionError` for a model that was moved from (only the spans and `epochs()` are then empty). Any number
/// of threads may use a `const` model at once.
template <class EncoderType, class DecoderType, class LossType, class... Policies>
class Autoencoder : public GenerativeModel<EncoderType, DecoderType, LossType, Policies...>,
                    public RefusedFit<typename GenerativeModel<EncoderType, DecoderType, LossType, Policies...>::Scalar> {
  using Base = GenerativeModel<EncoderType, DecoderType, LossType, Policies...>;
  friend Base;
  friend struct detail::ModelAccess;

 public:
  /// The scalar of parameters and data: `float`, or that of a `Precision` policy.
  using typename Base::Scalar;
  /// What functions return: values x samples.
  using Matrix = MatrixX<Scalar>;
  /// What functions take: samples in memory that someone else owns.
  using Samples = View<Scalar>;
  /// The options of `fit`.
  using Options = FitOptions<Scalar>;
  using Base::diagnosis;
  using Base::legal;

 private:
  static_assert(detail::LegalComposition<Base>::value);
  using Layers = decltype(detail::assemble(std::declval<const EncoderType&>(), std::declval<const DecoderType&>()));
  using Composition = detail::Composition<legal, Scalar, Layers, LossType, Policies...>;
  using Network = typename Composition::Network;
  using Inference = typename Composition::Inference;
  using Training = typename Composition::Training;
  static constexpr std::size_t encoder_depth = detail::Parts<EncoderType>::layers;
  static constexpr std::size_t depth = Layers::size;

 public:
  /// Builds the model from its parts by value, in any order, each at most once; parts that are not given have their
  /// default values. The parameters are drawn with seed 0, see `initialize`.
  /// @throws CompositionError for sizes that do not fit, OptionError for a hyperparameter outside its range
  template <class... Given>
  [[gnu::cold]] explicit Autoencoder(const Given&... given)
      : network_(detail::build_network<Network, EncoderType, DecoderType, LossType, Policies...>(given...)) {
    (detail::require_member<Given, legal && detail::again<Given, Given...>, EncoderType, DecoderType, LossType,
                            Policies...>(), ...);
    network_.initialize(state_, 0);
  }

  Autoencoder(const Autoencoder&) = default;
  Autoencoder(Autoencoder&&) = default;
  Autoencoder& operator=(Autoencoder&&) = default;
  /// Where there is no memory for the copy, the model stays as it was.
  Autoencoder& operator=(const Autoencoder& other) { return *this = Autoencoder(other); }

  /// Draws all parameters anew from `seed` and forgets all training. @throws OptionError when an observer calls it
  [[gnu::cold]] void initialize(std::uint64_t seed) {
    guard_.refuse_in_training("initialized");
    guard_.require_values();
    state_.forget();
    network_.initialize(state_, seed);
  }

  /// Trains the model to reconstruct the samples. A further call with the same optimizer type (and arrays, see
  /// `Optimizer`) continues with its state, step count and random streams.
  /// @throws DataError also for values outside the loss's range
  /// @throws OptionError for options outside their range
  /// @throws DivergenceError, ObserverError; the model, its optimizer state and its running statistics are then those of
  /// its last completed epoch
  template <Optimizer O>
  History fit(Samples samples, const O& optimizer, const Options& options = {}) {
    detail::InMemoryLoader<Scalar> loader(samples, samples);
    return training(detail::OptimizerOf<Scalar, O>(optimizer), options).loop.run(loader);
  }
  /// Trains the model to turn each input into the target in the same column.
  template <Optimizer O>
  History fit(Samples inputs, Samples targets, const O& optimizer, const Options& options = {}) {
    detail::InMemoryLoader<Scalar> loader(inputs, targets);
    return training(detail::OptimizerOf<Scalar, O>(optimizer), options).loop.run(loader);
  }
  /// Trains on samples that are fetched batch by batch, see `Stream`, and checked as they are fetched.
  template <BatchLoaderOf<Scalar> Loader, Optimizer O>
  History fit(Loader&& loader, const O& optimizer, const Options& options = {}) {
    return training(detail::OptimizerOf<Scalar, O>(optimizer), options).loop.run(loader);
  }
  using RefusedFit<Scalar>::fit;

  /// The code of each sample: code size x samples.
  Matrix encode(Samples samples) const { return run(samples, 0, encoder_depth, "encode"); }
  /// The loss's mean for each code, such as the sigmoid of logits: values x samples. Does not compile where the decoder
  /// reads layers of the encoder (skip connections, unpooling).
  Matrix decode(Samples codes) const { return require_own_decoder(), run(codes, encoder_depth, depth, "decode"); }
  /// `decode(encode(samples))`.
  Matrix reconstruct(Samples samples) const { return run(samples, 0, depth, "reconstruct"); }
  /// The code of each sample of a loader, such as a `Stream`; the result lies in memory.
  template <BatchLoaderOf<Scalar> Loader>
  Matrix encode(Loader&& loader) const { return run_loader(loader, encoder_depth, "encode"); }
  /// The reconstruction of each sample of a loader.
  template <BatchLoaderOf<Scalar> Loader>
  Matrix reconstruct(Loader&& loader) const { return run_loader(loader, depth, "reconstruct"); }
  /// The output of one layer, counted from the encoder's first: a representation for each layer of a deep model. The
  /// last layer's is what the loss takes (logits), not its mean. @throws OptionError for a layer that is not there
  Matrix activation(Samples samples, Index layer) const {
    if (layer < 0 || layer >= layer_count())
      throw OptionError(detail::message({"activation: no layer ", layer, ", the last is ", layer_count() - 1}));
    return run(samples, 0, static_cast<std::size_t>(layer) + 1, "activation", false);
  }

  /// The same three without allocating, once the workspace has served a batch as large; one workspace for each thread.
  /// The result lies in the workspace, until its next use.
  ///@{
  Samples encode(Samples samples, Workspace<Scalar>& workspace) const {
    return run_in(workspace, samples, 0, encoder_depth, "encode");
  }
  Samples decode(Samples codes, Workspace<Scalar>& workspace) const {
    return require_own_decoder(), run_in(workspace, codes, encoder_depth, depth, "decode");
  }
  Samples reconstruct(Samples samples, Workspace<Scalar>& workspace) const {
    return run_in(workspace, samples, 0, depth, "reconstruct");
  }
  ///@}

  /// How well the model reconstructs the samples in inference.
  Evaluation evaluate(Samples samples) const { return evaluate(samples, samples); }
  /// How well the model turns inputs into targets in inference.
  Evaluation evaluate(Samples inputs, Samples targets) const {
    return evaluate(detail::InMemoryLoader<Scalar>(inputs, targets));
  }
  /// The same for the samples of a loader.
  template <BatchLoaderOf<Scalar> Loader>
  Evaluation evaluate(Loader&& loader) const { return evaluate_loader(loader); }

  /// The objective of training on one batch (mean loss and penalties) and its gradient, laid out as `parameters()`.
  /// Random draws are keyed by `seed` and `step`. The model does not change.
  double gradient(Samples inputs, Samples targets, std::span<Scalar> gradients, std::uint64_t seed = 0,
                  std::uint64_t step = 0) const {
    return Training::gradient(network(), state_, inputs, targets, gradients, seed, step);
  }

  /// All parameters in one array, each block aligned to 64 bytes; `layout()` tells where each lies.
  std::span<Scalar> parameters() { return state_.parameters.span(); }
  std::span<const Scalar> parameters() const { return state_.parameters.span(); }  ///< the same to read
  /// The running statistics likewise.
  std::span<Scalar> statistics() { return state_.statistics.span(); }
  std::span<const Scalar> statistics() const { return state_.statistics.span(); }  ///< the same to read
  /// Where each block of parameters and of running statistics lies.
  const ParameterLayout& layout() const { return network().layout; }
  /// The number of parameters, without padding.
  Index parameter_count() const { return layout().parameter_count(); }

  /// The shape of one sample.
  Shape input_shape() const { return network().input; }
  /// The number of values in a code.
  Index code_size() const { return network().code_size(); }
  /// The number of layers in encoder and decoder.
  static constexpr Index layer_count() { return static_cast<Index>(depth); }
  /// The loss.
  const LossType& loss() const { return network().loss; }
  /// The reports of all epochs since the parameters were drawn.
  const std::vector<EpochReport>& epochs() const { return state_.epochs; }

  /// A table of the layers, their output shapes and parameters.
  [[nodiscard, gnu::cold]] std::string summary() const { return detail::summary_of(network()); }

 private:
  [[gnu::cold]] Training training(const detail::AnyOptimizer<Scalar>& optimizer, const Options& options) {
    return Training(guard_, network(), state_, optimizer, options);
  }

  /// Does not compile where the decoder reads more than a code.
  static constexpr void require_own_decoder() {
    static_assert(detail::StatedBy<detail::Decodes<legal, Layers>>::template satisfies<Rule::decodes_alone>,
                  "eigencoder: a decoder that reads layers of the encoder cannot decode a bare code");
  }

  Samples run_in(Workspace<Scalar>& workspace, Samples samples, std::size_t first, std::size_t last,
                 const char* name) const {
    network().check_layer_input(samples, first, name);
    return Inference(network_, state_, workspace).run(samples, first, last, true);
  }
  [[gnu::cold]] Matrix run(Samples samples, std::size_t first, std::size_t last, const char* name,
                           bool as_mean = true) const {
    network().check_layer_input(samples, first, name);
    Workspace<Scalar> workspace;
    return Inference(network_, state_, workspace).run_all(samples, first, last, as_mean);
  }
  [[gnu::cold]] Matrix run_loader(BatchLoader<Scalar>& loader, std::size_t last, const char* name) const {
    network().validation.check_inputs(loader, name);
    Workspace<Scalar> workspace;
    return Inference(network_, state_, workspace).run_all(loader, last);
  }
  [[gnu::cold]] Evaluation evaluate_loader(BatchLoader<Scalar>& loader) const {
    network().validation.check_samples(loader, "evaluate: inputs", "evaluate: targets");
    Workspace<Scalar> workspace;
    return Inference(network_, state_, workspace).evaluate(loader, detail::iota(loader.size()));
  }

  const Network& network() const { return guard_.require_values(), network_; }

  detail::ModelGuard guard_;  // first: it refuses an assignment before the rest is assigned
  Network network_;
  detail::TrainingState<Scalar> state_;
};

template <class E, class D, class L, class... P>
Autoencoder(const E&, const D&, const L&, const P&...) -> Autoencoder<E, D, L, P...>;
template <class E, detail::MirrorTag M, class L, class... P>
Autoencoder(const E&, const M&, const L&, const P&...) -> Autoencoder<E, Decoder<M>, L, P...>;

}  // namespace eigencoder
