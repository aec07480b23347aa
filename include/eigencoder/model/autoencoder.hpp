#pragma once

#include <concepts>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/compose/construction.hpp>
#include <eigencoder/detail/compose/model_classes.hpp>
#include <eigencoder/detail/compose/summary.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/model/generation.hpp>
#include <eigencoder/model/refused_fit.hpp>
#include <span>
#include <string>
#include <vector>

namespace eigencoder {

/// An autoencoder: an encoder that turns samples into codes, a decoder that turns codes back into samples, and a loss
/// that compares the result with the samples. Policies add to the training: corruption of the inputs, penalties, weight
/// decay, a variational or quantized bottleneck.
///
///     using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<Mirror>, Bernoulli,
///                               Sparse<L1>>;
///     Model model{Sparse{L1{.weight = 1e-3}}};
///     model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32});
///     auto codes = model.encode(samples);                 // 32 x samples
///     auto reconstructions = model.reconstruct(samples);  // 784 x samples
///
/// Types say what a model is, values say how much. Sizes may be values too; the model's type is then deduced from its
/// parts, in braces:
///
///     Autoencoder model{Encoder{Input{n}, Dense{32}, Relu{}}, Mirror{}, SquaredError{}, WeightDecay<>{}};
///
/// - A sample is a column. Functions take any Eigen matrix, map or block of the model's `Scalar` whose columns are
///   contiguous.
/// - A composition that breaks a rule does not compile, and the error states the rule. Where sizes are values, the
///   constructor throws `CompositionError` with the same sentence.
/// - Before they change anything, all functions throw `ShapeError` for samples of a wrong size, `DataError` for an
///   empty set, infinity or, without `MissingValues`, NaN, and `OptionError` for a model that was moved from, of which
///   only the spans of arrays and `epochs()` may be read: they are empty.
/// - Any number of threads may use a `const` model at once.
template <class EncoderType, class DecoderType, class LossType, class... Policies>
class Autoencoder
    : public GenerativeModel<EncoderType, DecoderType, LossType, Policies...>,
      public RefusedFit<typename GenerativeModel<EncoderType, DecoderType, LossType, Policies...>::Scalar> {
  using Base = GenerativeModel<EncoderType, DecoderType, LossType, Policies...>;
  friend Base;
  friend struct detail::ModelAccess;

 public:
  /// The scalar of parameters and data: `float`, or that of a `Precision` policy.
  using typename Base::Scalar;
  /// The type of results: values x samples.
  using Matrix = MatrixX<Scalar>;
  /// The type of arguments: values x samples in memory that the caller owns.
  using Samples = View<Scalar>;
  /// The options of `fit`.
  using Options = FitOptions<Scalar>;
  using Base::diagnosis;
  using Base::legal;
  /// Whether NaN in samples stands for an unknown value, as with `MissingValues`.
  static constexpr bool allows_missing = (AllowsMissing<Policies> || ...);
  /// Whether the model turns inputs into targets of a shape of their own, as with `Target`, and must be given both.
  static constexpr bool sets_target = (SetsTarget<Policies> || ...);

 private:
  static_assert(detail::LegalComposition<Base>::value);
  using Layers = decltype(
      detail::assemble<Policies...>(std::declval<const EncoderType&>(), std::declval<const DecoderType&>()));
  using Classes = detail::ModelClasses<legal, Scalar, Layers, LossType, Policies...>;
  using Network = typename Classes::Network;
  using Inference = typename Classes::Inference;
  using FitRun = typename Classes::FitRun;
  static constexpr std::size_t encoder_depth = detail::PartTraits<EncoderType>::depth;
  static constexpr std::size_t depth = Layers::size;

 public:
  /// Builds the model from the values of some of its parts, in any order, each at most once; the other parts have their
  /// default values. The parameters are drawn with seed 0, as `initialize(0)` draws them.
  /// @throws CompositionError for sizes that do not fit, OptionError for a hyperparameter outside its range
  template <class... Given>
  [[gnu::cold]] explicit Autoencoder(const Given&... given)
      : network_(detail::build_network<Network, EncoderType, DecoderType, LossType, Policies...>(given...)) {
    (detail::require_part<Given, legal && detail::given_twice<Given, Given...>, EncoderType, DecoderType, LossType,
                          Policies...>(), ...);
    network_.initialize(state_, 0);
  }

  /// Copies parameters, running statistics, the state of training and the epochs.
  Autoencoder(const Autoencoder&) = default;
  /// Moves them; the other model is then empty.
  Autoencoder(Autoencoder&&) = default;
  /// Moves them. @throws OptionError while the model is being trained
  Autoencoder& operator=(Autoencoder&&) = default;
  /// Copies them. If there is no memory for the copy, the model stays unchanged.
  Autoencoder& operator=(const Autoencoder& other) { return *this = Autoencoder(other); }

  /// Draws all parameters anew from `seed`, and discards the state of training and the epochs.
  /// @throws OptionError when it is called by an observer, during `fit`
  [[gnu::cold]] void initialize(std::uint64_t seed) {
    guard_.refuse_in_training("initialized");
    guard_.require_values();
    state_.forget();
    network_.initialize(state_, seed);
  }

  /// Replaces the value of a policy that freezes layers, between two calls of `fit`:
  ///
  ///     model.set(Frozen<FirstLayers>{.count = 2});
  ///
  /// The next `fit` begins with a new state of the optimizer, since that of layers that begin to learn is older.
  /// @throws OptionError for a hyperparameter outside its range, and when it is called by an observer, during `fit`
  template <Freezes P>
  void set(const P& policy) {
    constexpr bool is_own = (std::same_as<P, Policies> || ...);
    static_assert(is_own, "eigencoder: set takes a value of a policy of the model");
    guard_.refuse_in_training("changed");
    guard_.require_values();
    if constexpr (is_own) network_.set(policy);
    state_.optimizer = {};
  }

  /// Trains the model to reconstruct the samples. A further call with the same type of optimizer (and arrays, see
  /// `Optimizer`) continues with its state, step count and random streams.
  /// @throws DataError also for values outside the loss's range
  /// @throws OptionError for an option outside its range
  /// @throws DivergenceError if the loss or the parameters become NaN or infinite, ObserverError if an observer throws;
  /// parameters, running statistics and the optimizer's state are then those of the last completed epoch
  template <Optimizer O>
  History fit(Samples samples, const O& optimizer, const Options& options = {}) {
    require_no_target<O>();
    InMemoryLoader<Scalar> loader(samples, samples);
    return fit_run(detail::OptimizerOf<Scalar, O>(optimizer), options).loop.run(loader);
  }
  /// Trains the model to turn each input into the target in the same column.
  template <Optimizer O>
  History fit(Samples inputs, Samples targets, const O& optimizer, const Options& options = {}) {
    InMemoryLoader<Scalar> loader(inputs, targets);
    return fit_run(detail::OptimizerOf<Scalar, O>(optimizer), options).loop.run(loader);
  }
  /// Trains on samples that are fetched and checked batch by batch, such as those of a `Stream`.
  template <BatchLoaderOf<Scalar> Loader, Optimizer O>
  History fit(Loader&& loader, const O& optimizer, const Options& options = {}) {
    return fit_run(detail::OptimizerOf<Scalar, O>(optimizer), options).loop.run(loader);
  }
  using RefusedFit<Scalar>::fit;

  /// The code of each sample: code size x samples.
  Matrix encode(Samples samples) const { return run(samples, 0, encoder_depth, "encode"); }
  /// The sample for each code: values x codes. It is the mean of the loss's distribution, such as the sigmoid of
  /// logits. Does not compile if the decoder reads layers of the encoder (skip connections, unpooling).
  Matrix decode(Samples codes) const { return require_code_decoder(), run(codes, encoder_depth, depth, "decode"); }
  /// The decoded code of each sample, values x samples; with a `Target`, the prediction of its target. Compiles for
  /// decoders that read layers of the encoder too.
  Matrix reconstruct(Samples samples) const { return run(samples, 0, depth, "reconstruct"); }
  /// The code of each sample of a loader, such as a `Stream`: code size x samples, all in memory.
  template <BatchLoaderOf<Scalar> Loader>
  Matrix encode(Loader&& loader) const { return run_loader(loader, encoder_depth, "encode"); }
  /// The reconstruction of each sample of a loader: values x samples, all in memory.
  template <BatchLoaderOf<Scalar> Loader>
  Matrix reconstruct(Loader&& loader) const { return run_loader(loader, depth, "reconstruct"); }
  /// The output of one layer, values x samples. Layers are counted from 0, the encoder's first. The output of the last
  /// one is the loss's argument (such as logits), not its mean.
  /// @throws OptionError for a layer that does not exist
  Matrix activation(Samples samples, Index layer) const {
    if (layer < 0 || layer >= layer_count())
      throw OptionError(detail::message({"activation: no layer ", layer, ", the last is ", layer_count() - 1}));
    return run(samples, 0, static_cast<std::size_t>(layer) + 1, "activation", false);
  }

  /// As the function without a workspace. It does not allocate once the workspace has served as many samples. The
  /// result lies in the workspace until the next call with it; each thread needs a workspace of its own.
  Samples encode(Samples samples, Workspace<Scalar>& workspace) const {
    return run_in(workspace, samples, 0, encoder_depth, "encode");
  }
  /// The same for `decode`.
  Samples decode(Samples codes, Workspace<Scalar>& workspace) const {
    return require_code_decoder(), run_in(workspace, codes, encoder_depth, depth, "decode");
  }
  /// The same for `reconstruct`.
  Samples reconstruct(Samples samples, Workspace<Scalar>& workspace) const {
    return run_in(workspace, samples, 0, depth, "reconstruct");
  }

  /// Measures how well the model reconstructs the samples, as it is in inference: mean codes, no dropout, running
  /// statistics.
  Evaluation evaluate(Samples samples) const { return require_no_target<Samples>(), evaluate(samples, samples); }
  /// Measures how well the model turns each input into the target in the same column.
  Evaluation evaluate(Samples inputs, Samples targets) const {
    return evaluate(InMemoryLoader<Scalar>(inputs, targets));
  }
  /// Measures the same for the samples of a loader.
  template <BatchLoaderOf<Scalar> Loader>
  Evaluation evaluate(Loader&& loader) const { return evaluate_loader(loader); }

  /// Returns the objective of training on one batch, the mean loss plus the penalties, and writes its gradient to
  /// `gradients`, laid out as `parameters()`. Random draws are keyed by `seed` and `step`. The model does not change.
  /// @param sample_weights  one for each sample of the batch, as `FitOptions::sample_weights`; empty: 1 for each. All
  ///                        may be 0: what remains is the gradient of the penalties.
  double gradient(Samples inputs, Samples targets, std::span<Scalar> gradients, std::uint64_t seed = 0,
                  std::uint64_t step = 0, std::span<const double> sample_weights = {}) const {
    return FitRun::gradient(network(), state_, inputs, targets, gradients, seed, step, sample_weights);
  }

  /// All parameters in one array of blocks, each aligned to 64 bytes. `layout()` describes the blocks.
  std::span<Scalar> parameters() { return state_.parameters.span(); }
  std::span<const Scalar> parameters() const { return state_.parameters.span(); }  ///< read-only
  /// All running statistics in one array of blocks, see `layout()`.
  std::span<Scalar> statistics() { return state_.statistics.span(); }
  std::span<const Scalar> statistics() const { return state_.statistics.span(); }  ///< read-only
  /// The blocks of `parameters()` and of `statistics()`.
  const ParameterLayout& layout() const { return network().layout; }
  /// The number of parameters, without padding.
  Index parameter_count() const { return layout().parameter_count(); }

  /// The shape of one sample.
  Shape input_shape() const { return network().input; }
  /// The shape of one reconstruction: that of a sample, or of the policy that sets a target.
  Shape target_shape() const { return network().target; }
  /// The number of values in a code.
  Index code_size() const { return network().code_size(); }
  /// The number of layers in encoder and decoder.
  static constexpr Index layer_count() { return static_cast<Index>(depth); }
  /// The loss.
  const LossType& loss() const { return network().loss; }
  /// The reports of all epochs since the parameters were drawn, over all calls of `fit`.
  const std::vector<EpochReport>& epochs() const { return state_.epochs; }

  /// A table of the layers, their output shapes and parameters.
  [[nodiscard, gnu::cold]] std::string summary() const { return detail::summary_of(network()); }

 private:
  [[gnu::cold]] FitRun fit_run(const detail::AnyOptimizer<Scalar>& optimizer, const Options& options) {
    return FitRun(guard_, network(), state_, optimizer, options);
  }

  /// Does not compile for a model that needs targets. The argument is any type.
  template <class Argument>
  static constexpr void require_no_target() {
    static_assert(!legal || !sets_target || sizeof(Argument) == 0,
                  "eigencoder: a model with a Target needs the targets too: model.fit(inputs, targets, Adam{}), "
                  "model.evaluate(inputs, targets)");
  }

  /// Does not compile if the decoder reads more than a code.
  static constexpr void require_code_decoder() {
    static_assert(detail::StatedBy<detail::DecodesCodes<legal, Layers>>::template satisfies<Rule::decodes_alone>,
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
template <class E, MirrorTag M, class L, class... P>
Autoencoder(const E&, const M&, const L&, const P&...) -> Autoencoder<E, Decoder<M>, L, P...>;

}  // namespace eigencoder
