#include <common/detection_figures.hpp>
#include <common/histogram.hpp>
#include <sstream>
#include <string>
#include <vector>
#include "support/catch.hpp"

namespace detection_figures_test {

using eigencoder::Index;
using eigencoder::MatrixX;
using eigencoder::View;
using namespace examples;

/// Scores by the largest value, which is also where the heat is; images of one channel.
ImageDetector largest() {
  return {"", "the largest value",
          [](View<float> x) {
            std::vector<double> found;
            for (Index j = 0; j < x.cols(); ++j) found.push_back(static_cast<double>(x.matrix().col(j).maxCoeff()));
            return found;
          },
          [](View<float> x) { return MatrixX<double>(x.matrix().cast<double>()); }};
}

ImageDetector blind() {
  return {"blind", "a detector that sees nothing",
          [](View<float> x) { return std::vector<double>(static_cast<std::size_t>(x.cols()), 1.0); }, {}};
}

DetectionFigures figures() {
  const MatrixX<float> normal{{0.1F, 0.2F, 0.3F, 0.6F}, {0, 0, 0, 0}};
  const MatrixX<float> spots{{0.9F, 0.4F}, {0, 0.1F}}, masks{{1, 1}, {0, 0}};
  const MatrixX<float> odd{{0.15F}, {0.8F}};
  return detect({largest(), blind()}, 0.5, normal,
                {{"spots", spots, masks}, {"absent", MatrixX<float>(2, 0)}, {"odd", odd}});
}

TEST_CASE("figures of groups are those of the scores") {
  const DetectionFigures found = figures();
  REQUIRE(found.groups.size() == 2);
  CHECK(found.normal == 4);
  CHECK(found.false_alarms == 1);
  CHECK(found.false_alarm_rate() == 0.25);
  const GroupFigures& spots = found.groups[0];
  CHECK(spots.flagged == 1);
  CHECK(spots.by_detector[0].roc_auc == Approx(7.0 / 8));             // one of eight pairs is in the wrong order
  CHECK(spots.by_detector[0].average_precision == Approx(5.0 / 6));  // the mean of 1 and 2/3
  CHECK(spots.by_detector[0].pixel_roc_auc == Approx(1));
  CHECK(spots.by_detector[1].roc_auc == Approx(0.5));
  CHECK_FALSE(spots.by_detector[1].pixel_roc_auc);
  CHECK(found.groups[1].by_detector[0].roc_auc == Approx(1));
  CHECK_FALSE(found.groups[1].is_damage);
  CHECK(found.mean_damage(0).roc_auc == Approx(7.0 / 8));  // of the only kind of damage
}

TEST_CASE("figures go to the report by the names of detector and group") {
  Report report;
  add_figures(report, figures());
  const std::string json = to_json(report);
  for (const char* field : {"\"false_alarm_rate\": 0.25", "\"spots_roc_auc\": 0.875", "\"spots_pixel_roc_auc\": 1",
                            "\"spots_flagged\": 0.5", "\"odd_roc_auc\": 1", "\"damage_roc_auc\": 0.875",
                            "\"blind_spots_roc_auc\": 0.5", "\"blind_spots_pixel_roc_auc\": null"})
    CHECK(json.find(field) != std::string::npos);
  CHECK(json.find("odd_pixel") == std::string::npos);
}

TEST_CASE("the table fits 80 columns") {
  const std::string table = to_table(figures());
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 80);
    CHECK((line.empty() || line.back() != ' '));
  }
  CHECK(table.find("flags 1 of 4") != std::string::npos);
}

TEST_CASE("histograms share their bins, and each sums to 100 %") {
  const auto all = histograms({{"a", {0, 0, 1, 4}}, {"none", {}}, {"b", {2, 2}}}, 4);
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "a");
  CHECK(all[0].x == std::vector<double>{0, 1, 1, 2, 2, 3, 3, 4});
  CHECK(all[0].y == std::vector<double>{50, 50, 25, 25, 0, 0, 25, 25});
  CHECK(all[1].x == all[0].x);
  CHECK(all[1].y == std::vector<double>{0, 0, 0, 0, 100, 100, 0, 0});
  CHECK(histograms({{"same", {3, 3}}}, 2)[0].y == std::vector<double>{100, 100, 0, 0});
  CHECK(histograms({}).empty());
}

}  // namespace detection_figures_test
