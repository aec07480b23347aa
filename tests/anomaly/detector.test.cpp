#include <eigencoder/anomaly.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <eigencoder/data/stream.hpp>
#include "anomaly/toy_detector.hpp"
#include "support/counted_memory.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace detector_test {
namespace {

constexpr Index values = 6;
const DetectorOptions three{.members = 3, .average = ScoreAverage::logarithm};

ToyDetector fitted(const DetectorOptions& options = three, Index count = 600, std::uint64_t seed = 5) {
  ToyDetector detector(toy_model(values), options);
  detector.fit(curve_samples(values, count, 1), Adam{.learning_rate = 3e-3}, {.epochs = 15, .seed = seed});
  return detector;
}
const ToyDetector& shared() {
  static const ToyDetector detector = fitted();
  return detector;
}

/// Everything that a detector says of samples.
struct Answers {
  std::vector<double> scores, p_values;
  std::vector<bool> flags;
  MatrixX<double> contributions;
  MatrixX<float> expected;
  double threshold;
  bool operator==(const Answers&) const = default;
};
Answers answers(const ToyDetector& detector, const MatrixX<float>& samples) {
  return {detector.score(samples),         detector.p_value(samples),     detector.predict(samples),
          detector.contributions(samples), detector.reconstruct(samples), detector.threshold()};
}

/// Normal samples with one value swapped for another sample's, a deviation or more away, and which value it was.
struct Swapped {
  MatrixX<float> samples;
  std::vector<Index> value;
};
Swapped swapped(Index count, std::uint64_t seed) {
  const MatrixX<float> normal = curve_samples(values, 4 * count, seed);
  Swapped made{normal.leftCols(count), {}};
  for (Index j = 0; j < count; ++j) {
    const Index i = j % values;
    const float deviation = std::pow(3.0F, static_cast<float>(i) - 2);
    Index from = count;
    while (std::abs(normal(i, from) - normal(i, j)) < 2 * deviation) ++from;
    made.samples(i, j) = normal(i, from);
    made.value.push_back(i);
  }
  return made;
}

/// A score of a user's own.
struct LargestError {
  static constexpr std::string_view name = "largest_error";
  void validate() const {}
  void evaluate(const ScoreInputs<float>& inputs, const ScoreState&, Buffer<double>&, double* scores) const {
    for (Index j = 0; j < inputs.samples.cols(); ++j)
      scores[j] = static_cast<double>(
          (inputs.samples.matrix().col(j) - inputs.reconstructions.matrix().col(j)).cwiseAbs().maxCoeff());
  }
};

double mean(const std::vector<bool>& flags) {
  return std::accumulate(flags.begin(), flags.end(), 0.0) / static_cast<double>(flags.size());
}

}  // namespace

TEST_CASE("a detector tells what does not fit, and which value it is") {
  const ToyDetector& detector = shared();
  const MatrixX<float> normal = curve_samples(values, 300, 2);
  const Swapped odd = swapped(300, 3);
  std::vector<double> scores = detector.score(normal);
  const std::vector<double> odd_scores = detector.score(odd.samples);
  scores.insert(scores.end(), odd_scores.begin(), odd_scores.end());
  std::vector<int> labels(300, 0);
  labels.resize(600, 1);
  CHECK(roc_auc(scores, labels) > 0.9);

  const MatrixX<double> parts = detector.contributions(odd.samples);
  Index right = 0;
  for (Index j = 0; j < 300; ++j) {
    Index largest = 0;
    parts.col(j).maxCoeff(&largest);
    right += largest == odd.value[static_cast<std::size_t>(j)] ? 1 : 0;
  }
  CHECK(right > 210);
  for (Index j = 0; j < 300; ++j) CHECK(parts.col(j).sum() == Approx(1));  // shares, as logarithms are averaged
}

TEST_CASE("about as many normal samples are flagged as were asked for") {
  ToyDetector detector = fitted({.calibration = 0.5}, 1600);
  const MatrixX<float> normal = curve_samples(values, 4000, 4);
  for (const double rate : {0.05, 0.2, 0.5}) {
    detector.set_false_alarms(rate);
    const double spread = std::sqrt(rate * (1 - rate) * (1 / 4000.0 + 1 / 800.0));
    CHECK(std::abs(mean(detector.predict(normal)) - rate) < 4 * spread);
  }
  // p-values of normal samples are uniform.
  const std::vector<double> p = detector.p_value(normal);
  CHECK(std::accumulate(p.begin(), p.end(), 0.0) / 4000 == Approx(0.5).margin(0.05));
  for (const double value : p) CHECK((value >= 1 / 801.0 && value <= 1));
}

