// Detectors whose models allow missing values.
#include "anomaly/toy_detector.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace missing_test {
namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
using Model = Autoencoder<Encoder<Input<Dynamic>, Dense<Dynamic>, Silu, Dense<Dynamic>>, Decoder<Mirror>, SquaredError,
                          MissingValues<MaskAsInput>>;

template <class... Scores>
auto detector(Index values, const Scores&... scores) {
  return AnomalyDetector(Model{Encoder{Input{values}, Dense{16}, Silu{}, Dense{4}},
                               MissingValues<MaskAsInput>{.drop_rate = 0.2}},
                         DetectorOptions{.average = ScoreAverage::standardized}, scores...);
}

MatrixX<float> with_gaps(MatrixX<float> x) {
  for (Index j = 0; j < x.cols(); ++j) x((3 * j) % x.rows(), j) = unknown;
  return x;
}

}  // namespace

TEST_CASE("a detector learns from samples with gaps, and finds what does not fit in the others") {
  auto finds = detector(6, SquaredErrorScore{}, MahalanobisScore{}, NearestReconstructionScore{});
  const MatrixX<float> normal = with_gaps(curve_samples(6, 600, 1));
  finds.fit(normal, Adam{.learning_rate = 1e-2}, {.epochs = 40, .batch_size = 32});
  MatrixX<float> tested = with_gaps(curve_samples(6, 200, 2));
  std::vector<bool> odd(200);
  for (Index j = 100; j < 200; ++j) {
    odd[static_cast<std::size_t>(j)] = true;
    const Index moved = (3 * j + 1) % 6;
    tested(moved, j) += 3 * static_cast<float>(std::pow(3.0, static_cast<double>(moved) - 2));
  }
  const std::vector<double> scores = finds.score(tested);
  CHECK(roc_auc(scores, odd) > 0.9);

  // One by one as together, from a stream too; unknown values have no part of a squared error.
  AnomalyWorkspace<float> workspace;
  for (Index j = 0; j < 200; ++j)
    CHECK(finds.score(View<float>(tested).columns(j, 1), workspace) == scores[static_cast<std::size_t>(j)]);
  Stream stream{AnyOrder{tested}};
  CHECK(finds.score(stream) == scores);
  CHECK(finds.reconstruct(tested).allFinite());
  const MatrixX<double> parts = finds.contributions(tested);
  CHECK(parts.allFinite());
  for (Index j = 0; j < 200; ++j) CHECK(parts((3 * j) % 6, j) == 0);
}

TEST_CASE("normal samples with gaps are flagged hardly more often than others") {
  auto learned = detector(6, SquaredErrorScore{}, MahalanobisScore{}, NearestReconstructionScore{});
  const auto some_gaps = [](Index count, std::uint64_t seed) {
    MatrixX<float> x = curve_samples(6, count, seed);
    for (Index j = 0; j < count; j += 2) x((j / 2) % 6, j) = unknown;
    return x;
  };
  learned.fit(some_gaps(1500, 1), Adam{.learning_rate = 1e-2}, {.epochs = 40, .batch_size = 32});
  const std::vector<bool> odd = learned.predict(some_gaps(4000, 2));
  double flagged[2] = {};
  for (std::size_t j = 0; j < odd.size(); ++j) flagged[j % 2] += odd[j] ? 1.0 : 0.0;
  CHECK(flagged[0] < 1.5 * flagged[1]);
}

TEST_CASE("scoring a sample with gaps does not allocate") {
  auto learned = detector(6, SquaredErrorScore{}, MahalanobisScore{}, NearestReconstructionScore{});
  const MatrixX<float> x = with_gaps(curve_samples(6, 100, 1));
  learned.fit(x, Adam{}, {.epochs = 1});
  AnomalyWorkspace<float> workspace;
  learned.score(View<float>(x).columns(0, 1), workspace);
  CHECK(memory_of([&] { learned.score(View<float>(x).columns(1, 1), workspace); }) == 0);
}

TEST_CASE("a detector learns from a stream of samples with gaps") {
  auto learned = detector(4);
  Stream stream{AnyOrder{with_gaps(curve_samples(4, 100, 1))}};
  CHECK_NOTHROW(learned.fit(stream, Adam{}, {.epochs = 2}));
  CHECK(std::isfinite(learned.threshold()));
}

TEST_CASE("likelihoods of samples with gaps are those of their known values") {
  using Binary = Autoencoder<Encoder<Input<4>, Dense<6>, Tanh, Dense<2>>, Decoder<Mirror>, Bernoulli, MissingValues<>,
                             Variational<>>;
  AnomalyDetector learned(Binary{}, DetectorOptions{.scaling = DetectorScaling::none}, LikelihoodScore{.draws = 5});
  MatrixX<float> x = (curve_samples(4, 60, 1).array() > 0).cast<float>();
  for (Index j = 0; j < x.cols(); j += 2) x(j % 4, j) = unknown;
  learned.fit(x, Adam{}, {.epochs = 2});
  CHECK(std::isfinite(learned.threshold()));
  for (const double score : learned.score(x)) CHECK(std::isfinite(score));
  x(1, 1) = 3;
  CHECK(std::isinf(learned.score(x)[1]));
}

TEST_CASE("gaps are refused by a detector whose models do not allow them, infinities by all") {
  MatrixX<float> x = curve_samples(4, 50, 1);
  ToyDetector plain(toy_model(4));
  auto allows = detector(4);
  plain.fit(x, Adam{}, {.epochs = 1});
  allows.fit(x, Adam{}, {.epochs = 1});
  x(2, 7) = unknown;
  CHECK(says(thrown<DataError>([&] { plain.score(x); }),
             {"sample 7 holds NaN at value 2; unknown values need the policy MissingValues"}));
  CHECK_NOTHROW(allows.score(x));
  x.col(7).setConstant(unknown);
  CHECK(says(thrown<DataError>([&] { allows.score(x); }), {"AnomalyDetector::score: sample 7 has no known value"}));
  x(1, 3) = std::numeric_limits<float>::infinity();
  CHECK(says(thrown<DataError>([&] { allows.score(x); }), {"sample 3 holds infinity at value 1"}));
}

}  // namespace missing_test
