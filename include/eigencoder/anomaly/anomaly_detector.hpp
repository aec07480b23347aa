#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/anomaly/squared_error_score.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/anomaly/detector_use.hpp>
#include <eigencoder/detail/anomaly/fit_detector.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <utility>
#include <vector>

namespace eigencoder {

/// The memory that `AnomalyDetector::score` needs for one sample at a time. One thread uses it at a time.
template <class Scalar = float>
class AnomalyWorkspace {
  template <class Model, class... Scores>
  friend class AnomalyDetector;
  detail::ScoreMemory<Scalar> memory_;
};

/// Tells what does not belong: it learns from normal samples how well autoencoders reconstruct them, scores samples by
/// how far they are from that, and flags those above a threshold for a chosen rate of false alarms.
///
///     AnomalyDetector detector{Autoencoder{Encoder{Input{n}, Dense{64}, Silu{}, Dense{8}}, Mirror{}, SquaredError{},
///                                          Denoising{GaussianNoise{.stddev = 0.3}}},
///                              DetectorOptions{.members = 4, .average = ScoreAverage::logarithm},
///                              MahalanobisScore{}, NearestReconstructionScore{}};
///     detector.fit(normal, Adam{}, {.epochs = 50, .batch_size = 64});
///     std::vector<double> scores = detector.score(samples);   // higher is odder
///     std::vector<bool> odd = detector.predict(samples);      // above detector.threshold()
///     std::vector<double> p = detector.p_value(samples);      // the share of normal samples that score as high
///     MatrixX<double> why = detector.contributions(samples);  // each value's part of each score
///
/// It holds a scaling, one model or several, scores, held-back scores of normal samples and a threshold. Models are
/// given as values whose policies and sizes may differ; their type is one. Scores are those of `anomaly/`, or your own
/// (see anomaly/score.hpp); without any it is `SquaredErrorScore`. Samples are columns in the units of the data; where
/// they are not normal alone, see `FitOptions::trim`.
///
/// - The same bits for any number of threads, and after `save` and `load` (anomaly/detector_file.hpp). Models of up to
///   65536 parameters score samples one by one, so that a score does not depend on the samples beside it; larger ones
///   take 64 at a time.
/// - Where the models have `MissingValues`, NaN is an unknown value. Scores are those of the known values alone, and
///   unknown ones contribute nothing; a score of the model itself, such as a likelihood, sees NaN as the model does.
/// - Before they change anything, all functions throw `ShapeError` for samples of another size, `DataError` for an
///   empty set, infinity or, without `MissingValues`, NaN, naming sample and value, and `OptionError` for a detector
///   that was not fitted.
/// - Any number of threads may use a `const` detector at once.
template <class ModelType, class... ScoreTypes>
class AnomalyDetector {
  static constexpr bool fits_models = ((AnomalyScore<ScoreTypes> || ModelScore<ScoreTypes, ModelType>) && ...);
  static_assert(fits_models,
                "eigencoder: a score of an AnomalyDetector satisfies AnomalyScore, or ModelScore for its "
                "models: see anomaly/score.hpp");
  static_assert(!ModelType::sets_target,
                "eigencoder: the models of an AnomalyDetector reconstruct their input, without a Target");

 public:
  using Model = ModelType;                     ///< of its models
  using Scalar = typename Model::Scalar;       ///< of parameters and data
  using Samples = View<Scalar>;                ///< values x samples
  using Options = FitOptions<Scalar>;          ///< of `fit`
  using Workspace = AnomalyWorkspace<Scalar>;  ///< for one sample at a time

  /// From a model, or a list of models of one type, then options, then the values of the scores; options, or scores, or
  /// both may be left out.
  /// @throws OptionError for an option or a hyperparameter outside its range, for no models, and for
  /// `ScoreAverage::logarithm` with a score that may be negative
  /// @throws ShapeError for models of different input sizes
  ///@{
  explicit AnomalyDetector(const Model& model, const DetectorOptions& options, const ScoreTypes&... scores)
      : AnomalyDetector(std::vector<Model>{model}, options, scores...) {}
  explicit AnomalyDetector(const Model& model, const ScoreTypes&... scores)
      : AnomalyDetector(std::vector<Model>{model}, DetectorOptions{}, scores...) {}
  explicit AnomalyDetector(const Model& model, const DetectorOptions& options = {})
    requires(sizeof...(ScoreTypes) > 0)
      : AnomalyDetector(std::vector<Model>{model}, options, ScoreTypes{}...) {}
  explicit AnomalyDetector(const std::vector<Model>& models, const ScoreTypes&... scores)
      : AnomalyDetector(models, DetectorOptions{}, scores...) {}
  explicit AnomalyDetector(const std::vector<Model>& models, const DetectorOptions& options = {})
    requires(sizeof...(ScoreTypes) > 0)
      : AnomalyDetector(models, options, ScoreTypes{}...) {}
  explicit AnomalyDetector(const std::vector<Model>& models, const DetectorOptions& options,
                           const ScoreTypes&... scores)
      : options_(options), scores_(scores...) {
    options_.validate();
    scores_.validate(options_.average);
    if (models.empty()) throw OptionError("eigencoder: AnomalyDetector: no models");
    for (const Model& model : models) {
      if (model.input_shape().size() != models.front().input_shape().size())
        throw ShapeError(detail::message({"AnomalyDetector: models of ", models.front().input_shape().size(),
                                          " and of ", model.input_shape().size(), " values a sample"}));
      for (Index k = 0; k < options_.members; ++k) prototypes_.push_back(model);
    }
  }
  ///@}