TEST_CASE("a p-value counts the held-back samples that score as high") {
  const ToyDetector& detector = shared();
  const std::vector<double>& normal = detector.calibration_scores();
  REQUIRE(normal.size() == 120);
  CHECK(std::is_sorted(normal.begin(), normal.end()));
  CHECK(detector.p_value_of(normal.back() + 1) == 1 / 121.0);
  CHECK(detector.p_value_of(normal.front()) == 1);
  CHECK(detector.p_value_of(normal[60]) == 61 / 121.0);
  CHECK_THROWS_AS(detector.p_value_of(std::nan("")), OptionError);
  CHECK(detector.threshold() == Approx(normal[113] + 0.95 * (normal[114] - normal[113])).epsilon(1e-12));
}

TEST_CASE("a threshold is a held-back score, or lies between two, and infinity is above it") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto threshold = [](std::vector<double> sorted, double rate) { return detail::threshold_for(sorted, rate); };
  CHECK(threshold({1, 2, 3}, 0.5) == 2);
  CHECK(threshold({1, 2, 4}, 0.3) == Approx(3.6));
  CHECK(threshold({1, 2, 3}, 0.01) == 3);  // 3 samples tell no smaller share than 1 / 4
  CHECK(threshold({1, 2, 3}, 0.99) == 1);
  CHECK(threshold({7}, 0.05) == 7);
  std::vector<double> sorted(19, -1.0);
  sorted[17] = -0.5;
  sorted[18] = infinity;
  CHECK(threshold(sorted, 0.1) == -0.5);
  CHECK(threshold(sorted, 0.07) == -0.5);  // no value lies between a number and infinity
  CHECK(threshold(sorted, 0.05) < infinity);
}

TEST_CASE("detectors are the same bits for any number of threads") {
  const MatrixX<float> samples = curve_samples(values, 150, 2);
  set_threads(1);
  const Answers alone = answers(fitted(three, 300), samples);
  for (const int team : {2, 3, 8}) {
    set_threads(team);
    CHECK(answers(fitted(three, 300), samples) == alone);
  }
  set_threads(0);
}

TEST_CASE("a score does not depend on the samples beside it, nor on the way that they come in") {
  const MatrixX<float> samples = curve_samples(values, 150, 2);
  const ToyDetector& detector = shared();
  const std::vector<double> together = detector.score(samples);
  ToyDetector::Workspace workspace;
  for (Index j = 0; j < 150; ++j) {
    CHECK(detector.score(samples.col(j))[0] == together[static_cast<std::size_t>(j)]);
    CHECK(detector.score(View<float>(samples).columns(j, 1), workspace) == together[static_cast<std::size_t>(j)]);
  }
  Stream stream{AnyOrder{samples}};
  CHECK(detector.score(stream) == together);
}

TEST_CASE("scoring one sample allocates nothing once the workspace has served one") {
  const MatrixX<float> samples = curve_samples(values, 20, 2);
  ToyDetector::Workspace workspace;
  double sum = shared().score(View<float>(samples).columns(0, 1), workspace);
  CHECK(memory_of([&] {
          for (Index j = 0; j < 20; ++j) sum += shared().score(View<float>(samples).columns(j, 1), workspace);
        }) == 0);
  CHECK(std::isfinite(sum));
}

TEST_CASE("each member is a model trained by a seed of its own on the scaled training samples") {
  const MatrixX<float> samples = curve_samples(values, 100, 1).array().max(-3).min(3);
  ToyDetector detector(std::vector{toy_model(values, 1), toy_model(values, 3)},
                       DetectorOptions{.members = 2, .scaling = DetectorScaling::none});
  const std::vector<History> histories = detector.fit(samples, Adam{}, {.epochs = 2, .seed = 9});
  REQUIRE(detector.models().size() == 4);
  REQUIRE(histories.size() == 4);
  std::vector<Index> order(100);  // the last fifth is held back
  std::iota(order.begin(), order.end(), Index{0});
  Random random(9, Purpose::split, 1);
  shuffle(std::span(order), random);
  std::sort(order.begin(), order.begin() + 80);
  const MatrixX<float> training = take(samples, std::span<const Index>(order).first(80));
  for (std::size_t k = 0; k < 4; ++k) {
    ToyModel by_hand = toy_model(values, k < 2 ? 1 : 3);
    by_hand.initialize(9 + k);
    const History history = by_hand.fit(training, Adam{}, {.epochs = 2, .seed = 9 + k});
    CHECK(bits(by_hand) == bits(detector.models()[k]));
    CHECK(history.epochs.back().train_loss == histories[k].epochs.back().train_loss);
  }
}

