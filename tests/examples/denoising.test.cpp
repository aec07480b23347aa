#include <cmath>
#include <common/baseline.hpp>
#include <common/denoising.hpp>
#include <common/digits.hpp>
#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/image.hpp>
#include <sstream>
#include <string>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using eigencoder::Index;
using eigencoder::MatrixX;
using namespace examples;

TEST_CASE("specimens keep the clean images beside the corrupted ones") {
  const auto drawn = draw_digits(30, 1);
  const Specimens lost = corrupt(drawn, eigencoder::Masking{.rate = 1}, 3);
  CHECK(lost.clean.samples == drawn.samples);
  CHECK(lost.corrupted.isZero(0));
  CHECK(lost.error_of(lost.clean) == 0);
  CHECK(lost.error_of(lost.corrupted) == Approx(drawn.samples.cast<double>().squaredNorm() / (784.0 * 30)));
}

TEST_CASE("the best number of components is that of the least error among all of them") {
  const Specimens noisy = corrupt(draw_digits(60, 1), eigencoder::GaussianNoise{.stddev = 0.6, .clipped = false}, 3);
  const Baseline pca(noisy.clean, 50);
  Index least = 1;
  const auto error = [&](Index k) {
    return noisy.error_of(Baseline(noisy.clean, k).reconstruct(noisy.corrupted));
  };
  for (Index k = 2; k <= 50; ++k)
    if (error(k) < error(least)) least = k;
  CHECK(least < 50);  // or the test would say little
  CHECK(best_components(pca, noisy) == least);
}

TEST_CASE("the table of a restoration fits 80 columns and lists its rows in order") {
  Report report;
  report.images = 60000;
  report.test_images = 12000;
  const std::string table = to_table(report, {{"the same, trained without corruption", 0.25}, {"the mean", 0.01}});
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  CHECK(table.find("0.250000") < table.find("0.010000"));
  CHECK(table.find("20.00 dB") != std::string::npos);
}

TEST_CASE("the picture shows corrupted images on top and clean ones at the bottom") {
  const TemporaryFolder folder;
  Options options;
  options.out = folder / "";
  Specimens set;
  set.clean.shape = {4, 4, 1};
  set.clean.samples = MatrixX<float>::Constant(16, 20, 1);
  set.corrupted = MatrixX<float>::Zero(16, 20);
  write_restorations(options, set, {MatrixX<float>::Constant(16, 20, 0.6F)});
  const auto picture = eigencoder::read_image(folder / "reconstructions.png");
  const auto middle = [&](Index row) {
    const Index y = (2 * row + 1) * picture.shape.height / 6;
    return picture.samples((y * picture.shape.width + 4 + 6) * 3, 0);  // inside the first image of that row
  };
  CHECK(middle(0) == 0);
  CHECK(std::abs(middle(1) - 0.6F) < 0.01F);
  CHECK(middle(2) == 1);
}
