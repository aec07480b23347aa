#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/calibration_split.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/detail/anomaly/detector_scaling.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/sample_weighting.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// An observer for several trainings at once, of which one at a time calls it.
class SharedObserver {
  class Turn {
   public:
    explicit Turn(std::atomic_flag& busy) : busy_(busy) {
      while (busy_.test_and_set(std::memory_order_acquire)) busy_.wait(true);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      busy_.clear(std::memory_order_release);
      busy_.notify_one();
    }

   private:
    std::atomic_flag& busy_;
  };

 public:
  explicit SharedObserver(const Observer& observer) : observer_(observer) {}

  /// As every observer's.
  ///@{
  Signal operator()(const EpochReport& report) const {
    const Turn turn(*busy_);
    return observer_.on_epoch(report);
  }
  void on_begin() const {
    const Turn turn(*busy_);
    observer_.on_begin();
  }
  void on_batch(const BatchReport& report) const {
    const Turn turn(*busy_);
    observer_.on_batch(report);
  }
  void on_end() const noexcept {
    const Turn turn(*busy_);
    observer_.on_end();
  }
  ///@}

 private:
  Observer observer_;
  std::shared_ptr<std::atomic_flag> busy_ = std::make_shared<std::atomic_flag>();
};

/// One call of `AnomalyDetector::fit`. It works on a new state, so that the detector's stays as it was until the end.
template <class Model, class Scores, class O>
class DetectorFit {
  using Scalar = typename Model::Scalar;
  using Options = FitOptions<Scalar>;
  using Indices = std::vector<std::uint32_t>;
  static constexpr Unknown unknown = unknown_of<Model>;

 public:
  DetectorFit(const Scores& set, const DetectorOptions& detector, const O& optimizer, const Options& options)
      : set_(set), detector_(detector), optimizer_(optimizer), options_(options) {}

  std::vector<History> histories;

  /// Learns from samples in memory.
  DetectorState<Model, Scores> run(const std::vector<Model>& prototypes, View<Scalar> samples) {
    InMemoryLoader<Scalar> loader(samples, samples);
    split(loader);
    DetectorState<Model, Scores> state = begin(prototypes, [&] {
      const MatrixX<Scalar> raw = gather(loader, train_, nullptr);
      const View<Scalar> unscaled(raw);
      return fit_scaling<Scalar>(detector_.scaling, unscaled, raw.rows(), unknown);
    }());
    const MatrixX<Scalar> training = gather(loader, train_, &state.scaling);
    const MatrixX<Scalar> held_back = gather(loader, calibration_, &state.scaling);
    const auto count = static_cast<Index>(state.models.size());
    const int team = count > 1 ? (std::min)(threads(), static_cast<int>(count)) : 1;
    const Options options =
        models_options(state, Observer(SharedObserver(options_.observer)), (count + team - 1) / team);
    parallel_for(count, team,
                 [&](Index k, int) { train(state, static_cast<std::size_t>(k), View<Scalar>(training), options); });
    finish(state, gather(loader, reference(), &state.scaling), held_back);
    return state;
  }

  /// Learns from a loader's samples.
  DetectorState<Model, Scores> run(const std::vector<Model>& prototypes, BatchLoader<Scalar>& loader) {
    split(loader);
    SubsetLoader<Scalar> raw(loader, train_, nullptr, unknown);
    BatchLoader<Scalar>& unscaled = raw;
    DetectorState<Model, Scores> state =
        begin(prototypes, fit_scaling<Scalar>(detector_.scaling, unscaled, loader.rows(), unknown));
    SubsetLoader<Scalar> scaled(loader, train_, &state.scaling, unknown);
    const MatrixX<Scalar> held_back = gather(loader, calibration_, &state.scaling);
    const Options options = models_options(state, options_.observer, static_cast<Index>(state.models.size()));
    for (std::size_t k = 0; k < state.models.size(); ++k) train(state, k, scaled, options);
    finish(state, gather(loader, reference(), &state.scaling), held_back);
    return state;
  }

 private:
  /// The indices of the samples that count: those of the weight 0 are left out, as if they had not been given.
  Indices samples_that_count(Index count) const {
    require_countable(count, "AnomalyDetector::fit");
    Indices indices = iota(count);
    if (!options_.sample_weights) return indices;
    const std::span<const double> weights = options_.sample_weights.values();
    check_sample_weights(weights, count, "AnomalyDetector::fit: FitOptions.sample_weights");
    std::erase_if(indices, [&](std::uint32_t j) { return weights[j] == 0; });
    if (indices.empty())
      throw DataError("eigencoder: AnomalyDetector::fit: no samples: FitOptions.sample_weights are all 0");
    return indices;
  }

  /// Chooses the samples that are held back: the last ones of a loader that reads from first to last, else by the seed.
  void split(const BatchLoader<Scalar>& loader) {
    const Indices order = samples_that_count(loader.size());
    const auto count = static_cast<Index>(order.size());
    if (count < 2)
      throw DataError(message({"AnomalyDetector::fit: one sample",
                               options_.sample_weights ? " of a weight above 0" : "",
                               "; expected at least two, one to train on and one held back for the threshold"}));
    Split parts = calibration_split(count, detector_, options_.seed);
    if (loader.shuffle_window() > 0) {
      std::iota(parts.train.begin(), parts.train.end(), Index{0});
      std::iota(parts.test.begin(), parts.test.end(), static_cast<Index>(parts.train.size()));
    }
    for (const Index k : parts.train) train_.push_back(order[static_cast<std::size_t>(k)]);
    for (const Index k : parts.test) calibration_.push_back(order[static_cast<std::size_t>(k)]);
  }