TEST_CASE("one observer sees the epochs of all members, one at a time") {
  ToyDetector detector(toy_model(values), DetectorOptions{.members = 4});
  int epochs = 0;
  detector.fit(curve_samples(values, 80, 1), Adam{}, {.epochs = 3, .observer = [&](const EpochReport&) { ++epochs; }});
  CHECK(epochs == 12);
}

TEST_CASE("averages of scores") {
  const MatrixX<float> samples = curve_samples(values, 200, 1), others = curve_samples(values, 30, 2);
  const auto fit = [&](ScoreAverage average) {
    ToyDetector detector(toy_model(values), {.average = average});
    detector.fit(samples, Adam{}, {.epochs = 3});
    return detector;
  };
  const auto one = [&]<class Score>(const Score& score) {
    AnomalyDetector<ToyModel, Score> detector(toy_model(values), score);
    detector.fit(samples, Adam{}, {.epochs = 3});
    return detector;
  };
  const auto a = one(SquaredErrorScore{});
  const auto b = one(MahalanobisScore{});
  const auto c = one(NearestReconstructionScore{});
  const auto sa = a.score(others), sb = b.score(others), sc = c.score(others);
  const auto mean = fit(ScoreAverage::mean).score(others), logarithm = fit(ScoreAverage::logarithm).score(others);
  for (std::size_t j = 0; j < 30; ++j) {
    CHECK(mean[j] == Approx((sa[j] + sb[j] + sc[j]) / 3).epsilon(1e-12));
    CHECK(logarithm[j] == Approx((std::log(sa[j]) + std::log(sb[j]) + std::log(sc[j])) / 3).epsilon(1e-12));
  }
  // Standardized, each score counts in its deviations, and the mean over the held-back samples is 0.
  const ToyDetector standardized = fit(ScoreAverage::standardized);
  CHECK(standardized.contributions(others).allFinite());
  const auto& held_back = standardized.calibration_scores();
  // In floats, from passes of other sizes.
  CHECK(std::abs(std::accumulate(held_back.begin(), held_back.end(), 0.0) / 40) < 1e-6);
  const auto deviations = [](const std::vector<double>& all, double value) {
    const auto n = static_cast<double>(all.size());
    const double center = std::accumulate(all.begin(), all.end(), 0.0) / n;
    double square = 0;
    for (const double each : all) square += (each - center) * (each - center) / n;
    return (value - center) / std::sqrt(square);
  };
  const auto scores = standardized.score(others);
  for (std::size_t j = 0; j < 30; ++j)
    CHECK(scores[j] == Approx((deviations(a.calibration_scores(), sa[j]) + deviations(b.calibration_scores(), sb[j]) +
                               deviations(c.calibration_scores(), sc[j])) / 3).epsilon(1e-6));
  // Contributions are averaged as the scores are.
  const MatrixX<double> mean_parts = fit(ScoreAverage::mean).contributions(others);
  CHECK(mean_parts.isApprox((a.contributions(others) + b.contributions(others) + c.contributions(others)) / 3, 1e-12));
}

TEST_CASE("a reconstruction is the mean of the members', in the units of the data") {
  const ToyDetector& detector = shared();
  const MatrixX<float> samples = curve_samples(values, 10, 2);
  const Scaling<double>& scaling = detector.scaling();
  MatrixX<float> scaled(values, 10);
  for (Index j = 0; j < 10; ++j)
    for (Index i = 0; i < values; ++i) {
      const auto k = static_cast<std::size_t>(i);
      scaled(i, j) = static_cast<float>((static_cast<double>(samples(i, j)) - scaling.offset[k]) / scaling.scale[k]);
    }
  MatrixX<double> sum = MatrixX<double>::Zero(values, 10);
  for (const ToyModel& model : detector.models()) sum += model.reconstruct(scaled).cast<double>() / 3;
  for (Index i = 0; i < values; ++i) {
    const auto k = static_cast<std::size_t>(i);
    sum.row(i) = (sum.row(i).array() * scaling.scale[k] + scaling.offset[k]).matrix();
  }
  CHECK(detector.reconstruct(samples).cast<double>().isApprox(sum, 1e-5));
}