  /// Learns from samples, normal ones if possible. Holds back `DetectorOptions::calibration` of them for the threshold
  /// and the p-values; learns the scaling from the others; trains each model k anew on these, initialized and shuffled
  /// by `options.seed` + k, side by side on the library's threads; then lets the scores learn. Returns the history of
  /// each model. The observer is called by one thread at a time for all models, whose reports come in no order; a stop
  /// ends the model of that report. `options.max_seconds` are for all models together. If anything throws, the detector
  /// stays as it was. Anomalies among the samples that are held back raise the threshold. `options.validation` is in
  /// the units of the samples. `options.sample_weights` has a weight for each sample: one of weight 0, such as a known
  /// anomaly, is left out everywhere, to the same bits as if it had not been given (but for the blocks in which a
  /// loader that reads from first to last is shuffled), and may hold NaN; the other weights count in training alone.
  /// `options.trim` is for unknown anomalies, and concerns training alone too.
  /// @throws DataError also for less than two samples of a weight above 0
  /// @throws OptionError, DivergenceError, ObserverError as `Autoencoder::fit`
  template <Optimizer O>
  std::vector<History> fit(Samples samples, const O& optimizer, const Options& options = {}) {
    detail::check_rows(samples, value_count(), "AnomalyDetector::fit");
    if (!options.sample_weights) require_samples(samples, "AnomalyDetector::fit");  // else those that count, later
    return fit_to(samples, optimizer, options);
  }
  /// The same of a loader's samples, such as those of a `Stream`, which are never all in memory. The models are trained
  /// one after another. Where a loader reads from first to last, its last samples are held back, so p-values presume
  /// that its order means nothing. Targets of a loader are not used.
  template <BatchLoaderOf<Scalar> Loader, Optimizer O>
  std::vector<History> fit(Loader&& loader, const O& optimizer, const Options& options = {}) {
    if (const auto* all = loader.all(); all && !options.sample_weights)
      require_samples(all->inputs, "AnomalyDetector::fit");
    detail::check_rows(Samples(nullptr, loader.rows(), loader.size()), value_count(), "AnomalyDetector::fit");
    return fit_to(static_cast<BatchLoader<Scalar>&>(loader), optimizer, options);
  }

  /// The score of each sample; higher is odder.
  std::vector<double> score(Samples samples) const {
    require_samples(samples, "AnomalyDetector::score");
    return fitted().score_all(scores_, options_.average, samples, "AnomalyDetector::score");
  }
  /// The score of each sample of a loader, such as a `Stream`, in order.
  template <BatchLoaderOf<Scalar> Loader>
  std::vector<double> score(Loader&& loader) const {
    detail::check_rows(Samples(nullptr, loader.rows(), loader.size()), value_count(), "AnomalyDetector::score");
    return detail::score_loader(fitted(), scores_, options_.average, loader);
  }
  /// The score of one sample. It does not allocate once the workspace has served one, except for scores that say so.
  double score(Samples sample, Workspace& workspace) const {
    detail::check_rows(sample, value_count(), "AnomalyDetector::score");
    if (sample.cols() != 1)
      throw ShapeError(detail::message({"AnomalyDetector::score: ", sample.cols(),
                                        " samples with a workspace, which "
                                        "serves one at a time"}));
    const State& state = fitted();
    double found = 0;
    const detail::FlushSubnormals flush;  // as where many are scored
    state.score(scores_, options_.average, state.scaled(sample, 0, workspace.memory_, "AnomalyDetector::score"),
                workspace.memory_, &found);
    return found;
  }

  /// Whether each sample's score is above the threshold.
  std::vector<bool> predict(Samples samples) const {
    const std::vector<double> found = score(samples);
    std::vector<bool> odd(found.size());
    for (std::size_t j = 0; j < found.size(); ++j) odd[j] = found[j] > state_.threshold;
    return odd;
  }

  /// The conformal p-value of each sample: (1 + c) / (1 + n), where c of the n held-back samples score as high. If
  /// these and the sample are normal and exchangeable, it is at most p with a probability of at most p. Source: Vovk,
  /// Gammerman & Shafer, "Algorithmic learning in a random world" (2005), section 2.2.
  std::vector<double> p_value(Samples samples) const {
    std::vector<double> found = score(samples);
    for (double& value : found) value = p_value_of(value);
    return found;
  }
  /// The p-value of a score.
  /// @throws OptionError for NaN
  double p_value_of(double score) const {
    detail::require_option(!std::isnan(score), "AnomalyDetector::p_value_of", "not be NaN");
    const std::vector<double>& normal = fitted().calibration;
    const auto lower = std::lower_bound(normal.begin(), normal.end(), score) - normal.begin();
    const auto n = static_cast<double>(normal.size());
    return (1 + n - static_cast<double>(lower)) / (1 + n);
  }

