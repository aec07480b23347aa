#include <eigencoder/evaluation/detection.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/view.hpp>
#include "support/thrown.hpp"

using namespace eigencoder;

namespace {

/// Scores in `levels` levels, so that many are equal, and labels that they tell apart a little.
struct LabeledScores {
  std::vector<double> scores;
  std::vector<int> labels;
};
LabeledScores draw(std::size_t n, double levels, double share, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  LabeledScores drawn;
  for (std::size_t j = 0; j < n; ++j) {
    drawn.labels.push_back(random.uniform() < share ? 1 : 0);
    drawn.scores.push_back(std::floor(levels * random.uniform() + 0.2 * levels * drawn.labels.back()) / levels - 0.5);
  }
  drawn.labels[0] = 1;
  drawn.labels[1] = 0;
  return drawn;
}

template <class Check>
void for_each_draw(const Check& check) {
  std::uint64_t seed = 0;
  for (const std::size_t n : std::initializer_list<std::size_t>{2, 3, 7, 40, 200})
    for (const double levels : {1.0, 3.0, 20.0, 1e9})
      for (const double share : {0.05, 0.5, 0.9}) {
        CAPTURE(n, levels, share);
        check(draw(n, levels, share, ++seed));
      }
}

/// Samples with scores of at least `threshold`: how many there are, and how many of them are anomalies.
struct Flagged {
  double all = 0, anomalies = 0;
};
Flagged flagged(const LabeledScores& s, double threshold) {
  Flagged found;
  for (std::size_t j = 0; j < s.scores.size(); ++j)
    if (s.scores[j] >= threshold) {
      found.all += 1;
      found.anomalies += s.labels[j];
    }
  return found;
}

const double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("metrics of scores by hand") {
  const std::vector<double> scores = {0.9, 0.8, 0.7, 0.6, 0.5};
  const std::vector<int> labels = {1, 0, 1, 0, 0};
  CHECK(roc_auc(scores, labels) == Approx(5.0 / 6));  // of 2 x 3 pairs, one is in the wrong order
  CHECK(average_precision(scores, labels) == Approx((1 + 2.0 / 3) / 2));
  CHECK(precision_at(scores, labels, 1) == 1);
  CHECK(precision_at(scores, labels, 2) == 0.5);
  CHECK(precision_at(scores, labels, 3) == Approx(2.0 / 3));
  CHECK(precision_at(scores, labels, 5) == Approx(0.4));
  CHECK(recall_at(scores, labels, 1) == 0.5);
  CHECK(recall_at(scores, labels, 2) == 0.5);
  CHECK(recall_at(scores, labels, 3) == 1);
}

TEST_CASE("perfect, inverted and constant scores") {
  const std::vector<double> scores = {4, 3, 2, 1};
  CHECK(roc_auc(scores, std::vector<int>{1, 1, 0, 0}) == 1);
  CHECK(roc_auc(scores, std::vector<int>{0, 0, 1, 1}) == 0);
  CHECK(average_precision(scores, std::vector<int>{1, 1, 0, 0}) == 1);
  CHECK(average_precision(scores, std::vector<int>{0, 0, 1, 1}) == Approx((1.0 / 3 + 1.0 / 2) / 2));
  CHECK(average_precision(scores, std::vector<int>{1, 1, 1, 1}) == 1);
  const std::vector<double> equal(8, 0.3);
  const std::vector<int> labels = {0, 1, 0, 0, 0, 0, 1, 0};
  CHECK(roc_auc(equal, labels) == 0.5);
  CHECK(average_precision(equal, labels) == 0.25);
  CHECK(precision_at(equal, labels, 3) == Approx(0.25));
  CHECK(recall_at(equal, labels, 4) == Approx(0.5));
}

TEST_CASE("the area under the ROC curve counts pairs in the right order, equal ones half") {
  for_each_draw([](const LabeledScores& s) {
    double right = 0, pairs = 0;
    for (std::size_t i = 0; i < s.scores.size(); ++i)
      for (std::size_t j = 0; j < s.scores.size(); ++j)
        if (s.labels[i] == 1 && s.labels[j] == 0) {
          pairs += 1;
          right += s.scores[i] > s.scores[j] ? 1 : s.scores[i] == s.scores[j] ? 0.5 : 0;
        }
    CHECK(roc_auc(s.scores, s.labels) == Approx(right / pairs).epsilon(1e-14));
  });
}

TEST_CASE("the average precision is the mean of the precisions at the anomalies' scores") {
  for_each_draw([](const LabeledScores& s) {
    double sum = 0, anomalies = 0;
    for (std::size_t i = 0; i < s.scores.size(); ++i)
      if (s.labels[i] == 1) {
        const Flagged found = flagged(s, s.scores[i]);
        sum += found.anomalies / found.all;
        anomalies += 1;
      }
    CHECK(average_precision(s.scores, s.labels) == Approx(sum / anomalies).epsilon(1e-13));
  });
}

TEST_CASE("precision and recall at k are means over all orders of equal scores") {
  const std::vector<double> scores = {2, 1, 2, 3, 1, 2, 1};
  for (unsigned bits = 1; bits < 128; ++bits) {
    std::vector<int> labels(7);
    for (unsigned j = 0; j < 7; ++j) labels[j] = static_cast<int>(bits >> j & 1);
    const double anomalies = std::accumulate(labels.begin(), labels.end(), 0.0);
    std::vector<double> hits(8);  // summed over all permutations that sort the scores
    double orders = 0;
    std::vector<std::size_t> order(7);
    std::iota(order.begin(), order.end(), std::size_t{0});
    do {
      if (!std::is_sorted(order.begin(), order.end(),
                          [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; }))
        continue;
      orders += 1;
      double found = 0;
      for (std::size_t k = 1; k <= 7; ++k) hits[k] += found += labels[order[k - 1]];
    } while (std::next_permutation(order.begin(), order.end()));
    REQUIRE(orders == 36);  // 1! 3! 3!
    for (Index k = 1; k <= 7; ++k) {
      const double expected = hits[static_cast<std::size_t>(k)] / orders;
      CHECK(precision_at(scores, labels, k) == Approx(expected / static_cast<double>(k)).margin(1e-15));
      CHECK(recall_at(scores, labels, k) == Approx(expected / anomalies).margin(1e-15));
    }
  }
}

TEST_CASE("the F1 score by hand, and as the harmonic mean of precision and recall") {
  CHECK(f1(std::vector<int>{1, 1, 0, 0, 1}, std::vector<int>{1, 0, 1, 0, 1}) == Approx(2.0 / 3));
  CHECK(f1(std::vector<bool>{true, false}, std::vector<bool>{true, false}) == 1);
  CHECK(f1(std::vector<bool>{true, false}, std::vector<bool>{false, true}) == 0);
  CHECK(f1(std::vector<int>{0, 0}, std::vector<int>{1, 0}) == 0);
  CHECK(f1(std::vector<int>{1, 0}, std::vector<int>{0, 0}) == 0);
  for_each_draw([](const LabeledScores& s) {
    std::vector<bool> predictions;
    for (const double score : s.scores) predictions.push_back(score >= s.scores[0]);  // at least sample 0, an anomaly
    const Flagged found = flagged(s, s.scores[0]);
    const double precision = found.anomalies / found.all;
    const double recall = found.anomalies / std::accumulate(s.labels.begin(), s.labels.end(), 0.0);
    CHECK(f1(predictions, s.labels) == Approx(2 * precision * recall / (precision + recall)).epsilon(1e-14));
    CHECK(f1(predictions, s.labels) == f1(s.labels, predictions));
  });
}

TEST_CASE("the points of the ROC curve are the rates at each distinct score, and enclose its area") {
  for_each_draw([](const LabeledScores& s) {
    const std::vector<RocPoint> curve = roc_curve(s.scores, s.labels);
    std::vector<double> distinct = s.scores;
    std::sort(distinct.begin(), distinct.end(), std::greater<>());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    REQUIRE(curve.size() == distinct.size() + 1);
    CHECK(curve[0].false_positive_rate == 0);
    CHECK(curve[0].true_positive_rate == 0);
    CHECK(curve[0].threshold == infinity);
    const Flagged all = flagged(s, -infinity);
    double area = 0;
    for (std::size_t i = 1; i < curve.size(); ++i) {
      const Flagged found = flagged(s, distinct[i - 1]);
      CHECK(curve[i].threshold == distinct[i - 1]);
      CHECK(curve[i].true_positive_rate == found.anomalies / all.anomalies);
      CHECK(curve[i].false_positive_rate == (found.all - found.anomalies) / (all.all - all.anomalies));
      area += (curve[i].false_positive_rate - curve[i - 1].false_positive_rate) *
              (curve[i].true_positive_rate + curve[i - 1].true_positive_rate) / 2;
    }
    CHECK(curve.back().true_positive_rate == 1);
    CHECK(curve.back().false_positive_rate == 1);
    CHECK(roc_auc(s.scores, s.labels) == Approx(area).margin(1e-13));
  });
}

TEST_CASE("the precision-recall curve has a point for each distinct score, and sums to the average precision") {
  for_each_draw([](const LabeledScores& s) {
    const std::vector<PrecisionRecallPoint> curve = precision_recall_curve(s.scores, s.labels);
    REQUIRE(curve.size() + 1 == roc_curve(s.scores, s.labels).size());
    const double anomalies = flagged(s, -infinity).anomalies;
    double sum = 0, recall = 0, threshold = infinity;
    for (const PrecisionRecallPoint& point : curve) {
      const Flagged found = flagged(s, point.threshold);
      CHECK(point.threshold < threshold);
      CHECK(point.precision == found.anomalies / found.all);
      CHECK(point.recall == found.anomalies / anomalies);
      sum += (point.recall - recall) * point.precision;
      recall = point.recall;
      threshold = point.threshold;
    }
    CHECK(recall == 1);
    CHECK(average_precision(s.scores, s.labels) == Approx(sum).epsilon(1e-12));
  });
}

TEST_CASE("negated scores have the complement of the area") {
  for_each_draw([](const LabeledScores& s) {
    std::vector<double> negated;
    for (const double score : s.scores) negated.push_back(-score);
    CHECK(roc_auc(negated, s.labels) == Approx(1 - roc_auc(s.scores, s.labels)).margin(1e-14));
  });
}

TEST_CASE("increasing functions of the scores and the order of the samples change nothing") {
  for_each_draw([](const LabeledScores& s) {
    LabeledScores other;
    for (std::size_t j = s.scores.size(); j-- > 0;) {
      other.scores.push_back(std::exp(3 * s.scores[j]));
      other.labels.push_back(s.labels[j]);
    }
    CHECK(roc_auc(other.scores, other.labels) == roc_auc(s.scores, s.labels));
    CHECK(average_precision(other.scores, other.labels) == average_precision(s.scores, s.labels));
    for (std::size_t k = 1; k <= s.scores.size(); ++k) {
      const auto count = static_cast<Index>(k);
      CHECK(precision_at(other.scores, other.labels, count) == precision_at(s.scores, s.labels, count));
      CHECK(recall_at(other.scores, other.labels, count) == recall_at(s.scores, s.labels, count));
    }
    const auto curve = roc_curve(s.scores, s.labels), of_other = roc_curve(other.scores, other.labels);
    REQUIRE(curve.size() == of_other.size());
    for (std::size_t i = 0; i < curve.size(); ++i) {
      CHECK(curve[i].false_positive_rate == of_other[i].false_positive_rate);
      CHECK(curve[i].true_positive_rate == of_other[i].true_positive_rate);
    }
  });
}

TEST_CASE("infinite scores rank above or below all others") {
  const std::vector<double> scores = {infinity, 1, -infinity, infinity};
  const std::vector<int> labels = {1, 1, 0, 0};
  CHECK(roc_auc(scores, labels) == Approx((0.5 + 1 + 0 + 1) / 4));
  CHECK(roc_curve(scores, labels).size() == 4);
}

TEST_CASE("scores and labels of every kind") {
  const LabeledScores s = draw(12, 4, 0.5, 99);
  const double expected = roc_auc(s.scores, s.labels);
  const std::vector<float> singles(s.scores.begin(), s.scores.end());  // quarters are exact
  const std::vector<bool> flags(s.labels.begin(), s.labels.end());
  const Eigen::VectorXd column = Eigen::Map<const Eigen::VectorXd>(s.scores.data(), 12);
  const Eigen::VectorXi numbers = Eigen::Map<const Eigen::VectorXi>(s.labels.data(), 12);
  const MatrixX<float> matrix = column.reshaped(3, 4).cast<float>();
  CHECK(roc_auc(singles, flags) == expected);
  CHECK(roc_auc(std::span(singles), std::span(s.labels)) == expected);
  CHECK(roc_auc(column, numbers) == expected);
  CHECK(roc_auc(column.transpose(), numbers.array() == 1) == expected);
  CHECK(roc_auc(View<double>(column), flags) == expected);
  CHECK(roc_auc(matrix, numbers.reshaped(3, 4)) == expected);
  CHECK(roc_auc(View<float>(matrix), s.labels) == expected);
  const Eigen::Matrix<float, 3, 4, Eigen::RowMajor> by_rows = matrix;
  CHECK(roc_auc(by_rows, s.labels) == expected);
}

TEST_CASE("metrics refuse what they cannot use") {
  const std::vector<double> scores = {0.1, 0.2, 0.3}, with_nan = {0.1, std::nan(""), 0.3}, no_scores;
  const std::vector<int> labels = {0, 1, 0}, none = {0, 0, 0}, all = {1, 1, 1}, few = {0, 1}, other = {0, 1, 2}, empty;
  const auto check = [&](const char* name, bool needs_anomalies, bool needs_normal, const auto& metric) {
    CAPTURE(name);
    CHECK(says(thrown<ShapeError>([&] { metric(scores, few); }), {name, "2", "3"}));
    CHECK(says(thrown<ShapeError>([&] { metric(no_scores, few); }), {name, "2", "0"}));
    CHECK(says(thrown<DataError>([&] { metric(no_scores, empty); }), {name, "no samples"}));
    CHECK(says(thrown<DataError>([&] { metric(with_nan, labels); }), {name, "score 1", "NaN"}));
    CHECK(says(thrown<DataError>([&] { metric(scores, other); }), {name, "label 2", "neither 0 nor 1"}));
    CHECK(says(thrown<DataError>([&] { metric(scores, with_nan); }), {name, "label 0"}));
    CHECK(says(thrown<DataError>([&] { metric(scores, none); }), {name, "no sample"}) == needs_anomalies);
    CHECK(says(thrown<DataError>([&] { metric(scores, all); }), {name, "all samples"}) == needs_normal);
  };
  check("roc_auc", true, true, [](const auto& s, const auto& l) { roc_auc(s, l); });
  check("average_precision", true, false, [](const auto& s, const auto& l) { average_precision(s, l); });
  check("precision_at", false, false, [](const auto& s, const auto& l) { precision_at(s, l, 1); });
  check("recall_at", true, false, [](const auto& s, const auto& l) { recall_at(s, l, 1); });
  check("roc_curve", true, true, [](const auto& s, const auto& l) { roc_curve(s, l); });
  check("precision_recall_curve", true, false, [](const auto& s, const auto& l) { precision_recall_curve(s, l); });
  CHECK(precision_at(scores, none, 2) == 0);
  for (const Index k : {-1, 0, 4}) {
    CHECK(says(thrown<OptionError>([&] { precision_at(scores, labels, k); }), {"precision_at", "k", "3"}));
    CHECK(says(thrown<OptionError>([&] { recall_at(scores, labels, k); }), {"recall_at", "k", "3"}));
  }

  CHECK(says(thrown<ShapeError>([&] { f1(labels, few); }), {"f1", "2", "3"}));
  CHECK(says(thrown<DataError>([&] { f1(empty, empty); }), {"f1", "no samples"}));
  CHECK(says(thrown<DataError>([&] { f1(none, none); }), {"f1", "no sample"}));
  CHECK(says(thrown<DataError>([&] { f1(other, labels); }), {"f1", "predictions", "2"}));
  CHECK(says(thrown<DataError>([&] { f1(labels, other); }), {"f1", "label 2"}));
}