TEST_CASE("a detector follows a slow drift of mean and scale") {
  ToyDetector detector = fitted({.drift = 0.02});
  const MatrixX<float> later = curve_samples(values, 2000, 7);
  const auto moved = [&](Index first, Index count) {
    MatrixX<float> samples = later.middleCols(first, count);
    for (Index i = 0; i < values; ++i)
      samples.row(i) = (samples.row(i).array() * 1.5F + 5 * std::pow(3.0F, static_cast<float>(i) - 2)).matrix();
    return samples;
  };
  CHECK(mean(detector.predict(moved(0, 1000))) > 0.5);
  detector.update(moved(0, 1000));
  CHECK(mean(detector.predict(moved(1000, 1000))) < 0.15);

  // Constant values bring no scale to nothing.
  const std::vector<double> before = detector.scaling().scale;
  detector.update(moved(0, 1).replicate(1, 3000).eval());
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(detector.scaling().scale[i] > before[i] / 20);
}

TEST_CASE("updates that cannot be are refused, and change nothing") {
  ToyDetector detector = fitted({.drift = 0.1}, 100);
  const MatrixX<float> samples = curve_samples(values, 3, 2);
  const Answers before = answers(detector, samples);
  MatrixX<float> bad = samples;
  bad(4, 2) = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(thrown<DataError>([&] { detector.update(bad); }), {"update", "sample 2", "NaN", "value 4"}));
  CHECK(says(thrown<ShapeError>([&] { detector.update(bad.topRows(3).eval()); }), {"update", "expected 6 values"}));
  CHECK(answers(detector, samples) == before);
  ToyDetector still = fitted({}, 100);
  CHECK(says(thrown<OptionError>([&] { still.update(samples); }), {"DetectorOptions.drift"}));
}

TEST_CASE("bad samples are refused by name, and the detector stays as it was") {
  ToyDetector detector = fitted(three, 100);
  const MatrixX<float> samples = curve_samples(values, 50, 2);
  const Answers before = answers(detector, samples);
  MatrixX<float> bad = samples;
  bad(1, 7) = std::numeric_limits<float>::infinity();
  CHECK(says(thrown<DataError>([&] { detector.fit(bad, Adam{}); }), {"sample 7", "infinity", "value 1"}));
  CHECK(says(thrown<DataError>([&] { detector.score(bad); }), {"sample 7", "infinity", "value 1"}));
  CHECK(says(thrown<DataError>([&] { detector.contributions(bad); }), {"sample 7"}));
  CHECK(says(thrown<DataError>([&] { detector.reconstruct(bad); }), {"sample 7"}));
  bad(1, 7) = 0;
  bad(2, 9) = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(thrown<DataError>([&] { detector.predict(bad); }), {"sample 9", "NaN", "value 2"}));
  MatrixX<float> many = curve_samples(values, 2100, 2);
  many(0, 2050) = 3e38F;  // too large once it is scaled
  Stream long_stream{AnyOrder{many}};
  CHECK(says(thrown<DataError>([&] { detector.score(long_stream); }), {"sample 2050", "value 0", "too large"}));
  CHECK(says(thrown<DataError>([&] { detector.score(many); }), {"sample 2050", "value 0", "too large"}));
  Stream stream{AnyOrder{bad}};
  CHECK(says(thrown<DataError>([&] { detector.fit(stream, Adam{}); }), {"sample 9", "NaN", "value 2"}));
  CHECK(says(thrown<DataError>([&] { detector.score(stream); }), {"sample 9", "NaN", "value 2"}));
  CHECK(says(thrown<ShapeError>([&] { detector.score(samples.topRows(4).eval()); }), {"expected 6 values"}));
  CHECK(says(thrown<ShapeError>([&] { detector.fit(samples.topRows(4).eval(), Adam{}); }), {"expected 6 values"}));
  CHECK(says(thrown<DataError>([&] { detector.fit(samples.leftCols(1).eval(), Adam{}); }), {"at least two"}));
  CHECK(says(thrown<DataError>([&] { detector.fit(samples.leftCols(0).eval(), Adam{}); }), {"no samples"}));
  CHECK(thrown<DataError>([&] { detector.score(samples.leftCols(0).eval()); }) != "");
  CHECK(thrown<OptionError>([&] { detector.fit(samples, Adam{}, {.epochs = 0}); }) != "");
  CHECK(thrown<OptionError>([&] { detector.fit(samples, Adam{}, {.trim = 1}); }) != "");
  CHECK(thrown<DivergenceError>([&] { detector.fit(samples, Sgd{.learning_rate = 1e9}); }) != "");
  CHECK(thrown<ObserverError>([&] {
          detector.fit(samples, Adam{}, {.observer = [](const EpochReport&) { throw std::runtime_error("no"); }});
        }) != "");
  ToyDetector::Workspace workspace;
  CHECK(says(thrown<ShapeError>([&] { detector.score(samples, workspace); }), {"50 samples", "one at a time"}));
  CHECK(answers(detector, samples) == before);
}

