#include <eigencoder/corruption/overlay.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "corruption/damage.hpp"
#include "support/catch.hpp"

using namespace eigencoder;

namespace overlay_test {
namespace {

using Values = std::vector<double>;

// One mark as wide as the image, which has one place, of an opacity that is known.
Overlay only(const Watermark& mark, Index width, double opacity = 1) {
  return {.marks = {mark}, .min_width = width, .max_width = width, .min_opacity = opacity, .max_opacity = opacity};
}

void check(const Overlay& overlay, const Values& image, Shape shape, const Values& expected) {
  const Values got = damage::damaged(overlay, image, shape);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).epsilon(1e-6).margin(1e-12));
}

const Watermark white{{2, 3, 2}, std::vector<float>(12, 1.0F)};

// The rectangle of an image of zeros over which a white mark was drawn, and its opacity.
struct Drawn {
  std::size_t top = 100, left = 100, bottom = 0, right = 0;
  double opacity = 0;
};
Drawn find(const Values& image, std::size_t width) {
  Drawn drawn;
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (image[i] == 0) continue;
    drawn.top = std::min(drawn.top, i / width);
    drawn.bottom = std::max(drawn.bottom, i / width + 1);
    drawn.left = std::min(drawn.left, i % width);
    drawn.right = std::max(drawn.right, i % width + 1);
    drawn.opacity = image[i];
  }
  return drawn;
}

}  // namespace

TEST_CASE("a mark covers the image by its opacity, times the drawn one") {
  const Watermark mark{{1, 2, 4}, {0.25F, 0.5F, 0.75F, 1, 1, 1, 0, 0.5F}};
  const Values image{0, 0, 0, 0.5, 0.5, 0.5};
  check(only(mark, 2), image, {1, 2, 3}, {0.25, 0.5, 0.75, 0.75, 0.75, 0.25});
  check(only(mark, 2, 0.5), image, {1, 2, 3}, {0.125, 0.25, 0.375, 0.625, 0.625, 0.375});
  check(only(mark, 2, 0), image, {1, 2, 3}, image);
  const Watermark invisible{{2, 3, 2}, std::vector<float>(12, 0.0F)};
  check(only(invisible, 3), Values(12, 0.3), {4, 3, 1}, Values(12, 0.3));
}

TEST_CASE("gray covers all colors alike, and colors cover gray by their luma") {
  const Watermark gray{{1, 2, 2}, {0.8F, 1, 0.2F, 0.5F}}, color{{1, 1, 4}, {1, 0.5F, 0.25F, 0.5F}};
  check(only(gray, 2), {0, 0, 0, 1, 1, 1}, {1, 2, 3}, {0.8, 0.8, 0.8, 0.6, 0.6, 0.6});
  check(only(color, 1), {0, 1}, {2, 1, 1}, {(0.299 + 0.587 * 0.5 + 0.114 * 0.25) / 2, 1});
}

TEST_CASE("a mark is resampled by area, colors count by their opacity") {
  // Two pixels become three: the one in the middle covers half of either. A color that is not seen does not count.
  check(only({{1, 2, 2}, {1, 1, 0, 1}}, 3), Values(6, 0.5), {2, 3, 1}, {1, 0.5, 0, 1, 0.5, 0});
  check(only({{1, 2, 2}, {1, 1, 0, 0}}, 3), Values(6, 0.2), {2, 3, 1}, {1, 0.6, 0.2, 1, 0.6, 0.2});
  // Three become two: a pixel of the image covers one and a half.
  check(only({{1, 3, 2}, {1, 1, 0.5F, 1, 0, 1}}, 2), Values(2, 0), {1, 2, 1}, {(1 + 0.25) / 1.5, 0.25 / 1.5});
  // Four times two become two times one.
  const Watermark large{{2, 4, 2}, {0.1F, 1, 0.3F, 1, 1, 1, 1, 0, 0.5F, 1, 0.7F, 1, 1, 1, 1, 0}};
  check(only(large, 2), Values(2, 0), {1, 2, 1}, {0.4, 0.5});
}

TEST_CASE("a mark keeps its aspect and fits into the image") {
  const auto size = [](Shape mark, Index width, Shape image) {
    const Watermark opaque{mark, std::vector<float>(static_cast<std::size_t>(mark.size()), 1.0F)};
    const Drawn drawn =
        find(damage::damaged(only(opaque, width), Values(static_cast<std::size_t>(image.size()), 0), image),
             static_cast<std::size_t>(image.width));
    return std::pair(drawn.bottom - drawn.top, drawn.right - drawn.left);
  };
  using Size = std::pair<std::size_t, std::size_t>;
  CHECK(size({10, 20, 2}, 8, {30, 30, 1}) == Size(4, 8));
  CHECK(size({5, 20, 2}, 6, {30, 30, 1}) == Size(2, 6));     // 1.5 rounded
  CHECK(size({1, 20, 2}, 6, {30, 30, 1}) == Size(1, 6));     // at least a pixel
  CHECK(size({10, 20, 2}, 50, {30, 12, 1}) == Size(6, 12));  // as wide as the image
  CHECK(size({20, 10, 2}, 8, {6, 30, 1}) == Size(6, 3));     // as high
}

