#include <algorithm>
#include <cmath>
#include <common/creatures.hpp>
#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/corruption/overlay.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <restore/classic.hpp>
#include <restore/diffusion.hpp>
#include <restore/marks.hpp>
#include <restore/mean_colors.hpp>
#include <restore/median_filter.hpp>
#include <restore/task.hpp>
#include <restore/unsharp_masking.hpp>
#include <string>
#include <vector>
#include "support/catch.hpp"

namespace restore_test {

using eigencoder::corrupted;
using eigencoder::Index;
using eigencoder::MatrixX;
using eigencoder::Shape;
using eigencoder::View;
using namespace examples;

static_assert(eigencoder::Corruption<ImageChange>);

constexpr Shape image{32, 32, 3};

MatrixX<float> creatures(Index count = 12) { return draw_creatures(count, 1, 32, 32).samples; }

double error(const MatrixX<float>& a, const MatrixX<float>& b) { return (a - b).cast<double>().squaredNorm(); }

TEST_CASE("tasks have names of their own, by which they are found") {
  CHECK(task_names() == std::vector<std::string>{"colorize", "inpaint", "watermark", "upscale", "deblur"});
  for (const Task task : all_tasks) CHECK(task_named(name_of(task)) == task);
  CHECK_THROWS_AS(task_named("denoise"), UsageError);
}

TEST_CASE("every task damages images, which its classic method restores to values in [0, 1]") {
  const MatrixX<float> clean = creatures();
  for (const Task task : all_tasks) {
    INFO(name_of(task));
    const MatrixX<float> damaged = corrupted(clean, image, damage_of(task), 0);
    CHECK(damaged == corrupted(clean, image, damage_of(task), 0));
    CHECK(error(damaged, clean) > 1);
    const MatrixX<float> mask = mask_of(task, clean.cols(), image, 0);
    const MatrixX<float> restored = classic(task, clean, damaged, damaged, mask, image);
    CHECK(restored.minCoeff() >= 0);
    CHECK(restored.maxCoeff() <= 1);
    if (task == Task::upscale) CHECK(restored == damaged);
    if (task == Task::watermark) continue;  // the median takes more from drawings than marks do
    CHECK(error(restored, clean) <= (task == Task::upscale ? 1 : 0.97) * error(damaged, clean));
  }
}

TEST_CASE("the mask tells where the hole is") {
  const MatrixX<float> clean = creatures();
  const MatrixX<float> damaged = corrupted(clean, image, damage_of(Task::inpaint), 5);
  const MatrixX<float> mask = mask_of(Task::inpaint, clean.cols(), image, 5);
  CHECK((damaged.array() == -1).cast<float>().matrix() == mask);
  for (Index j = 0; j < mask.cols(); ++j) CHECK(mask.col(j).sum() == 16 * 16 * 3);
  CHECK(mask_of(Task::deblur, 4, image, 5).size() == 0);
}

TEST_CASE("marks are valid, differ, and are smooth at their edges") {
  const auto marks = drawn_marks();
  REQUIRE(marks.size() == 3);
  eigencoder::Overlay{.marks = marks}.validate();
  for (const auto& mark : marks) {
    int solid = 0, clear = 0, between = 0;
    for (std::size_t i = 3; i < mark.values.size(); i += 4)
      ++(mark.values[i] == 1 ? solid : mark.values[i] == 0 ? clear : between);
    CHECK(solid > 1000);
    CHECK(clear > 1000);
    CHECK(between > 100);
    CHECK(between < 1500);
  }
  CHECK(marks[0].values != marks[1].values);
  CHECK(marks[1].values != marks[2].values);
}

TEST_CASE("a gray pixel gets the mean color of its level, or stays gray") {
  MatrixX<float> clean(9, 1), gray(9, 1), asked(6, 1);
  clean << 0.2F, 0.4F, 0.6F, 0.4F, 0.4F, 0, 1, 1, 1;
  gray << 0.5F, 0.5F, 0.5F, 0.505F, 0.505F, 0.505F, 1, 1, 1;
  asked << 0.51F, 0.51F, 0.51F, 0.7F, 0.7F, 0.7F;
  const MeanColors colors(clean, gray);
  const MatrixX<float> found = colors.colored(asked);
  CHECK(found(0) == Approx(0.3));
  CHECK(found(1) == Approx(0.4));
  CHECK(found(2) == Approx(0.3));
  CHECK(found.col(0).tail(3) == asked.col(0).tail(3));
  CHECK(colors.colored(clean.bottomRows(3).eval()) == clean.bottomRows(3));
  CHECK(MeanColors::of_text(colors.text()).colored(asked) == found);
  CHECK_THROWS_AS(MeanColors::of_text("0.5 0.5 red"), UsageError);
  CHECK_THROWS_AS(MeanColors(clean, asked), eigencoder::ShapeError);
  CHECK_THROWS_AS(MeanColors(MatrixX<float>(3, 0), MatrixX<float>(3, 0)), eigencoder::DataError);
}

TEST_CASE("diffusion gives back what is linear, and is level towards the border") {
  const Shape shape{12, 10, 2};
  MatrixX<float> ramp(shape.size(), 1), mask = MatrixX<float>::Zero(shape.size(), 1), holed;
  const auto at = [&](Index y, Index x, Index c) { return (y * shape.width + x) * 2 + c; };
  for (Index y = 0; y < 12; ++y)
    for (Index x = 0; x < 10; ++x) {
      ramp(at(y, x, 0)) = 0.05F * static_cast<float>(x) + 0.03F * static_cast<float>(y);
      ramp(at(y, x, 1)) = 0.05F * static_cast<float>(y);
    }
  for (Index y = 2; y < 9; ++y)
    for (Index x = 3; x < 8; ++x) mask(at(y, x, 0)) = mask(at(y, x, 1)) = 1;
  holed = (mask.array() > 0).select(-1.F, ramp);
  const MatrixX<float> inner = diffused(holed, mask, shape);
  CHECK((inner - ramp).cwiseAbs().maxCoeff() < 1e-4F);
  CHECK((mask.array() == 0).select(inner - ramp, 0.F).isZero(0));

  // The right half is erased up to the border, which is no boundary: what is known is spread as it is.
  mask.setZero();
  for (Index y = 0; y < 12; ++y)
    for (Index x = 5; x < 10; ++x) mask(at(y, x, 0)) = mask(at(y, x, 1)) = 1;
  const MatrixX<float> lines = MatrixX<float>::Constant(shape.size(), 1, 0.4F);
  holed = (mask.array() > 0).select(-1.F, lines);
  CHECK((diffused(holed, mask, shape) - lines).cwiseAbs().maxCoeff() < 1e-4F);
  const MatrixX<float> nothing = MatrixX<float>::Ones(shape.size(), 1);
  CHECK(diffused(lines, nothing, shape).isConstant(0.5F, 0));
  CHECK_THROWS_AS(diffused(lines, mask.topRows(10).eval(), shape), eigencoder::ShapeError);
}

TEST_CASE("what was diffused solves Laplace's equation, mirrored at the border") {
  const Shape shape{24, 20, 1};
  const MatrixX<float> images = MatrixX<float>::Random(shape.size(), 3).cwiseAbs();
  MatrixX<float> mask = MatrixX<float>::Zero(shape.size(), 3);
  const auto at = [&](Index y, Index x) { return std::clamp<Index>(y, 0, 23) * 20 + std::clamp<Index>(x, 0, 19); };
  for (Index y = 0; y < 24; ++y)
    for (Index x = 0; x < 20; ++x) {
      mask(at(y, x), 0) = y >= 3 && y < 19 && x >= 2 && x < 18 ? 1.F : 0.F;  // inside
      mask(at(y, x), 1) = y >= 8 && x >= 4 ? 1.F : 0.F;                      // in a corner
      mask(at(y, x), 2) = (y * 7 + x * 5) % 4 > 0 ? 1.F : 0.F;               // scattered
    }
  const MatrixX<float> found = diffused(images, mask, shape);
  for (Index j = 0; j < 3; ++j)
    for (Index y = 0; y < 24; ++y)
      for (Index x = 0; x < 20; ++x) {
        const float own = found(at(y, x), j);
        const float mean =
            (found(at(y - 1, x), j) + found(at(y + 1, x), j) + found(at(y, x - 1), j) + found(at(y, x + 1), j)) / 4;
        const float wanted = mask(at(y, x), j) > 0 ? mean : images(at(y, x), j);
        if ((std::abs)(own - wanted) > 2e-5F) FAIL("image " << j << " at " << y << ", " << x);
      }
}

TEST_CASE("the median is that of nine pixels, repeated at the border") {
  const Shape shape{3, 4, 1};
  MatrixX<float> x(12, 1);
  x << 9, 2, 3, 4,  //
      5, 0, 7, 8,   //
      1, 6, 11, 10;
  const MatrixX<float> y = median_filtered(x, shape);
  CHECK(y(5) == 5);    // of 0 1 2 3 5 6 7 9 11
  CHECK(y(6) == 6);    // of 0 2 3 4 6 7 8 10 11
  CHECK(y(0) == 5);    // of 9 9 9 9 2 2 5 5 0
  CHECK(y(11) == 10);  // of 7 8 8 11 11 10 10 10 10
  CHECK_THROWS_AS(median_filtered(x, {3, 4, 3}), eigencoder::ShapeError);
}

TEST_CASE("unsharp masking adds what the blur takes, within [0, 1]") {
  const Shape line{1, 5, 1};
  MatrixX<float> x(5, 1);
  x << 0.3F, 0.3F, 0.6F, 0.3F, 0.3F;
  const MatrixX<float> blurred = corrupted(x, line, eigencoder::Blur{.min_stddev = 1, .max_stddev = 1});
  const MatrixX<float> sharp = UnsharpMasking{.stddev = 1, .amount = 0.5}.sharpened(x, line);
  CHECK(sharp.isApprox(x + 0.5F * (x - blurred), 1e-6F));
  CHECK(UnsharpMasking{.stddev = 1, .amount = 9}.sharpened(x, line).maxCoeff() == 1);
  CHECK(UnsharpMasking{.stddev = 1, .amount = 0}.sharpened(x, line) == x);
}

TEST_CASE("the best values of unsharp masking sharpen more what is blurred more") {
  const MatrixX<float> clean = creatures();
  const auto best_for = [&](double stddev) {
    const eigencoder::Blur blur{.min_stddev = stddev, .max_stddev = stddev};
    const MatrixX<float> blurred = corrupted(clean, image, blur);
    const UnsharpMasking best = best_sharpening(clean, blurred, image);
    for (const UnsharpMasking other : {UnsharpMasking{0.6, 1}, UnsharpMasking{1, 2}, UnsharpMasking{2, 0.25}})
      CHECK(error(best.sharpened(blurred, image), clean) <= error(other.sharpened(blurred, image), clean));
    return best.stddev * best.stddev * best.amount;
  };
  CHECK(best_for(0.5) < best_for(1));
}

}  // namespace restore_test