TEST_CASE("a detector that learned nothing says so") {
  const ToyDetector detector(toy_model(values));
  const MatrixX<float> samples = curve_samples(values, 3, 2);
  CHECK_FALSE(detector.is_fitted());
  for (const auto& call : std::vector<std::function<void()>>{
           [&] { detector.score(samples); }, [&] { detector.predict(samples); }, [&] { detector.threshold(); },
           [&] { detector.p_value(samples); }, [&] { detector.contributions(samples); }, [&] { detector.models(); }})
    CHECK(says(thrown<OptionError>(call), {"fit or load it first"}));
}

TEST_CASE("odd data sets are learned from") {
  const auto learn = [](const MatrixX<float>& samples, DetectorScaling scaling = DetectorScaling::standard) {
    ToyDetector detector(toy_model(samples.rows()), {.scaling = scaling});
    detector.fit(samples, Adam{}, {.epochs = 2});
    for (const double score : detector.score(samples)) CHECK(std::isfinite(score));
    CHECK(detector.contributions(samples).allFinite());
    return detector;
  };
  for (const DetectorScaling scaling :
       {DetectorScaling::standard, DetectorScaling::robust, DetectorScaling::min_max, DetectorScaling::none})
    learn(curve_samples(5, 40, 1), scaling);
  for (const Index few : {2, 3, 4, 5}) learn(curve_samples(values, few, 1));
  learn(curve_samples(30, 10, 1));     // fewer samples than values
  learn(curve_samples(1, 30, 1));      // one value
  MatrixX<float> constant = curve_samples(values, 60, 1);
  constant.row(2).setConstant(7);
  ToyDetector detector = learn(constant);
  MatrixX<float> other = constant.leftCols(1);
  other(2, 0) = 8;  // the constant value is another one
  CHECK(detector.score(other)[0] > detector.score(constant.leftCols(1))[0]);
  const MatrixX<float> alike = MatrixX<float>::Constant(4, 30, 2.5F);
  CHECK(mean(learn(alike).predict(alike)) == 0);
}

TEST_CASE("a detector learns from a stream") {
  const MatrixX<float> samples = curve_samples(values, 300, 1), others = curve_samples(values, 50, 2);
  const DetectorOptions plain{.members = 2, .scaling = DetectorScaling::none};
  const FitOptions<float> options{.epochs = 3, .seed = 4};
  MatrixX<float> scaled = samples;
  for (Index i = 0; i < values; ++i) scaled.row(i) /= std::pow(3.0F, static_cast<float>(i) - 2);
  ToyDetector in_memory(toy_model(values), plain), streamed(toy_model(values), plain);
  in_memory.fit(scaled, Adam{}, options);
  Stream stream{AnyOrder{scaled}};
  streamed.fit(stream, Adam{}, options);
  CHECK(answers(streamed, others) == answers(in_memory, others));

  for (const DetectorScaling scaling : {DetectorScaling::standard, DetectorScaling::robust, DetectorScaling::min_max}) {
    ToyDetector a(toy_model(values), {.scaling = scaling}), b(toy_model(values), {.scaling = scaling});
    a.fit(samples, Adam{}, options);
    Stream again{AnyOrder{samples}};
    b.fit(again, Adam{}, options);
    for (std::size_t i = 0; i < static_cast<std::size_t>(values); ++i)
      CHECK(a.scaling().scale[i] == Approx(b.scaling().scale[i]).epsilon(1e-5));
  }

  // From a source that is read from first to last, the last samples are held back.
  Stream ordered{InOrder{samples}, {.shuffle_window = 32}};
  ToyDetector last(toy_model(values), DetectorOptions{});
  last.fit(ordered, Adam{}, options);
  std::vector<double> held_back = last.score(samples.rightCols(60).eval());
  std::sort(held_back.begin(), held_back.end());
  CHECK(held_back == last.calibration_scores());
}

