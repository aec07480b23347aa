#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/detail/anomaly/detector_scaling.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <memory>
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

 public:
  DetectorFit(const Scores& set, const DetectorOptions& detector, const O& optimizer, const Options& options)
      : set_(set), detector_(detector), optimizer_(optimizer), options_(options) {}

  std::vector<History> histories;

  /// Learns from samples in memory.
  DetectorState<Model, Scores> run(const std::vector<Model>& prototypes, View<Scalar> samples) {
    InMemoryLoader<Scalar> loader(samples, samples);
    split(loader);
    const MatrixX<Scalar> raw = gather(loader, train_);
    const View<Scalar> unscaled(raw);
    DetectorState<Model, Scores> state =
        begin(prototypes, fit_scaling<Scalar>(detector_.scaling, unscaled, raw.rows()));
    MatrixX<Scalar> scaled(raw.rows(), raw.cols());
    for (Index j = 0; j < raw.cols(); ++j)
      scale_sample(state.scaling, raw.col(j).data(), scaled.col(j).data(),
                   static_cast<Index>(train_[static_cast<std::size_t>(j)]), "AnomalyDetector::fit");
    const Options options = scaled_options(state, Observer(SharedObserver(options_.observer)));
    const auto count = static_cast<Index>(state.models.size());
    parallel_for(count, count > 1 ? threads() : 1,
                 [&](Index k, int) { train(state, static_cast<std::size_t>(k), View<Scalar>(scaled), options); });
    finish(state, gather(loader, reference()), gather(loader, calibration_));
    return state;
  }

  /// Learns from a loader's samples.
  DetectorState<Model, Scores> run(const std::vector<Model>& prototypes, BatchLoader<Scalar>& loader) {
    split(loader);
    SubsetLoader<Scalar> raw(loader, train_, nullptr);
    BatchLoader<Scalar>& unscaled = raw;
    DetectorState<Model, Scores> state =
        begin(prototypes, fit_scaling<Scalar>(detector_.scaling, unscaled, loader.rows()));
    SubsetLoader<Scalar> scaled(loader, train_, &state.scaling);
    const Options options = scaled_options(state, options_.observer);
    for (std::size_t k = 0; k < state.models.size(); ++k) train(state, k, scaled, options);
    finish(state, gather(loader, reference()), gather(loader, calibration_));
    return state;
  }

 private:
  /// Chooses the samples that are held back: the last ones of a loader that reads from first to last, else by the seed.
  void split(const BatchLoader<Scalar>& loader) {
    const Index count = loader.size();
    if (count < 2)
      throw DataError(
          "eigencoder: AnomalyDetector::fit: one sample; expected at least two, one to train on and one "
          "held back for the threshold");
    require_countable(count, "AnomalyDetector::fit");
    const auto wanted = static_cast<Index>((std::round)(detector_.calibration * static_cast<double>(count)));
    const Index held_back = std::clamp<Index>(wanted, 1, count - 1);
    Indices order = iota(count);
    if (loader.shuffle_window() == 0) {
      Random random(options_.seed, Purpose::split, 1);
      shuffle(std::span(order), random);
    }
    const auto first = order.end() - held_back;
    calibration_.assign(first, order.end());
    train_.assign(order.begin(), first);
    std::sort(calibration_.begin(), calibration_.end());
    std::sort(train_.begin(), train_.end());
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
    for (double& scale : state.least_scale) scale /= 10;
    state.models = prototypes;
    state.scores.resize(prototypes.size());
    histories.resize(prototypes.size());
    return state;
  }

  /// The options of the models' own `fit`: with scaled validation samples, and the weights of the training samples.
  Options scaled_options(const DetectorState<Model, Scores>& state, Observer observer) const {
    Options options = options_;
    if (options_.observer) options.observer = std::move(observer);
    if (options_.validation_targets)
      throw OptionError("eigencoder: AnomalyDetector::fit: FitOptions.validation_targets: a detector reconstructs");
    if (options_.sample_weights) options.sample_weights = training_weights(options_.sample_weights.values());
    if (options_.validation) {
      const View<Scalar> raw = options_.validation.view();
      check_rows(raw, static_cast<Index>(state.scaling.scale.size()), "AnomalyDetector::fit: validation");
      MatrixX<Scalar> scaled(raw.rows(), raw.cols());
      for (Index j = 0; j < raw.cols(); ++j)
        scale_sample(state.scaling, raw.column(j), scaled.col(j).data(), j, "AnomalyDetector::fit: validation");
      options.validation = std::move(scaled);
    }
    return options;
  }

  std::vector<double> training_weights(std::span<const double> weights) const {
    const std::size_t count = train_.size() + calibration_.size();
    if (weights.size() != count)
      throw ShapeError(message({"AnomalyDetector::fit: FitOptions.sample_weights: ", weights.size(), " weights for ",
                                count, " samples"}));
    std::vector<double> chosen;
    for (const std::uint32_t j : train_) chosen.push_back(weights[j]);
    return chosen;
  }

  template <class Samples>
  void train(DetectorState<Model, Scores>& state, std::size_t k, Samples&& samples, Options options) {
    options.seed += k;
    state.models[k].initialize(options.seed);
    histories[k] = state.models[k].fit(samples, optimizer_, options);
  }

  /// Lets the scores learn, and finds the threshold.
  void finish(DetectorState<Model, Scores>& state, const MatrixX<Scalar>& reference,
              const MatrixX<Scalar>& calibration) const {
    const auto count = static_cast<Index>(state.models.size());
    const auto parts = static_cast<Index>(Scores::count);
    state.standards = MatrixX<double>(2, state.parts());
    MatrixX<Scalar> scaled(reference.rows(), reference.cols());
    for (Index j = 0; j < reference.cols(); ++j)
      scale_sample(state.scaling, reference.col(j).data(), scaled.col(j).data(), j, "AnomalyDetector::fit");
    parallel_for(count, threads(), [&](Index m, int) {
      const auto at = static_cast<std::size_t>(m);
      const Model& model = state.models[at];
      ScoreMemory<Scalar> memory;
      state.scores[at] = set_.fit(set_.inputs(model, scaled, memory), options_.seed + at);
      set_.prepare(model, state.scores[at]);
      MatrixX<double> values(scaled.cols(), parts);
      set_.evaluate(model, set_.inputs(model, scaled, memory), state.scores[at], memory, values.data());
      for (Index k = 0; k < parts; ++k) {
        const double mean = values.col(k).mean();
        const double deviation = std::sqrt((values.col(k).array() - mean).square().mean());
        state.standards(0, m * parts + k) = std::isfinite(mean) ? mean : 0;
        state.standards(1, m * parts + k) = deviation > 0 && std::isfinite(deviation) ? deviation : 1;
      }
    });
    state.calibration = state.score_all(set_, detector_.average, calibration, "AnomalyDetector::fit");
    std::sort(state.calibration.begin(), state.calibration.end());
    state.threshold = threshold_for(state.calibration, detector_.false_alarms);
  }

  static MatrixX<Scalar> gather(BatchLoader<Scalar>& loader, const Indices& indices) {
    SubsetLoader<Scalar> subset(loader, indices, nullptr);
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
