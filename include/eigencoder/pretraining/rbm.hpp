#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/pretraining/rbm_fit.hpp>
#include <eigencoder/detail/pretraining/rbm_inference.hpp>
#include <eigencoder/detail/pretraining/rbm_network.hpp>
#include <eigencoder/detail/pretraining/rbm_rules.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/model/refused_fit.hpp>
#include <eigencoder/pretraining/contrastive_divergence.hpp>
#include <eigencoder/pretraining/gibbs_options.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <span>
#include <vector>

namespace eigencoder {

/// A restricted Boltzmann machine: visible units v and hidden units h with the joint density e^-E(v, h) / Z, where for
/// Bernoulli units E = -h' W v - b' v - c' h. Of Gaussian units |v - b|^2 / 2 or |h - c|^2 / 2 replaces the term of the
/// bias; with a learned variance s^2 of each visible unit it is (v - b)^2 / (2 s^2), and v / s^2 replaces v beside W.
/// Sources: Smolensky, "Information processing in dynamical systems" (1986); Hinton, "A practical guide to training
/// restricted Boltzmann machines" (2010), equation 1.
///
///     Rbm rbm{BernoulliUnits{784}, BernoulliUnits{500}, PersistentContrastiveDivergence{.steps = 5}, WeightDecay<>{}};
///     rbm.initialize(7, samples);
///     rbm.fit(samples, Sgd{.learning_rate = 0.01}, {.epochs = 20, .batch_size = 100});
///     auto codes = rbm.encode(samples);  // 500 x samples
///     auto dreams = rbm.sample(100);     // 784 x 100
///
/// Policies, each at most once: `ContrastiveDivergence` or `PersistentContrastiveDivergence`, `WeightDecay<>`, `Sparse`
/// with a penalty on the means of the hidden units (`Sparse<KlSparsity>` is a sparsity target), and `Precision`.
///
/// - Samples are columns, as of an `Autoencoder`, and functions throw the same errors.
/// - `fit` reports the mean error of reconstructions: the cross-entropy in nats or, of Gaussian units, the squared
///   error, summed over a sample's values. In training it is of one step of the chain, from drawn hidden units for
///   `ContrastiveDivergence` and from their means else; in validation always from means. It is no likelihood.
/// - There is no `evaluate` and no `summary`: `log_likelihood` measures a machine, and its layout is known.
/// - Files and checkpoints are those of `save`, `load` and `Checkpoints`, as of an `Autoencoder`.
/// - Any number of threads may use a `const` machine at once.
template <class Visible, class Hidden, class... Policies>
class Rbm : public RefusedFit<typename ScalarOf<Policies...>::type, false> {
  friend struct detail::ModelAccess;
  using Rules = detail::RbmRules<Visible, Hidden, Policies...>;
  static_assert(detail::LegalRbm<Rules>::value);

 public:
  /// Whether units and policies break no rule.
  static constexpr bool legal = Rules::legal;
  /// The scalar of parameters and data: `float`, or that of a `Precision` policy.
  using Scalar = typename ScalarOf<Policies...>::type;
  /// The type of results: values x samples.
  using Matrix = MatrixX<Scalar>;
  /// The type of arguments: values x samples in memory that the caller owns.
  using Samples = View<Scalar>;
  /// The options of `fit`. `trim` is not for machines.
  using Options = FitOptions<Scalar>;
  /// The type of a bias in place.
  using Vector = Eigen::Map<const VectorX<Scalar>>;
  /// The type of the weights in place.
  using Weights = Eigen::Map<const Eigen::Matrix<Scalar, Dynamic, Dynamic, Eigen::RowMajor>>;

  /// A machine of these units, with values of some of its policies in any order, and with the parameters of seed 0.
  /// @throws CompositionError for sizes below 1, and for hidden units that shall learn their variance
  /// @throws OptionError for a hyperparameter outside its range
  template <class... Given>
  [[gnu::cold]] explicit Rbm(const Visible& visible, const Hidden& hidden, const Given&... given)
      : network_(detail::build_rbm<Network, legal, Policies...>(visible, hidden, given...)) {
    static_assert((detail::is_one_of<Given, Policies...> && ...) &&
                      (!legal || detail::RbmRules<Visible, Hidden, Given...>::policies_once),
                  "eigencoder: an Rbm is built from values of its own policies, at most one of each");
    network_.initialize(state_, 0);
  }

  /// Copies parameters, statistics, the state of training and the epochs.
  Rbm(const Rbm&) = default;
  /// Moves them; the other machine is then empty.
  Rbm(Rbm&&) = default;
  /// Moves them. @throws OptionError while the machine is being trained
  Rbm& operator=(Rbm&&) = default;
  /// Copies them. If there is no memory for the copy, the machine stays unchanged.
  Rbm& operator=(const Rbm& other) { return *this = Rbm(other); }

