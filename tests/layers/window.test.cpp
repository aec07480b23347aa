// Windows along a side: the number of positions against a count, and no overflow.
#include <eigencoder/detail/kernels/layer_windows.hpp>
#include <eigencoder/layers/window_options.hpp>
#include <limits>

#include "support/catch.hpp"

using namespace eigencoder;

namespace window_test {
namespace {

// Positions of a window, counted one by one.
Index count_positions(const WindowSide& side, Index n) {
  Index positions = 0;
  for (Index begin = -side.before; begin + (side.kernel - 1) * side.dilation < n + side.after; begin += side.stride)
    ++positions;
  return positions > 0 ? positions : Shape::impossible;
}

template <class Visit>
void each_side(const Visit& visit) {
  for (Index kernel = 1; kernel <= 4; ++kernel)
    for (Index stride = 1; stride <= 5; ++stride)
      for (Index dilation = 1; dilation <= 3; ++dilation)
        for (Index padding = 0; padding <= 3; ++padding)
          visit(WindowSide{
              .kernel = kernel, .stride = stride, .dilation = dilation, .before = padding, .after = padding});
}

}  // namespace

TEST_CASE("a window has as many positions as a count finds") {
  each_side([](WindowSide side) {
    for (Index n = 1; n <= 12; ++n) {
      CHECK(side.output(n) == count_positions(side, n));
      CHECK(side.padding(n) == side.before);
    }
  });
}

TEST_CASE("Same gives ceil(n / stride) positions, the extra zero at the end") {
  each_side([](WindowSide side) {
    if (side.before != 0) return;
    side.same = true;
    for (Index n = 1; n <= 12; ++n) {
      // Zeros one by one, after the image first, until there are positions enough.
      const Index expected = (n + side.stride - 1) / side.stride;
      WindowSide padded = side;
      padded.same = false;
      while (count_positions(padded, n) < expected) ++(padded.after == padded.before ? padded.after : padded.before);
      CHECK(side.output(n) == expected);
      CHECK(side.padding(n) == padded.before);
    }
  });
}

TEST_CASE("a transposed window makes the sides that the window shrinks to n") {
  each_side([](WindowSide side) {
    for (side.output_padding = 0; side.output_padding < side.stride; ++side.output_padding)
      for (Index n = 1; n <= 8; ++n) {
        const Index grown = side.transposed_output(n);
        if (grown == Shape::impossible) continue;  // nothing but padding
        CHECK(side.output(grown) == n);
        CHECK((side.output_padding == 0) == (side.output(grown - 1) != n));
      }
    side.output_padding = 0;
    side.same = true;
    for (Index n = 1; n <= 8; ++n) {
      CHECK(side.transposed_output(n) == n * side.stride);
      CHECK(side.output(n * side.stride) == n);
    }
  });
}

TEST_CASE("hyperparameters out of range make a window impossible") {
  for (const Index bad : {Index{0}, Index{-2}, WindowSide::max_size + 1, std::numeric_limits<Index>::max(),
                          std::numeric_limits<Index>::min()}) {
    const bool negative = bad <= 0;
    CHECK(WindowSide{.kernel = bad}.output(5) == Shape::impossible);
    CHECK(WindowSide{.stride = bad}.output(5) == Shape::impossible);
    CHECK(WindowSide{.dilation = bad}.output(5) == Shape::impossible);
    CHECK(WindowSide{.kernel = bad, .same = true}.transposed_output(5) == Shape::impossible);
    if (bad == 0) continue;
    CHECK(WindowSide{.before = bad}.output(5) == Shape::impossible);
    CHECK(WindowSide{.after = bad}.transposed_output(5) == Shape::impossible);
    CHECK(WindowSide{.output_padding = negative ? bad : 1}.transposed_output(5) == Shape::impossible);
  }
  CHECK(WindowSide{.stride = 2, .output_padding = 2}.transposed_output(5) == Shape::impossible);
  CHECK(WindowSide{.kernel = 3}.output(2) == Shape::impossible);
  CHECK(WindowSide{.before = 2, .after = 2}.transposed_output(4) == Shape::impossible);
}

TEST_CASE("an unknown side stays unknown, an impossible one impossible") {
  constexpr WindowSide known{.kernel = 3};
  STATIC_REQUIRE(known.output(Dynamic) == Dynamic);
  STATIC_REQUIRE(known.transposed_output(Dynamic) == Dynamic);
  STATIC_REQUIRE(WindowSide{.kernel = Dynamic}.output(5) == Dynamic);
  STATIC_REQUIRE(WindowSide{.kernel = Dynamic, .same = true}.output(5) == Dynamic);
  STATIC_REQUIRE(WindowSide{.stride = Dynamic, .output_padding = 7}.transposed_output(5) == Dynamic);
  STATIC_REQUIRE(known.output(Shape::impossible) == Shape::impossible);
  STATIC_REQUIRE(known.transposed_output(Shape::impossible) == Shape::impossible);
}

// As constant expressions, in which an overflow is an error.
TEST_CASE("no size overflows") {
  constexpr Index most = WindowSide::max_size, huge = std::numeric_limits<Index>::max();
  constexpr WindowSide widest{.kernel = most, .stride = most, .dilation = most, .before = most, .after = most};
  STATIC_REQUIRE(widest.extent() == (most - 1) * most + 1);
  STATIC_REQUIRE(widest.output(5) == Shape::impossible);
  STATIC_REQUIRE(WindowSide{.kernel = most}.output(most) == 1);
  STATIC_REQUIRE(widest.transposed_output(most) == (most - 1) * most + widest.extent() - 2 * most);
  STATIC_REQUIRE(widest.transposed_output(huge) == Shape::impossible);
  STATIC_REQUIRE(WindowSide{.stride = most, .same = true}.transposed_output(most) == most * most);
  constexpr WindowSide same{.kernel = most, .stride = 1, .dilation = most, .same = true};
  STATIC_REQUIRE(same.output(7) == 7);
  STATIC_REQUIRE(same.padding(7) == (widest.extent() - 1) / 2);
  STATIC_REQUIRE(WindowSide{.before = most, .after = most}.output(huge) == Shape::impossible);
}

TEST_CASE("options shape a window") {
  using namespace eigencoder::detail;
  constexpr auto shaped = [](const auto& option) {
    Window window = Window::square(3);
    option.set(window);
    return window;
  };
  STATIC_REQUIRE(shaped(Stride<2>{}).height.stride == 2);
  STATIC_REQUIRE(shaped(Stride<2>{}).width.stride == 2);
  STATIC_REQUIRE(shaped(Stride{2, 5}).width.stride == 5);
  STATIC_REQUIRE(shaped(Dilation<2, 3>{}).width.dilation == 3);
  STATIC_REQUIRE(shaped(Padding{1, 4}).height.after == 1);
  STATIC_REQUIRE(shaped(Padding{1, 4}).width.before == 4);
  STATIC_REQUIRE(shaped(Same{}).width.same);
  STATIC_REQUIRE_FALSE(shaped(Valid{}).width.same);
  STATIC_REQUIRE(shaped(KernelWidth{5}).width.kernel == 5);
  STATIC_REQUIRE(shaped(KernelWidth{5}).height.kernel == 3);
  STATIC_REQUIRE(shaped(Groups<4>{}).groups == 4);
  STATIC_REQUIRE(shaped(OutputPadding{1, 2}).width.output_padding == 2);
  STATIC_REQUIRE(kinds_differ<Stride<2>, Same, Groups<2>>());
  STATIC_REQUIRE_FALSE(kinds_differ<Stride<2>, Same, Stride<>>());
  STATIC_REQUIRE_FALSE(kinds_differ<Padding<2>, Same>());
  STATIC_REQUIRE(has_bias<Same, WithBias>);
  STATIC_REQUIRE_FALSE(has_bias<Same, WithoutBias>);
  CHECK(Stride<2>{}.name().view() == "Stride<2>");
  CHECK(Stride<2, 1>{}.name().view() == "Stride<2, 1>");
  CHECK(Stride{2}.name().view() == "Stride{2}");
  CHECK(Padding{1, 2}.name().view() == "Padding{1, 2}");
  CHECK(Groups<>{}.name().view() == "Groups{Dynamic}");
  CHECK(Same{}.name().view() == "Same");
}

}  // namespace window_test
