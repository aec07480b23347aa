#include <eigencoder/evaluation/thresholds.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <vector>

#include <eigencoder/evaluation/detection.hpp>
#include <eigencoder/extend/random.hpp>
#include "support/thrown.hpp"

using namespace eigencoder;

namespace thresholds_test {
namespace {

struct Labeled {
  std::vector<double> scores;
  std::vector<int> labels;
};
Labeled draw(std::size_t n, int levels, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  Labeled made;
  for (std::size_t j = 0; j < n; ++j) {
    made.labels.push_back(random.uniform() < 0.3 ? 1 : 0);
    made.scores.push_back(static_cast<double>(random.below(static_cast<std::uint32_t>(levels))) + made.labels[j]);
  }
  made.labels[0] = 1;
  return made;
}
std::vector<int> flags(const std::vector<double>& scores, double threshold) {
  std::vector<int> flagged;
  for (const double score : scores) flagged.push_back(score > threshold ? 1 : 0);
  return flagged;
}
/// Every threshold that flags another set: below each score, and one that flags nothing.
std::vector<double> thresholds(const std::vector<double>& scores) {
  std::vector<double> all{std::numeric_limits<double>::infinity()};
  for (const double score : scores) all.push_back(score - 0.25);
  return all;
}

}  // namespace

TEST_CASE("no threshold has a higher F1 score than the best") {
  for (const std::size_t n : std::initializer_list<std::size_t>{1, 2, 9, 60})
    for (const int levels : {1, 4, 1000}) {
      const Labeled some = draw(n, levels, n);
      const double best = best_f1_threshold(some.scores, some.labels);
      const double reached = f1(flags(some.scores, best), some.labels);
      for (const double threshold : thresholds(some.scores))
        CHECK(f1(flags(some.scores, threshold), some.labels) <= reached);
    }
}

TEST_CASE("no threshold costs less than the cheapest") {
  const auto cost = [](const Labeled& some, double threshold, const ErrorCosts& costs) {
    double sum = 0;
    for (std::size_t j = 0; j < some.scores.size(); ++j) {
      const bool flagged = some.scores[j] > threshold;
      if (flagged && some.labels[j] == 0) sum += costs.false_alarm;
      if (!flagged && some.labels[j] == 1) sum += costs.missed_anomaly;
    }
    return sum;
  };
  for (const std::size_t n : std::initializer_list<std::size_t>{1, 2, 9, 60})
    for (const int levels : {1, 4, 1000})
      for (const ErrorCosts costs : {ErrorCosts{}, ErrorCosts{1, 1}, ErrorCosts{5, 1}, ErrorCosts{1, 0}, ErrorCosts{0, 1}}) {
        const Labeled some = draw(n, levels, 7 * n);
        const double reached = cost(some, lowest_cost_threshold(some.scores, some.labels, costs), costs);
        for (const double threshold : thresholds(some.scores)) CHECK(cost(some, threshold, costs) >= reached);
      }
}

TEST_CASE("a threshold lies between the scores that it tells apart") {
  const std::vector<int> labels{0, 0, 1, 1};
  CHECK(best_f1_threshold(std::vector{1.0, 2.0, 4.0, 5.0}, labels) == 3);
  CHECK(best_f1_threshold(std::vector{1.0, 1.0, 1.0, 1.0}, labels) < 1);
  CHECK(lowest_cost_threshold(std::vector{4.0, 5.0, 1.0, 2.0}, labels, {1, 0.1}) ==
        std::numeric_limits<double>::infinity());  // flag nothing
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(flags({-infinity, 0, infinity, infinity}, best_f1_threshold(std::vector{-infinity, 0.0, infinity, infinity}, labels)) ==
        labels);
  const double tight = 1 + std::numeric_limits<double>::epsilon();  // no number in between
  CHECK(flags({0, 1, tight, 2}, best_f1_threshold(std::vector{0.0, 1.0, tight, 2.0}, labels)) == labels);
}

TEST_CASE("thresholds of what cannot be told apart are refused") {
  const std::vector<double> scores{1, 2};
  CHECK(says(thrown<DataError>([&] { best_f1_threshold(scores, std::vector{0, 0}); }), {"best_f1_threshold", "anomaly"}));
  CHECK(thrown<ShapeError>([&] { best_f1_threshold(scores, std::vector{1}); }) != "");
  CHECK(thrown<DataError>([&] { lowest_cost_threshold(std::vector<double>{}, std::vector<int>{}); }) != "");
  CHECK(says(thrown<OptionError>([&] { lowest_cost_threshold(scores, std::vector{0, 1}, {-1, 1}); }), {"false_alarm"}));
}

}  // namespace thresholds_test