  /// Draws the weights from N(0, 0.01^2) and sets all else to 0, and discards the state of training and the epochs.
  /// @throws OptionError when it is called by an observer, during `fit`
  [[gnu::cold]] void initialize(std::uint64_t seed) {
    forget();
    network_.initialize(state_, seed);
  }
  /// The same with visible biases (and variances, of at least 10^-4) that fit the data without hidden units, which
  /// shortens training.
  /// @throws ShapeError, DataError for samples that the machine cannot learn from
  [[gnu::cold]] void initialize(std::uint64_t seed, Samples samples) {
    network().validation.check_samples(samples, samples, "initialize", "initialize");
    forget();
    network_.initialize(state_, seed, samples);
  }

  /// Trains the machine on samples. A further call continues as one of an `Autoencoder` does; see there for the errors.
  /// @throws OptionError also for `FitOptions::trim`
  template <Optimizer O>
  History fit(Samples samples, const O& optimizer, const Options& options = {}) {
    InMemoryLoader<Scalar> loader(samples, samples);
    return fit(loader, optimizer, options);
  }
  /// Trains on samples that are fetched and checked batch by batch, such as those of a `Stream`.
  template <BatchLoaderOf<Scalar> Loader, Optimizer O>
  History fit(Loader&& loader, const O& optimizer, const Options& options = {}) {
    return detail::RbmFit<Network>(guard_, network(), state_, detail::OptimizerOf<Scalar, O>(optimizer), options)
        .loop.run(loader);
  }
  using RefusedFit<Scalar, false>::fit;

  /// The means of the hidden units given each sample: hidden x samples.
  [[gnu::cold]] Matrix encode(Samples samples) const {
    check_samples(samples, "encode");
    Matrix codes(hidden_size(), samples.cols());
    in_inference([&](const auto& inference) { inference.encode(samples, codes.data()); });
    return codes;
  }
  /// The means of the visible units given each code: visible x codes.
  [[gnu::cold]] Matrix decode(Samples codes) const {
    check_codes(codes);
    Matrix samples(visible_size(), codes.cols());
    in_inference([&](const auto& inference) { inference.decode(codes, samples.data()); });
    return samples;
  }
  /// The means of the visible units given the means of the hidden ones: visible x samples.
  Matrix reconstruct(Samples samples) const { return decode(encode(samples)); }
  /// The code or the reconstruction of each sample of a loader, such as a `Stream`, all in memory.
  ///@{
  template <BatchLoaderOf<Scalar> Loader>
  Matrix encode(Loader&& loader) const {
    BatchLoader<Scalar>& samples = checked(loader, "encode");
    Matrix codes(hidden_size(), samples.size());
    in_inference([&](const auto& inference) { inference.encode(samples, codes.data()); });
    return codes;
  }
  template <BatchLoaderOf<Scalar> Loader>
  Matrix reconstruct(Loader&& loader) const {
    BatchLoader<Scalar>& samples = checked(loader, "reconstruct");
    Matrix means(visible_size(), samples.size());
    in_inference([&](const auto& inference) { inference.reconstruct(samples, means.data()); });
    return means;
  }
  ///@}

  /// As the function without a workspace. It does not allocate once the workspace has served as many samples. The
  /// result lies in the workspace until the next call with it; each thread needs a workspace of its own.
  ///@{
  Samples encode(Samples samples, Workspace<Scalar>& workspace) const {
    check_samples(samples, "encode");
    return inference_in(workspace).encode(samples);
  }
  Samples decode(Samples codes, Workspace<Scalar>& workspace) const {
    check_codes(codes);
    return inference_in(workspace).decode(codes);
  }
  Samples reconstruct(Samples samples, Workspace<Scalar>& workspace) const {
    check_samples(samples, "reconstruct");
    return inference_in(workspace).decode(inference_in(workspace).encode(samples));
  }
  ///@}

  /// Visible states after a Gibbs chain each, visible x count. The chains start from the visible units without weights.
  /// @throws OptionError for a negative count
  [[gnu::cold]] Matrix sample(Index count, const GibbsOptions& options = {}) const {
    if (count < 0) throw OptionError(detail::message({"sample: a count of ", count}));
    options.validate();
    Matrix states(network().visible.size, count);
    in_inference([&](const auto& inference) {
      inference.draw_start(states.data(), count, options.seed);
      inference.run_chains(states.data(), count, options.first_step, options.steps, options.seed, options.means);
    });
    return states;
  }
  /// The same with a chain from each of these samples.
  [[gnu::cold]] Matrix sample(Samples start, const GibbsOptions& options = {}) const {
    check_samples(start, "sample");
    options.validate();
    Matrix states = start.matrix();
    in_inference([&](const auto& inference) {
      inference.run_chains(states.data(), start.cols(), options.first_step, options.steps, options.seed, options.means);
    });
    return states;
  }

  /// The free energy of each sample, F(v) = -log of the sum of e^-E(v, h) over the hidden states, an integral for
  /// Gaussian units: log p(v) is -F(v) - log Z. Does not compile for `RectifiedUnits`.
  [[gnu::cold]] std::vector<double> free_energy(Samples samples) const {
    static_assert(!legal || detail::has_log_normalizer<Hidden>,
                  "eigencoder: the free energy is known for BernoulliUnits and GaussianUnits");
    check_samples(samples, "free_energy");
    std::vector<double> energies(static_cast<std::size_t>(samples.cols()));
    if constexpr (detail::has_log_normalizer<Hidden>)
      in_inference([&](const auto& inference) { inference.free_energy(samples, energies.data()); });
    return energies;
  }