TEST_CASE("scores of variational models, and a score of a user's own") {
  using Model = Autoencoder<Encoder<Input<4>, Dense<8>, Tanh, Dense<2>>, Decoder<Mirror>, Gaussian, Variational<>>;
  using Detector = AnomalyDetector<Model, LikelihoodScore, ReconstructionProbabilityScore, LargestError>;
  const MatrixX<float> samples = curve_samples(4, 300, 1), others = curve_samples(4, 20, 2);
  Detector detector(Model{}, {.average = ScoreAverage::standardized});
  detector.fit(samples, Adam{}, {.epochs = 3});
  const auto scores = detector.score(others);
  MatrixX<float> far = others;
  far.row(1).array() += 20;
  const auto odd = detector.score(far);
  for (std::size_t j = 0; j < 20; ++j) CHECK(odd[j] > scores[j]);
  // Every sample has the same draws, so its place does not matter.
  CHECK(detector.score(others.rightCols(1).eval())[0] == scores.back());
  CHECK(says(thrown<OptionError>([] { Detector(Model{}, {.average = ScoreAverage::logarithm}); }),
             {"negative_log_likelihood", "no logarithm"}));
}

TEST_CASE("a sample outside of a loss's range is infinitely unlikely, not an error") {
  using Model = Autoencoder<Encoder<Input<4>, Dense<6>, Tanh, Dense<2>>, Decoder<Mirror>, Bernoulli, Variational<>>;
  AnomalyDetector<Model, LikelihoodScore> detector(Model{}, {.scaling = DetectorScaling::min_max});
  const MatrixX<float> training = curve_samples(4, 60, 1);
  detector.fit(training, Adam{}, {.epochs = 2});  // some held-back samples lie outside
  MatrixX<float> some = training.rowwise().mean().replicate(1, 5);
  CHECK(std::isfinite(detector.score(some)[2]));
  some(1, 2) = 100;
  CHECK(detector.score(some)[2] == std::numeric_limits<double>::infinity());
  CHECK(detector.predict(some)[2]);
  CHECK(std::isfinite(detector.threshold()));
}

TEST_CASE("options of a detector outside their range are refused by name") {
  const auto refused = [](const DetectorOptions& options) {
    return thrown<OptionError>([&] { ToyDetector(toy_model(values), options); });
  };
  CHECK(says(refused({.members = 0}), {"DetectorOptions.members"}));
  CHECK(says(refused({.calibration = 1}), {"DetectorOptions.calibration"}));
  CHECK(says(refused({.calibration = 0}), {"DetectorOptions.calibration"}));
  CHECK(says(refused({.false_alarms = 1.5}), {"DetectorOptions.false_alarms"}));
  CHECK(says(refused({.reference = 0}), {"DetectorOptions.reference"}));
  CHECK(says(refused({.drift = 1}), {"DetectorOptions.drift"}));
  CHECK(says(refused({.scaling = DetectorScaling::robust, .drift = 0.1}), {"drift", "standard scaling"}));
  CHECK(says(thrown<OptionError>([] { ToyDetector(std::vector<ToyModel>{}); }), {"no models"}));
  CHECK(says(thrown<ShapeError>([] { ToyDetector(std::vector{toy_model(3), toy_model(4)}); }), {"3", "4"}));
  ToyDetector detector = fitted({}, 60);
  CHECK(thrown<OptionError>([&] { detector.set_false_alarms(0); }) != "");
  CHECK(thrown<OptionError>([&] { detector.set_threshold(std::nan("")); }) != "");
  detector.set_threshold(-1);
  CHECK(mean(detector.predict(curve_samples(values, 5, 2))) == 1);
}

TEST_CASE("a sample whose reconstruction overflows scores infinity and is flagged") {
  const ToyDetector& detector = shared();
  MatrixX<float> far = curve_samples(values, 1, 2);
  far(0, 0) = 3e37F;  // nearly the largest float once it is scaled
  const double score = detector.score(far)[0];
  CHECK((std::isinf(score) && score > 0));
  CHECK(detector.predict(far)[0]);
  CHECK(detector.p_value(far)[0] == 1 / 121.0);
  const MatrixX<double> parts = detector.contributions(far);
  CHECK(parts(0, 0) == std::numeric_limits<double>::infinity());
  CHECK(parts.bottomRows(values - 1).isZero(0));
}

}  // namespace detector_test
