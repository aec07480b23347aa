#include <cmath>
#include <common/options.hpp>
#include <common/report.hpp>
#include <eigencoder/evaluation/structural_similarity.hpp>
#include <eigencoder/image.hpp>
#include <restore/restoration_figures.hpp>
#include <restore/restorations.hpp>
#include <sstream>
#include <string>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace restore_figures_test {

using eigencoder::Index;
using eigencoder::MatrixX;
using namespace examples;

/// Twenty white images; the upper half of each is a hole of -1.
Restorations holed() {
  Restorations set;
  set.task = Task::inpaint;
  set.shape = {12, 12, 3};
  const Index size = set.shape.size();
  set.clean = set.restored = set.damaged = MatrixX<float>::Ones(size, 20);
  set.mask = MatrixX<float>::Zero(size, 20);
  set.mask.topRows(size / 2).setOnes();
  set.damaged.topRows(size / 2).setConstant(-1);
  set.restored.topRows(size / 2).setConstant(0.9F);
  set.restored.bottomRows(size / 2).setConstant(0.2F);  // no erased value, so it does not count in the PSNR
  set.baseline = MatrixX<float>::Constant(size, 20, 1.5F);
  return set;
}

TEST_CASE("figures are those of the hole alone where there is one, of clamped values") {
  Restorations set = holed();
  const RestorationFigures found = measure_restorations(set);
  CHECK(found.images == 20);
  CHECK(found.restored.psnr == Approx(20));
  CHECK(found.damaged.mse == 1);
  CHECK(found.damaged.psnr == 0);
  CHECK(found.baseline.mse == 0);
  CHECK(found.baseline.ssim == Approx(1));
  CHECK(found.restored.ssim == Approx(eigencoder::structural_similarity(set.clean, set.restored, set.shape)));
  set.mask.resize(0, 0);
  CHECK(measure_restorations(set).restored.mse == Approx((0.01 + 0.64) / 2));
  CHECK(measure_restorations(set).damaged.mse == 0.5);
}

TEST_CASE("the report names the task and every figure") {
  Report report;
  report.images = 100;
  RestorationFigures figures{Task::upscale, 20, {0.1, 10, 0.25}, {0.001, 30, 0.75}, {0.01, 20, 0.5}};
  add_figures(report, figures);
  const std::string json = to_json(report);
  for (const char* field : {"\"task\": \"upscale\"", "\"test_images\": 20", "\"test_mse\": 0.001", "\"test_psnr\": 30",
                            "\"test_ssim\": 0.75", "\"corrupted_psnr\": 10", "\"corrupted_ssim\": 0.25",
                            "\"baseline_psnr\": 20", "\"baseline_ssim\": 0.5"}) {
    INFO(field);
    CHECK(json.find(field) != std::string::npos);
  }
}

TEST_CASE("the table of a task fits 80 columns and says what it compares") {
  Report report;
  report.images = 60000;
  for (const Task task : all_tasks) {
    const std::string table = to_table(report, {task, 10000, {0.1, 10, 0.25}, {0.001, 30, 0.75}, {0.01, 20, 0.5}});
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
    CHECK(table.find("Held out: 10000 of 60000") != std::string::npos);
    CHECK(table.find(name_of(task)) != std::string::npos);
    CHECK(table.find("0.001000") < table.find("0.010000"));
    CHECK(table.find("10.00 dB above") != std::string::npos);
  }
}

TEST_CASE("the picture has a row each of damaged, restored, the baseline's, vivid and clean images") {
  const TemporaryFolder folder;
  Options options;
  options.out = folder / "";
  Restorations set = holed();
  set.vivid = MatrixX<float>::Constant(set.shape.size(), 20, 0.4F);
  const auto picture_of = [&] {
    write_restorations(options, set);
    return eigencoder::read_image(folder / "reconstructions.png");
  };
  const auto picture = picture_of();
  const auto value = [&](Index row, Index y, Index channel) {
    const Index line = 4 + row * (3 * 12 + 4) + 3 * y + 1, column = 4 + 10;
    return picture.samples((line * picture.shape.width + column) * 3 + channel, 0);
  };
  REQUIRE(picture.shape.height == 4 + 5 * 40);
  CHECK(picture.shape.width == 4 + 12 * 40);
  for (Index c = 0; c < 3; ++c) {
    CHECK(value(0, 2, c) == (c == 1 ? 0 : 1));  // the hole
    CHECK(value(0, 9, c) == 1);
    CHECK((std::abs)(value(1, 9, c) - 0.2F) < 0.01F);
    CHECK(value(2, 2, c) == 1);
    CHECK((std::abs)(value(3, 2, c) - 0.4F) < 0.01F);
    CHECK(value(4, 2, c) == 1);
  }
  set.vivid.resize(0, 0);
  CHECK(picture_of().shape.height == 4 + 4 * 40);
}

}  // namespace restore_figures_test
