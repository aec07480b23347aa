// What the weights of samples mean to a detector.
#include "anomaly/toy_detector.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

#include <eigencoder/data/split.hpp>
#include <eigencoder/data/stream.hpp>
#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace weights_of_a_detector_test {
namespace {

constexpr Index values = 6;
const DetectorOptions three{.members = 3, .average = ScoreAverage::logarithm};

}  // namespace

TEST_CASE("a sample of the weight 0 is left out, to the same bits as if it had not been given") {
  const MatrixX<float> kept = curve_samples(values, 60, 1);
  std::vector<double> weights;
  MatrixX<float> samples(values, 90);
  Index next = 0;
  for (Index j = 0; j < 90; ++j) {
    weights.push_back(j % 3 == 1 ? 0 : j % 2 == 0 ? 1 : 2);
    if (weights.back() > 0) samples.col(j) = kept.col(next++);
    else samples.col(j).setConstant(1e4F);  // in the scaling, a covariance or the threshold it would be seen
  }
  samples(2, 4) = std::numeric_limits<float>::quiet_NaN();  // a broken sensor, of weight 0
  std::vector<double> of_kept;
  std::copy_if(weights.begin(), weights.end(), std::back_inserter(of_kept), [](double w) { return w > 0; });
  const auto learned = [](auto&& data, const std::vector<double>& of_samples) {
    ToyDetector detector(toy_model(values), three);
    detector.fit(data, Adam{}, {.epochs = 2, .seed = 3, .sample_weights = of_samples});
    return detector;
  };
  const auto check = [&](const ToyDetector& with_zeros, const ToyDetector& dropped) {
    CHECK(with_zeros.scaling().offset == dropped.scaling().offset);
    CHECK(with_zeros.calibration_scores() == dropped.calibration_scores());
    CHECK(with_zeros.threshold() == dropped.threshold());
    for (std::size_t m = 0; m < 3; ++m) CHECK(bits(with_zeros.models()[m]) == bits(dropped.models()[m]));
    CHECK(with_zeros.score(kept) == dropped.score(kept));
  };
  check(learned(samples, weights), learned(kept, of_kept));
  check(learned(Stream{AnyOrder{samples}}, weights), learned(Stream{AnyOrder{kept}}, of_kept));
  check(learned(Stream{InOrder{samples}}, weights), learned(Stream{InOrder{kept}}, of_kept));

  // The other weights count in training.
  CHECK(bits(learned(kept, of_kept).models()[0]) != bits(learned(kept, std::vector<double>(60, 1.0)).models()[0]));
}

TEST_CASE("samples of the weight 0 do not make a source that is read from first to last begin anew") {
  struct Counted {
    InOrder source;
    int* passes;
    Index size() const { return source.size(); }
    Index rows() const { return source.rows(); }
    Index next(float* out, Index count) { return source.next(out, count); }
    void rewind() {
      ++*passes;
      source.rewind();
    }
  };
  const MatrixX<float> samples = curve_samples(values, 600, 1);
  const auto passes = [&](double share) {
    std::vector<double> weights;
    Random random(4, Purpose::user);
    for (Index j = 0; j < samples.cols(); ++j) weights.push_back(random.bernoulli(share) ? 0 : 1);
    int count = 0;
    ToyDetector detector(toy_model(values));
    detector.fit(Stream{Counted{InOrder{samples}, &count}, {.shuffle_window = 20}}, Adam{},
                 {.epochs = 3, .batch_size = 8, .sample_weights = weights});
    return count;
  };
  const int all = passes(0);
  CHECK(passes(0.1) <= all + 3);
  CHECK(passes(0.6) <= all + 3);
}

TEST_CASE("the samples that are held back are those of calibration_split, of the samples that count") {
  const MatrixX<float> samples = curve_samples(values, 50, 1);
  std::vector<double> weights(50, 1.0);
  std::vector<Index> counting;
  for (Index j = 0; j < 50; ++j)
    if (j % 4 == 0) weights[static_cast<std::size_t>(j)] = 0;
    else counting.push_back(j);
  ToyDetector detector(toy_model(values), three);
  detector.fit(samples, Adam{}, {.epochs = 1, .seed = 3, .sample_weights = weights});
  std::vector<Index> held_back;
  for (const Index k : calibration_split(std::ssize(counting), three, 3).test)
    held_back.push_back(counting[static_cast<std::size_t>(k)]);
  std::vector<double> scores = detector.score(take(samples, held_back));
  std::sort(scores.begin(), scores.end());
  CHECK(detector.calibration_scores() == scores);
  CHECK(says(thrown<DataError>([] { calibration_split(1, three, 3); }), {"calibration_split: 1 samples"}));
}

TEST_CASE("weights of samples that do not fit are refused, and so are none above 0") {
  const MatrixX<float> samples = curve_samples(values, 6, 1);
  const auto fit = [&](const std::vector<double>& weights) {
    ToyDetector detector(toy_model(values));
    detector.fit(samples, Adam{}, {.epochs = 1, .sample_weights = weights});
  };
  CHECK(says(thrown<ShapeError>([&] { fit({1, 1, 1, 1, 1}); }), {"AnomalyDetector::fit", "sample_weights: 5 for 6"}));
  CHECK(says(thrown<DataError>([&] { fit({1, 1, 1, 1, 1, -1}); }), {"that of sample 5 is negative"}));
  CHECK(says(thrown<DataError>([&] { fit({0, 0, 0, 0, 0, 0}); }), {"no samples", "sample_weights are all 0"}));
  CHECK(says(thrown<DataError>([&] { fit({0, 0, 3, 0, 0, 0}); }), {"one sample of a weight above 0", "at least two"}));
}

}  // namespace weights_of_a_detector_test
