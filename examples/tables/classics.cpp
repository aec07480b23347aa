#include "classics.hpp"

#include <algorithm>
#include <eigencoder/anomaly/mahalanobis_score.hpp>
#include <eigencoder/anomaly/nearest_reconstruction_score.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/evaluation/pca.hpp>

namespace examples {

using namespace eigencoder;

namespace {

/// The scores that one of the library's kinds gives to rows themselves, in place of residuals or of reconstructions.
template <class Score>
std::vector<double> scores_of(const Score& score, const ScoreState& state, View<double> rows) {
  std::vector<double> scores(static_cast<std::size_t>(rows.cols()));
  const MatrixX<double> zero = MatrixX<double>::Zero(rows.rows(), 1);
  Buffer<double> scratch;
  for (Index j = 0; j < rows.cols(); ++j)
    score.evaluate(ScoreInputs<double>{rows.columns(j, 1), zero, {nullptr, 0, 1}}, state, scratch,
                   &scores[static_cast<std::size_t>(j)]);
  return scores;
}

std::vector<double> nearest_neighbors(View<double> training, View<double> tested) {
  constexpr double affordable = 2e11;  // products
  const double cost_of_row = static_cast<double>(tested.cols()) * static_cast<double>(training.rows());
  const auto most = static_cast<Index>((std::max)(1000.0, affordable / cost_of_row));
  const Index searched = (std::min)(training.cols(), most);
  ScoreState state;
  state.learned = {MatrixX<double>(searched, training.rows())};
  for (Index k = 0; k < searched; ++k)
    state.learned[0].row(k) = training.matrix().col(k * training.cols() / searched).transpose();
  return scores_of(NearestReconstructionScore{.neighbors = 5, .memory = searched}, state, tested);
}

std::vector<double> mahalanobis(const MatrixX<double>& training, View<double> tested) {
  const MahalanobisScore score{.with_code = false, .shrinkage = 1e-9};  // of columns that depend on each other too
  const MatrixX<double> zero = MatrixX<double>::Zero(training.rows(), training.cols());
  ScoreState state;
  score.fit(ScoreInputs<double>{training, zero, {nullptr, 0, training.cols()}}, 0, state);
  score.prepare(training.rows(), 0, state);
  return scores_of(score, state, tested);
}

std::vector<double> pca_error(View<double> training, View<double> tested) {
  const Pca<double> all(training, training.rows());
  const double wanted = 0.9 * all.explained_variance().sum();
  Index components = 0;
  for (double sum = 0; components < all.components() && sum < wanted; ++components)
    sum += all.explained_variance()(components);
  const MatrixX<double> basis = all.basis().leftCols(components);
  std::vector<double> errors;
  for (Index j = 0; j < tested.cols(); ++j) {
    const VectorX<double> centered = tested.columns(j, 1).matrix().col(0) - all.mean();
    errors.push_back((centered - basis * (basis.transpose() * centered)).squaredNorm());
  }
  return errors;
}

}  // namespace

std::vector<MethodScores> classic_scores(View<float> training, View<float> tested) {
  const MatrixX<double> raw = training.matrix().cast<double>(), raw_tested = tested.matrix().cast<double>();
  const Scaling<double> scaling = standard_scaling(View<double>(raw), Unknown::skipped);
  const auto scaled = [&](const MatrixX<double>& values) -> MatrixX<double> {
    const MatrixX<double> found = scaling.transform(values);
    return found.array().isNaN().select(0.0, found);
  };
  const MatrixX<double> rows = scaled(raw), others = scaled(raw_tested);
  return {{"knn", "5 nearest neighbors", nearest_neighbors(rows, others)},
          {"mahalanobis", "Mahalanobis distance", mahalanobis(rows, others)},
          {"pca", "PCA, 90 % of the variance", pca_error(rows, others)}};
}

}  // namespace examples