  /// The training samples from which the scores learn.
  Indices reference() const {
    Indices chosen = train_;
    if (static_cast<Index>(chosen.size()) <= detector_.reference) return chosen;
    Random random(options_.seed, Purpose::split, 2);
    shuffle(std::span(chosen), random);
    chosen.resize(static_cast<std::size_t>(detector_.reference));
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  }

  DetectorState<Model, Scores> begin(const std::vector<Model>& prototypes, Scaling<double> scaling) {
    DetectorState<Model, Scores> state;
    state.scaling = std::move(scaling);
    state.least_scale = state.scaling.scale;
    for (double& scale : state.least_scale) scale /= scale == 1 ? 1 : 10;  // 1 is that of a value that does not vary
    state.models = prototypes;
    state.scores.resize(prototypes.size());
    histories.resize(prototypes.size());
    return state;
  }

  /// The options of the models' own `fit`: with scaled validation samples, the weights of the training samples, and an
  /// equal share of the seconds for each of `in_turn` models that are trained one after another.
  Options models_options(const DetectorState<Model, Scores>& state, Observer observer, Index in_turn) const {
    Options options = options_;
    if (options.max_seconds) *options.max_seconds /= static_cast<double>(in_turn);
    if (options_.observer) options.observer = std::move(observer);
    if (options_.validation_targets)
      throw OptionError("eigencoder: AnomalyDetector::fit: FitOptions.validation_targets: a detector reconstructs");
    if (options_.sample_weights) {
      std::vector<double> weights;
      for (const std::uint32_t j : train_) weights.push_back(options_.sample_weights.values()[j]);
      options.sample_weights = std::move(weights);
    }
    if (options_.validation) {
      const View<Scalar> raw = options_.validation.view();
      check_rows(raw, static_cast<Index>(state.scaling.scale.size()), "AnomalyDetector::fit: validation");
      MatrixX<Scalar> scaled(raw.rows(), raw.cols());
      for (Index j = 0; j < raw.cols(); ++j)
        scale_sample(state.scaling, raw.column(j), scaled.col(j).data(), j, unknown,
                     "AnomalyDetector::fit: validation");
      options.validation = std::move(scaled);
    }
    return options;
  }

  template <class Samples>
  void train(DetectorState<Model, Scores>& state, std::size_t k, Samples&& samples, Options options) {
    options.seed += k;
    state.models[k].initialize(options.seed);
    histories[k] = state.models[k].fit(samples, optimizer_, options);
  }

  /// Lets the scores learn from scaled samples, and finds the threshold on others.
  void finish(DetectorState<Model, Scores>& state, const MatrixX<Scalar>& reference,
              const MatrixX<Scalar>& held_back) const {
    const auto count = static_cast<Index>(state.models.size());
    const auto parts = static_cast<Index>(Scores::count);
    state.standards = MatrixX<double>(2, state.parts());
    parallel_for(count, threads(), [&](Index m, int) {
      const auto at = static_cast<std::size_t>(m);
      const Model& model = state.models[at];
      ScoreMemory<Scalar> memory;
      {
        const ScoreInputCopies<Scalar> learned_from(set_, model, reference, memory);
        state.scores[at] = set_.fit(learned_from.inputs(), options_.seed + at);
      }
      set_.prepare(model, state.scores[at]);
      MatrixX<double> values(held_back.cols(), parts);
      const ScoreInputCopies<Scalar> calibrated_on(set_, model, held_back, memory);
      set_.evaluate(model, held_back, calibrated_on.inputs(), state.scores[at], memory, values.data());
      for (Index k = 0; k < parts; ++k) {
        const double mean = values.col(k).mean();
        const double deviation = std::sqrt((values.col(k).array() - mean).square().mean());
        const bool finite = std::isfinite(mean) && std::isfinite(deviation);
        state.standards(0, m * parts + k) = finite ? mean : 0;
        state.standards(1, m * parts + k) = finite && deviation > 0 ? deviation : 1;
      }
    });
    state.calibration = state.score_scaled(set_, detector_.average, held_back);
    std::sort(state.calibration.begin(), state.calibration.end());
    state.threshold = threshold_for(state.calibration, detector_.false_alarms);
  }

  /// Samples of a loader in memory, scaled unless the scaling is null.
  static MatrixX<Scalar> gather(BatchLoader<Scalar>& loader, const Indices& indices, const Scaling<double>* scaling) {
    SubsetLoader<Scalar> subset(loader, indices, scaling, unknown);
    MatrixX<Scalar> samples(loader.rows(), static_cast<Index>(indices.size()));
    Scalar* to = samples.data();
    for_each_run(iota(subset.size()), 256, [&](auto run, auto next) {
      const Batch<Scalar> batch = subset.fetch(run, next);
      to = std::copy_n(batch.inputs.data(), samples.rows() * static_cast<Index>(run.size()), to);
    });
    return samples;
  }

  const Scores& set_;
  const DetectorOptions& detector_;
  const O& optimizer_;
  const Options& options_;
  Indices train_, calibration_;
};

}  // namespace eigencoder::detail