TEST_CASE("place, size and opacity are uniform") {
  constexpr Shape shape{5, 6, 1};
  constexpr int samples = 6000;
  const Overlay overlay{.marks = {white}, .min_width = 3, .max_width = 4, .min_opacity = 0.2, .max_opacity = 0.6};
  std::map<std::array<std::size_t, 3>, int> rectangles;
  double sum = 0, squares = 0;
  for (int j = 0; j < samples; ++j) {
    const Drawn drawn = find(damage::damaged(overlay, Values(30, 0), shape, static_cast<std::uint32_t>(j)), 6);
    const std::size_t width = drawn.right - drawn.left;
    REQUIRE((width == 3 || width == 4));
    REQUIRE(drawn.bottom - drawn.top == (width == 3 ? 2 : 3));
    ++rectangles[{drawn.top, drawn.left, width}];
    const double uniform = (drawn.opacity - 0.2) / 0.4;
    REQUIRE((uniform > -1e-6 && uniform < 1 + 1e-6));
    sum += uniform;
    squares += uniform * uniform;
  }
  REQUIRE(rectangles.size() == 4 * 4 + 3 * 3);
  for (const auto& [rectangle, times] : rectangles) {
    const double p = rectangle[2] == 3 ? 0.5 / 16 : 0.5 / 9;
    CHECK(std::abs(times - samples * p) < 5 * std::sqrt(samples * p * (1 - p)));
  }
  CHECK(std::abs(sum / samples - 0.5) < 5 * std::sqrt(1.0 / 12 / samples));
  CHECK(std::abs(squares / samples - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / samples));
}

TEST_CASE("each of several draws takes one of the marks, over what was drawn before") {
  constexpr int samples = 4000;
  const Watermark one{{1, 1, 2}, {1, 1}}, half{{1, 1, 2}, {0.5F, 0.5F}};
  Overlay overlay = only(one, 1);
  overlay.marks = {one, half};
  overlay.count = 2;
  std::map<double, int> results;
  for (int j = 0; j < samples; ++j)
    ++results[damage::damaged(overlay, Values{0}, {1, 1, 1}, static_cast<std::uint32_t>(j))[0]];
  // The last mark is `one`: 1; before `half` there was `one`: 0.75, or `half`: 0.375.
  REQUIRE(results.size() == 3);
  const auto plausible = [](int times, double p) {
    return std::abs(times - samples * p) < 5 * std::sqrt(samples * p * (1 - p));
  };
  CHECK(plausible(results[1], 0.5));
  CHECK(plausible(results[0.75], 0.25));
  CHECK(plausible(results[0.375], 0.25));
}

TEST_CASE("pictures and options that cannot be drawn are refused") {
  static_assert(Corruption<Overlay>);
  static_assert(Overlay{}.diagnose({4, 4, 1}).ok() && Overlay{}.diagnose({4, 4, Dynamic}).ok());
  static_assert(Overlay{}.diagnose({4, Dynamic, 3}).ok());
  CHECK(Overlay{}.diagnose({4, 4, 2}).sentence().find("got an image of 2 channels, expected one or three channels") !=
        std::string::npos);
  CHECK_FALSE(Overlay{}.diagnose(Shape::flat(9)).ok());
  const auto refused = [](auto change) {
    Overlay overlay = only(white, 3);
    CHECK_NOTHROW(overlay.validate());
    change(overlay);
    CHECK_THROWS_AS(overlay.validate(), OptionError);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(Overlay{}.validate(), OptionError);
  refused([](Overlay& overlay) { overlay.marks[0].shape = {3, 4, 1}; });
  refused([](Overlay& overlay) { overlay.marks[0].shape = {2, 2, 3}; });
  refused([](Overlay& overlay) { overlay.marks[0].shape = {Dynamic, 3, 2}; });
  refused([](Overlay& overlay) { overlay.marks[0].values.pop_back(); });
  refused([](Overlay& overlay) { overlay.marks[0].values[3] = 1.5F; });
  refused([](Overlay& overlay) { overlay.marks[0].values[3] = std::numeric_limits<float>::quiet_NaN(); });
  refused([](Overlay& overlay) { overlay.count = 0; });
  refused([](Overlay& overlay) { overlay.min_width = 0; });
  refused([](Overlay& overlay) { overlay.max_width = 2; });
  refused([](Overlay& overlay) { overlay.max_opacity = 1.1; });
  refused([&](Overlay& overlay) { overlay.max_opacity = nan; });
  refused([&](Overlay& overlay) { overlay.min_opacity = nan; });
  refused([](Overlay& overlay) { overlay.max_opacity = 0.5; });
}

}  // namespace overlay_test
