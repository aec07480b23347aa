#include <eigencoder/anomaly.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <vector>

#include <Eigen/Dense>

#include <eigencoder/detail/anomaly/covariance.hpp>
#include <eigencoder/extend/random.hpp>
#include "support/thrown.hpp"

using namespace eigencoder;

namespace scores_test {
namespace {

/// Samples, reconstructions and codes as a model might leave them.
struct Passed {
  MatrixX<float> samples, reconstructions, codes;
  MatrixX<float> given = {};  ///< with gaps
  ScoreInputs<float> inputs() const {
    return {samples, reconstructions, codes, given.size() > 0 ? View<float>(given) : View<float>()};
  }
  Passed only(Index j) const {
    return {samples.col(j), reconstructions.col(j), codes.col(j),
            given.size() > 0 ? MatrixX<float>(given.col(j)) : MatrixX<float>()};
  }
  /// With the values unknown for which `is_gap(value, sample)`.
  template <class IsGap>
  Passed with_gaps(const IsGap& is_gap) const {
    Passed gappy = *this;
    gappy.given = samples;
    for (Index j = 0; j < samples.cols(); ++j)
      for (Index i = 0; i < samples.rows(); ++i)
        if (is_gap(i, j)) {
          gappy.given(i, j) = std::numeric_limits<float>::quiet_NaN();
          gappy.samples(i, j) = reconstructions(i, j);
        }
    return gappy;
  }
};
Passed passed(Index values, Index count, Index code_size = 2, std::uint64_t seed = 1) {
  Passed made{MatrixX<float>(values, count), MatrixX<float>(values, count), MatrixX<float>(code_size, count)};
  Random random(seed, Purpose::user);
  for (Index j = 0; j < count; ++j) {
    const double common = random.normal();
    for (Index i = 0; i < code_size; ++i) made.codes(i, j) = static_cast<float>(random.normal() + common);
    for (Index i = 0; i < values; ++i) {
      made.reconstructions(i, j) = static_cast<float>(random.normal());
      made.samples(i, j) = made.reconstructions(i, j) + static_cast<float>(0.3 * common + 0.2 * random.normal());
    }
  }
  return made;
}

/// What a score learns from samples.
template <class Score>
ScoreState learned(const Score& score, const Passed& from) {
  ScoreState state;
  if constexpr (requires { score.fit(from.inputs(), 3, state); }) {
    score.fit(from.inputs(), 3, state);
    score.prepare(from.samples.rows(), from.codes.rows(), state);
  }
  return state;
}
template <class Score>
std::vector<double> scores(const Score& score, const ScoreState& state, const Passed& of) {
  std::vector<double> found(static_cast<std::size_t>(of.samples.cols()));
  Buffer<double> scratch;
  score.evaluate(of.inputs(), state, scratch, found.data());
  return found;
}
template <class Score>
MatrixX<double> contributions(const Score& score, const ScoreState& state, const Passed& of) {
  MatrixX<double> found(of.samples.rows(), of.samples.cols());
  Buffer<double> scratch;
  score.contributions(of.inputs(), state, scratch, found.data());
  return found;
}

template <class Check>
void for_each_score(const Check& check) {
  check(SquaredErrorScore{});
  check(MahalanobisScore{});
  check(MahalanobisScore{.with_code = false, .shrinkage = 0.1});
  check(NearestReconstructionScore{});
  check(NearestReconstructionScore{.neighbors = 1, .memory = 7});
  check(NearestReconstructionScore{.of_reconstruction = true});
}

}  // namespace

TEST_CASE("a score of a sample does not depend on the samples beside it") {
  const Passed training = passed(5, 60), others = passed(5, 9, 2, 2);
  for_each_score([&](const auto& score) {
    CAPTURE(score.name);
    const ScoreState state = learned(score, training);
    const auto together = scores(score, state, others);
    const auto parts = contributions(score, state, others);
    for (Index j = 0; j < 9; ++j) {
      CHECK(scores(score, state, others.only(j))[0] == together[static_cast<std::size_t>(j)]);
      CHECK(contributions(score, state, others.only(j)) == parts.col(j));
    }
  });
}

TEST_CASE("scores and contributions are at least 0, and finite") {
  const Passed training = passed(5, 60), others = passed(5, 40, 2, 2);
  for_each_score([&](const auto& score) {
    CAPTURE(score.name);
    const ScoreState state = learned(score, training);
    for (const double value : scores(score, state, others)) CHECK((value >= 0 && std::isfinite(value)));
    CHECK((contributions(score, state, others).array() >= 0).all());
    CHECK(contributions(score, state, others).allFinite());
  });
}

TEST_CASE("contributions of the squared error and of distances to reconstructions sum to the score") {
  const Passed training = passed(6, 50), others = passed(6, 20, 2, 2);
  const auto check = [&](const auto& score) {
    CAPTURE(score.name);
    const ScoreState state = learned(score, training);
    const auto total = scores(score, state, others);
    const MatrixX<double> parts = contributions(score, state, others);
    for (Index j = 0; j < 20; ++j)
      CHECK(parts.col(j).sum() == Approx(total[static_cast<std::size_t>(j)]).epsilon(1e-12));
  };
  check(SquaredErrorScore{});
  check(NearestReconstructionScore{});
  check(NearestReconstructionScore{.neighbors = 3, .memory = 20});
  check(NearestReconstructionScore{.neighbors = 3, .of_reconstruction = true});
}

TEST_CASE("unknown values contribute nothing, whatever stands in for them; samples without any score as before") {
  const Passed training = passed(6, 60), others = passed(6, 12, 2, 2);
  const auto is_gap = [](Index i, Index j) { return j % 2 == 1 && (i == j % 6 || i == (j + 2) % 6); };
  const Passed gappy = others.with_gaps(is_gap);
  Passed moved = gappy;
  for (Index j = 0; j < 12; ++j)
    for (Index i = 0; i < 6; ++i)
      if (is_gap(i, j)) moved.samples(i, j) = moved.reconstructions(i, j) = 7;
  for_each_score([&](const auto& score) {
    CAPTURE(score.name);
    const ScoreState state = learned(score, training);
    const auto found = scores(score, state, gappy), complete = scores(score, state, others);
    CHECK(scores(score, state, moved) == found);
    const MatrixX<double> parts = contributions(score, state, gappy), before = contributions(score, state, others);
    for (Index j = 0; j < 12; ++j) {
      if (j % 2 == 0) {
        CHECK(found[static_cast<std::size_t>(j)] == complete[static_cast<std::size_t>(j)]);
        CHECK(parts.col(j) == before.col(j));
      }
      for (Index i = 0; i < 6; ++i) CHECK((parts(i, j) == 0) == is_gap(i, j));
      if (score.name != "mahalanobis")
        CHECK(parts.col(j).sum() == Approx(found[static_cast<std::size_t>(j)]).epsilon(1e-12));
    }
  });
}

TEST_CASE("a score of a sample with gaps is that of its known values alone") {
  const Passed training = passed(6, 80), others = passed(6, 9, 2, 2);
  const auto gap = [](Index i, Index) { return i == 1 || i == 4; };
  const auto known_alone = [](const Passed& of) {
    const std::vector<Index> rows{0, 2, 3, 5};
    return Passed{of.samples(rows, Eigen::all), of.reconstructions(rows, Eigen::all), of.codes};
  };
  for_each_score([&](const auto& score) {
    CAPTURE(score.name);
    auto same = score;  // without shrinkage, which is another for fewer values
    if constexpr (requires { same.shrinkage; }) same.shrinkage = 0;
    const ScoreState state = learned(same, training), of_known = learned(same, known_alone(training));
    const auto found = scores(same, state, others.with_gaps(gap));
    const auto expected = scores(same, of_known, known_alone(others));
    const MatrixX<double> parts = contributions(same, state, others.with_gaps(gap));
    const MatrixX<double> expected_parts = contributions(same, of_known, known_alone(others));
    for (Index j = 0; j < 9; ++j) {
      CHECK(found[static_cast<std::size_t>(j)] == Approx(expected[static_cast<std::size_t>(j)]).epsilon(1e-9));
      for (Index k = 0; k < 4; ++k)
        CHECK(parts(std::vector<Index>{0, 2, 3, 5}[static_cast<std::size_t>(k)], j) ==
              Approx(expected_parts(k, j)).epsilon(1e-8).margin(1e-12));
    }
  });
}

TEST_CASE("a covariance of samples with gaps has the variances of what is known, and an inverse") {
  MatrixX<double> data = passed(5, 400).samples.cast<double>();
  const MatrixX<double> complete = detail::shrunk_covariance(data, detail::column_mean(data), 0);
  std::vector<double> known;
  for (Index j = 0; j < 400; ++j) {
    if (j % 2 == 0) data(3, j) = std::numeric_limits<double>::quiet_NaN();
    else known.push_back(data(3, j));
    if (j % 3 == 0) data(1, j) = std::numeric_limits<double>::quiet_NaN();
  }
  const MatrixX<double> mean = detail::column_mean(data), found = detail::shrunk_covariance(data, mean, 0);
  const double of_known = std::accumulate(known.begin(), known.end(), 0.0) / 200;
  double variance = 0;
  for (const double value : known) variance += (value - of_known) * (value - of_known) / 200;
  CHECK(mean(3, 0) == Approx(of_known).epsilon(1e-12));
  CHECK(found(3, 3) == Approx(variance).epsilon(1e-12));
  CHECK(found(0, 2) == Approx(complete(0, 2)).epsilon(1e-12));  // of rows without gaps
  CHECK(detail::positive_definite_inverse(found).rows() == 5);
}

TEST_CASE("the squared error is that of the reconstruction") {
  const Passed some = passed(4, 7);
  const auto found = scores(SquaredErrorScore{}, {}, some);
  for (Index j = 0; j < 7; ++j)
    CHECK(found[static_cast<std::size_t>(j)] ==
          Approx((some.samples.col(j) - some.reconstructions.col(j)).cast<double>().squaredNorm()));
}

TEST_CASE("the Mahalanobis score is the distance in the covariance that it learned") {
  const Passed training = passed(5, 80), others = passed(5, 10, 2, 2);
  for (const bool with_code : {false, true}) {
    const MahalanobisScore score{.with_code = with_code, .shrinkage = 0};
    const ScoreState state = learned(score, training);
    const auto features = [&](const Passed& of) {
      MatrixX<double> v(with_code ? 7 : 5, of.samples.cols());
      v.topRows(5) = of.samples.cast<double>() - of.reconstructions.cast<double>();
      if (with_code) v.bottomRows(2) = of.codes.cast<double>();
      return v;
    };
    const MatrixX<double> data = features(training), mean = data.rowwise().mean(),
                          centered = data.colwise() - mean.col(0);
    const MatrixX<double> covariance = centered * centered.transpose() / 80;
    CHECK(state.learned[1].isApprox(covariance, 1e-12));
    const MatrixX<double> v = features(others).colwise() - mean.col(0);
    const auto found = scores(score, state, others);
    for (Index j = 0; j < 10; ++j)
      CHECK(found[static_cast<std::size_t>(j)] == Approx(v.col(j).dot(covariance.llt().solve(v.col(j)))).epsilon(1e-9));
    // On the training samples themselves its mean is the number of values.
    const auto own = scores(score, state, training);
    CHECK(std::accumulate(own.begin(), own.end(), 0.0) / 80 == Approx(static_cast<double>(v.rows())).epsilon(1e-9));
  }
}

TEST_CASE("a Mahalanobis contribution is the fall of the score when a residual is the expected one") {
  const Passed training = passed(5, 80);
  Passed others = passed(5, 4, 2, 2);
  for (const bool with_code : {false, true}) {
    const MahalanobisScore score{.with_code = with_code};
    const ScoreState state = learned(score, training);
    const MatrixX<double> parts = contributions(score, state, others);
    for (Index j = 0; j < 4; ++j)
      for (Index i = 0; i < 5; ++i) {
        // The score is a parabola in this value: its lowest point, from three values of it.
        Passed moved = others.only(j);
        const double at = scores(score, state, moved)[0];
        moved.samples(i, 0) = others.samples(i, j) + 1;
        const double right = scores(score, state, moved)[0];
        const double step = static_cast<double>(moved.samples(i, 0)) - static_cast<double>(others.samples(i, j));
        moved.samples(i, 0) = others.samples(i, j) - 1;
        const double left = scores(score, state, moved)[0];
        const double back = static_cast<double>(others.samples(i, j)) - static_cast<double>(moved.samples(i, 0));
        REQUIRE(step == Approx(1).epsilon(1e-6));
        REQUIRE(back == Approx(1).epsilon(1e-6));
        const double curvature = (right + left - 2 * at) / 2, slope = (right - left) / 2;
        CHECK(parts(i, j) == Approx(slope * slope / (4 * curvature)).epsilon(1e-4).margin(1e-4));
      }
  }
}

TEST_CASE("a shrunk covariance lies between the measured one and its diagonal") {
  const MatrixX<double> data = passed(6, 9).samples.cast<double>(), mean = detail::column_mean(data);
  const MatrixX<double> measured = detail::shrunk_covariance(data, mean, 0),
                        diagonal = detail::shrunk_covariance(data, mean, 1);
  CHECK(diagonal.isApprox(MatrixX<double>(measured.diagonal().asDiagonal())));
  CHECK(detail::shrunk_covariance(data, mean, 0.25).isApprox(0.75 * measured + 0.25 * diagonal));
  // The rule's intensity, written as Schaefer & Strimmer do (2005, eq. 8), with their unbiased moments.
  const Index n = 9;
  MatrixX<double> z = data.colwise() - mean.col(0);
  for (Index i = 0; i < 6; ++i) z.row(i) /= std::sqrt(z.row(i).squaredNorm() / n);
  double variances = 0, squares = 0;
  for (Index a = 0; a < 6; ++a)
    for (Index b = 0; b < 6; ++b) {
      if (a == b) continue;
      double mean_product = 0, variance = 0;
      for (Index k = 0; k < n; ++k) mean_product += z(a, k) * z(b, k) / n;
      for (Index k = 0; k < n; ++k) variance += std::pow(z(a, k) * z(b, k) - mean_product, 2);
      variances += variance / ((n - 1.0) * n);
      squares += mean_product * mean_product;
    }
  CHECK(detail::shrinkage_intensity(z) == Approx(std::clamp(variances / squares, 1.0 / n, 1.0)));
}

TEST_CASE("covariances of few, equal or constant samples have inverses") {
  const auto inverse_of = [](const MatrixX<double>& data) {
    return detail::positive_definite_inverse(detail::shrunk_covariance(data, detail::column_mean(data), -1));
  };
  MatrixX<double> data = passed(8, 3).samples.cast<double>();  // fewer samples than values
  CHECK(inverse_of(data).rows() == 8);
  CHECK(inverse_of(data.leftCols(2)).rows() == 8);
  CHECK(inverse_of(data.leftCols(1)) == MatrixX<double>::Identity(8, 8));
  const MatrixX<double> line = data.col(0) * Eigen::RowVectorXd::LinSpaced(40, -1, 1);  // correlations of 1 and -1
  CHECK(inverse_of(line).allFinite());
  CHECK(inverse_of(line).rows() == 8);
  data.row(3).setConstant(5);
  data.row(4) *= 1e9;
  CHECK(inverse_of(data).allFinite());
  CHECK(inverse_of(MatrixX<double>::Constant(4, 10, 2.5)) == MatrixX<double>::Identity(4, 4));
  MatrixX<double> wrong = MatrixX<double>::Identity(3, 3);
  wrong(2, 2) = -1;
  CHECK(detail::positive_definite_inverse(wrong).size() == 0);
  wrong << 1, 2, 0, 2, 1, 0, 0, 0, 1;
  CHECK(detail::positive_definite_inverse(wrong).size() == 0);
  wrong << 1, 0.5, 0, 0, 1, 0, 0, 0, 1;  // not symmetric
  CHECK(detail::positive_definite_inverse(wrong).size() == 0);
  wrong.setIdentity();
  wrong(0, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(detail::positive_definite_inverse(wrong).size() == 0);
}

TEST_CASE("the nearest reconstructions are the nearest") {
  const Passed training = passed(3, 40), others = passed(3, 12, 2, 2);
  for (const Index neighbors : {1, 4, 40, 100}) {
    const bool of_reconstruction = neighbors == 4;
    const NearestReconstructionScore score{.neighbors = neighbors, .of_reconstruction = of_reconstruction};
    const ScoreState state = learned(score, training);
    const auto found = scores(score, state, others);
    for (Index j = 0; j < 12; ++j) {
      std::vector<double> distances;
      for (Index m = 0; m < 40; ++m)
        distances.push_back(((of_reconstruction ? others.reconstructions : others.samples).col(j) -
                             training.reconstructions.col(m)).cast<double>().norm());
      std::sort(distances.begin(), distances.end());
      const auto count = static_cast<std::size_t>(std::min<Index>(neighbors, 40));
      CHECK(found[static_cast<std::size_t>(j)] ==
            Approx(std::accumulate(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
                   static_cast<double>(count))
                .epsilon(1e-5));
    }
  }
}

TEST_CASE("a memory is bounded and drawn from the reconstructions, each at most once") {
  const Passed training = passed(3, 50);
  const MatrixX<double> kept = learned(NearestReconstructionScore{.memory = 20}, training).learned[0];
  REQUIRE(kept.rows() == 20);
  std::vector<Index> from;
  for (Index m = 0; m < 20; ++m)
    for (Index j = 0; j < 50; ++j)
      if (kept.row(m).transpose() == training.reconstructions.col(j).cast<double>()) from.push_back(j);
  std::sort(from.begin(), from.end());
  CHECK(from.size() == 20);
  CHECK(std::adjacent_find(from.begin(), from.end()) == from.end());
}

TEST_CASE("what a score cannot have learned is refused") {
  const Passed training = passed(5, 30);
  const auto refused = [](const auto& score, ScoreState state) {
    return thrown<DataError>([&] { score.prepare(5, 2, state); });
  };
  const MahalanobisScore mahalanobis;
  ScoreState state = learned(mahalanobis, training);
  state.learned[1](2, 2) = -1;
  CHECK(says(refused(mahalanobis, state), {"mahalanobis", "not positive definite"}));
  CHECK(says(refused(mahalanobis, {}), {"a mean of 7 values and their covariance"}));
  state.learned[1].resize(6, 6);
  CHECK(says(refused(mahalanobis, state), {"a mean of 7 values"}));
  const NearestReconstructionScore nearest;
  CHECK(says(refused(nearest, {}), {"a memory of reconstructions of 5 values"}));
  state = learned(nearest, training);
  state.learned[0](1, 1) = std::numeric_limits<double>::infinity();
  CHECK(says(refused(nearest, state), {"nearest_reconstruction"}));
}

TEST_CASE("hyperparameters of scores outside their range are refused by name") {
  CHECK(
      says(thrown<OptionError>([] { MahalanobisScore{.shrinkage = 1.5}.validate(); }), {"MahalanobisScore.shrinkage"}));
  CHECK(says(thrown<OptionError>([] { MahalanobisScore{.shrinkage = -0.5}.validate(); }), {"[0, 1]"}));
  CHECK(says(thrown<OptionError>([] { NearestReconstructionScore{.neighbors = 0}.validate(); }), {"neighbors"}));
  CHECK(says(thrown<OptionError>([] { NearestReconstructionScore{.memory = 0}.validate(); }), {"memory"}));
  CHECK(says(thrown<OptionError>([] { LikelihoodScore{.draws = 0}.validate(); }), {"LikelihoodScore.draws"}));
  CHECK(says(thrown<OptionError>([] { ReconstructionProbabilityScore{.draws = 0}.validate(); }), {"draws"}));
}

}  // namespace scores_test
