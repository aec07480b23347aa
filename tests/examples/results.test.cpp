#include <cmath>
#include <common/images.hpp>
#include <common/results.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/image.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using eigencoder::Index;
using eigencoder::MatrixX;
using eigencoder::View;
using namespace examples;

namespace {

Options options_in(const TemporaryFolder& folder) {
  Options options;
  options.program = "demo";
  options.out = folder / "";
  options.seed = 3;
  return options;
}

}  // namespace

TEST_CASE("images chosen evenly are distinct, ascending and as many as there are") {
  CHECK(evenly(3, 9) == std::vector<Index>{0, 3, 6});
  CHECK(evenly(12, 5) == std::vector<Index>{0, 1, 2, 3, 4});
  CHECK(evenly(4, 0).empty());
  const std::vector<Index> indices = evenly(12, 158);
  CHECK(indices.size() == 12);
  for (std::size_t i = 1; i < indices.size(); ++i) CHECK(indices[i] > indices[i - 1]);
  CHECK(indices.back() < 158);
}

TEST_CASE("the mean image's and PCA's errors have their closed forms") {
  // Training samples +-a along one axis and +-b along another, of four: the mean is 0, one component takes
  // the larger, and the rest is left over. The test sample lies on the kept axis, moved off it by c.
  const float a = 3, b = 1, c = 0.5F;
  MatrixX<float> train(4, 4), test(4, 1);
  train << a, -a, 0, 0, 0, 0, b, -b, 0, 0, 0, 0, 0, 0, 0, 0;
  test << 2, 0, c, 0;
  Report report;
  const auto pca = measure_baselines(report, train, test, 1);
  CHECK(pca.components() == 1);
  CHECK(std::abs(*report.mean_image_train_mse - (2 * a * a + 2 * b * b) / 16.0) < 1e-6);
  CHECK(std::abs(*report.pca_train_mse - 2 * b * b / 16.0) < 1e-6);
  CHECK(std::abs(*report.mean_image_test_mse - (4 + c * c) / 4.0) < 1e-6);
  CHECK(std::abs(*report.pca_test_mse - c * c / 4.0) < 1e-6);

  Report alone;  // no held-out part; and more components than the rank, which is two
  CHECK(measure_baselines(alone, train, {}, 4).components() == 2);
  CHECK(alone.pca_components == Index{2});
  CHECK(std::abs(*alone.pca_train_mse) < 1e-6);
  CHECK_FALSE(alone.pca_test_mse.has_value());
  CHECK_FALSE(alone.mean_image_test_mse.has_value());
}

TEST_CASE("the picture shows originals over reconstructions over PCA's") {
  const TemporaryFolder folder;
  const eigencoder::Shape shape{4, 4, 3};
  const MatrixX<float> white = MatrixX<float>::Constant(48, 20, 1), black = MatrixX<float>::Zero(48, 20),
                       gray = MatrixX<float>::Constant(48, 20, 0.6F);
  write_reconstructions(options_in(folder), shape, white, black, gray);
  const auto picture = eigencoder::read_image(folder / "reconstructions.png");
  const Index height = picture.shape.height, width = picture.shape.width;
  CHECK(picture.shape.channels == 3);
  CHECK(width > 12 * 3 * 4);  // twelve images of 4 pixels, each pixel three times as large
  const auto middle = [&](Index row) {
    const Index y = (2 * row + 1) * height / 6;
    return picture.samples((y * width + 4 + 6) * 3, 0);  // inside the first image of that row
  };
  CHECK(middle(0) == 1);
  CHECK(middle(1) == 0);
  CHECK(std::abs(middle(2) - 0.6F) < 0.01F);
}

TEST_CASE("a run closes with its figures in files and on the output") {
  const TemporaryFolder folder;
  const Options options = options_in(folder);
  Report report = report_of(options, 40);
  CHECK(report.example == "demo");
  CHECK(report.images == 40);
  CHECK(report.seed == 3);
  CHECK(report.threads == eigencoder::threads());
  write_loss(options, {3, 2, 1}, {});
  std::ostringstream out;
  std::streambuf* before = std::cout.rdbuf(out.rdbuf());
  finish(options, report);
  std::cout.rdbuf(before);
  CHECK(out.str().starts_with(to_table(report)));
  std::ifstream file(folder / "metrics.json", std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == to_json(report));
  CHECK(std::filesystem::file_size(folder / "loss.svg") > 0);

  Options nowhere = options;
  nowhere.out = folder / "nowhere";
  CHECK_THROWS_AS(finish(nowhere, report), eigencoder::FileError);
}