  /// Returns the reported loss of training on one batch, and writes the estimated gradient of the mean negative
  /// log-likelihood and of the penalties to `gradients`, laid out as `parameters()`. Random draws are keyed by `seed`
  /// and `step`. Units are centered by the machine's running means with these samples taken in. Nothing changes.
  [[gnu::cold]] double gradient(Samples samples, std::span<Scalar> gradients, std::uint64_t seed = 0,
                                std::uint64_t step = 0) const {
    return detail::RbmFit<Network>::gradient(network(), state_, samples, gradients, seed, step);
  }

  /// The units of each side, and their numbers.
  ///@{
  const auto& visible() const { return network().visible; }
  const auto& hidden() const { return network().hidden; }
  Index visible_size() const { return network().visible.size; }
  Index hidden_size() const { return network().hidden.size; }
  ///@}
  /// The weights W, hidden x visible, row-major as those of `Dense`.
  Weights weights() const { return {block(network().weight), hidden_size(), visible_size()}; }
  /// The biases b of the visible units.
  Vector visible_bias() const { return {block(network().visible_bias), visible_size()}; }
  /// The biases c of the hidden units.
  Vector hidden_bias() const { return {block(network().hidden_bias), hidden_size()}; }
  /// The log-variances log s^2 of the visible units; of none where they are not learned.
  Vector log_variance() const {
    return network().log_variance < 0 ? Vector(nullptr, 0) : Vector(block(network_.log_variance), visible_size());
  }
  /// The same to be written to.
  ///@{
  Eigen::Map<Eigen::Matrix<Scalar, Dynamic, Dynamic, Eigen::RowMajor>> weights() {
    return {block(network().weight), hidden_size(), visible_size()};
  }
  Eigen::Map<VectorX<Scalar>> visible_bias() { return {block(network().visible_bias), visible_size()}; }
  Eigen::Map<VectorX<Scalar>> hidden_bias() { return {block(network().hidden_bias), hidden_size()}; }
  Eigen::Map<VectorX<Scalar>> log_variance() {
    using Values = Eigen::Map<VectorX<Scalar>>;
    return network().log_variance < 0 ? Values(nullptr, 0) : Values(block(network_.log_variance), visible_size());
  }
  ///@}

  /// All parameters in one array of blocks, each aligned to 64 bytes. `layout()` describes the blocks.
  std::span<Scalar> parameters() { return state_.parameters.span(); }
  std::span<const Scalar> parameters() const { return state_.parameters.span(); }  ///< read-only
  /// Persistent chains, the running means of centered units and how many batches these hold, see `layout()`.
  std::span<const Scalar> statistics() const { return state_.statistics.span(); }
  /// The blocks of `parameters()` and of `statistics()`.
  const ParameterLayout& layout() const { return network().layout; }
  /// The number of parameters, without padding.
  Index parameter_count() const { return layout().parameter_count(); }
  /// The shape of one sample.
  Shape input_shape() const { return network().input; }
  /// The reports of all epochs since the parameters were drawn, over all calls of `fit`.
  const std::vector<EpochReport>& epochs() const { return state_.epochs; }

 private:
  using Network = typename detail::RbmNetworkOf<legal, Scalar, Visible, Hidden, Policies...>::type;

  void forget() {
    guard_.refuse_in_training("initialized");
    guard_.require_values();
    state_.forget();
  }
  void check_samples(Samples samples, const char* name) const {
    network().validation.check_samples(samples, samples, name, name);
  }
  void check_codes(Samples codes) const {
    detail::check_rows(codes, network().hidden.size, "decode");
    detail::check_finite(codes, "decode");
  }
  BatchLoader<Scalar>& checked(BatchLoader<Scalar>& loader, const char* name) const {
    network().validation.check_samples(loader, name, name);
    return loader;
  }
  detail::RbmInference<Network> inference_in(Workspace<Scalar>& workspace) const {
    return {network_, state_, workspace};
  }
  template <class Run>
  void in_inference(const Run& run) const {
    Workspace<Scalar> workspace;
    run(inference_in(workspace));
  }
  Scalar* block(Index i) { return state_.parameters.data() + network_.layout.block(i).offset; }
  const Scalar* block(Index i) const { return state_.parameters.data() + network_.layout.block(i).offset; }
  const Network& network() const { return guard_.require_values(), network_; }

  detail::ModelGuard guard_;  // first: it refuses an assignment before the rest is assigned
  Network network_;
  detail::TrainingState<Scalar> state_;
};

template <class Visible, class Hidden, class... Policies>
Rbm(const Visible&, const Hidden&, const Policies&...) -> Rbm<Visible, Hidden, Policies...>;

}  // namespace eigencoder