  /// Each value's part of each sample's score, values x samples. Every score states its rule. For
  /// `ScoreAverage::mean` and `standardized` the parts are averaged as the scores are (and sum to the score, up to the
  /// constant that standardizing subtracts, where the parts of each score do); for `logarithm` each score's parts are
  /// averaged as shares of their sum, so that they sum to 1. Where they overflow, infinity stands at the largest scaled
  /// value and 0 at the others. Does not compile where a score has no contributions.
  MatrixX<double> contributions(Samples samples) const {
    static_assert((detail::Contributes<ScoreTypes, Scalar> && ...),
                  "eigencoder: one of the detector's scores has no contributions: its docstring says why");
    require_samples(samples, "AnomalyDetector::contributions");
    const State& state = fitted();
    MatrixX<double> found(samples.rows(), samples.cols());
    if constexpr ((detail::Contributes<ScoreTypes, Scalar> && ...))
      state.for_each_block(samples, [&](Samples raw, Index first, detail::ScoreMemory<Scalar>& memory) {
        const Samples some = state.scaled(raw, first, memory, "AnomalyDetector::contributions");
        state.contributions(scores_, options_.average, some, memory, found.col(first).data());
      });
    return found;
  }

  /// What the models expect instead of each sample, in the units of the data: the mean of their reconstructions, values
  /// x samples.
  MatrixX<Scalar> reconstruct(Samples samples) const {
    require_samples(samples, "AnomalyDetector::reconstruct");
    return detail::mean_reconstruction(fitted(), samples);
  }

  /// Lets the scaling follow a slow drift: moves mean and variance of each value towards this sample, by
  /// `DetectorOptions::drift`. A scale never falls below a tenth of what `fit` found. Call it for samples that are
  /// normal, or rarely not. Threshold and p-values stay those of the scaling that `fit` found.
  /// Source: West, "Updating mean and variance estimates: an improved method" (1979), with constant weights.
  /// @throws OptionError where `drift` is 0
  void update(Samples sample) {
    detail::require_option(options_.drift > 0, "DetectorOptions.drift", "be above 0 for AnomalyDetector::update");
    require_samples(sample, "AnomalyDetector::update");
    fitted();
    for (Index j = 0; j < sample.cols(); ++j) detail::follow(state_, sample.column(j), options_.drift);
  }

  /// The score above which `predict` flags a sample. `fit` sets it for `DetectorOptions::false_alarms`.
  double threshold() const { return fitted().threshold; }
  /// Sets it, for example to `best_f1_threshold(scores, is_anomaly)` (evaluation/thresholds.hpp).
  /// @throws OptionError for NaN
  void set_threshold(double threshold) {
    detail::require_option(!std::isnan(threshold), "AnomalyDetector::set_threshold", "not be NaN");
    fitted();
    state_.threshold = threshold;
  }
  /// Sets it so that about this share of normal samples exceeds it, as `DetectorOptions::false_alarms` says.
  /// @throws OptionError unless it lies in (0, 1)
  void set_false_alarms(double rate) {
    detail::require_open_fraction("AnomalyDetector::set_false_alarms", rate);
    state_.threshold = detail::threshold_for(fitted().calibration, rate);
  }

  /// Whether it was fitted, or loaded.
  bool is_fitted() const { return !state_.models.empty(); }
  /// The number of values of a sample.
  Index value_count() const { return prototypes_.front().input_shape().size(); }
  const DetectorOptions& options() const { return options_; }           ///< as given
  const std::vector<Model>& models() const { return fitted().models; }  ///< the trained models
  const Scaling<double>& scaling() const { return fitted().scaling; }   ///< of the values
  /// The scores of the samples that were held back, in ascending order.
  const std::vector<double>& calibration_scores() const { return fitted().calibration; }

 private:
  using Scores = typename detail::ScoreSetOf<fits_models, Model, ScoreTypes...>::type;
  using State = detail::DetectorState<Model, Scores>;
  friend struct detail::DetectorAccess;

  /// Trains a new state from samples or a loader, and keeps it if nothing throws.
  template <class Data, class O>
  std::vector<History> fit_to(Data&& data, const O& optimizer, const Options& options) {
    detail::DetectorFit<Model, Scores, O> run(scores_, options_, optimizer, options);
    State learned = run.run(prototypes_, data);
    state_ = std::move(learned);
    return std::move(run.histories);
  }

  void require_samples(Samples samples, const char* what) const {
    detail::check_rows(samples, value_count(), what);
    detail::check_samples(samples, detail::unknown_of<Model>, what, detail::needs_missing_values);
  }
  const State& fitted() const {
    if (!is_fitted()) throw OptionError("eigencoder: this AnomalyDetector has learned nothing: fit or load it first");
    return state_;
  }

  DetectorOptions options_;
  Scores scores_;
  std::vector<Model> prototypes_;
  State state_;
};

}  // namespace eigencoder
