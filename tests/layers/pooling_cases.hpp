#pragma once

#include <eigencoder/layers/window_options.hpp>
#include <vector>

#include "support/catch.hpp"

namespace eigencoder {

// Calls `visit(layer, in, batch)` for many kinds of windows, on every image of a list that they fit.
template <template <Index, class...> class Pool, class Visit>
void each_pooling_case(const Visit& visit) {
  const auto shapes = [&](const auto& layer) {
    for (const Shape in : {Shape{1, 1, 1}, Shape{1, 1, 5}, Shape{2, 3, 1}, Shape{5, 4, 3}, Shape{7, 9, 2},
                           Shape{6, 6, 16}, Shape{12, 5, 1}})
      if (layer.output(in).is_possible())
        for (const Index batch : {1, 3}) visit(layer, in, batch);
  };
  shapes(Pool<1>{});
  shapes(Pool<2>{});
  shapes(Pool<3>{});
  shapes(Pool<2, Stride<3>>{});  // values between the windows are lost
  shapes(Pool<3, Stride<1>>{});
  shapes(Pool<3, Stride<2, 1>, Padding<1>>{});
  shapes(Pool<4, Stride<2>, Padding<2, 1>>{});
  shapes(Pool<2, Same>{});
  shapes(Pool<3, Stride<2>, Same>{});
  shapes(Pool<5, Stride<1>, Same>{});
  shapes(Pool<2, Stride<1>, Dilation<2>>{});
  shapes(Pool<2, Stride<1>, Dilation<2>, Padding<1>>{});
  shapes(Pool<3, Stride<2>, Dilation<2, 1>, Same>{});
  shapes(Pool<3, KernelWidth<1>>{});
  shapes(Pool<1, KernelWidth<4>, Same>{});
  // Many small samples share a task; a large one is a task of its own.
  visit(Pool<2>{}, Shape{4, 4, 2}, 1000);
  visit(Pool<2>{}, Shape{70, 61, 3}, 2);
}

// Calls `visit(i, j, c, seen)` for every output value, with the indices of the image's values in its window, row by
// row, from the definition: window (i, j) begins at (i, j) stride - padding.
template <class L, class Visit>
void each_window(const L& layer, Shape in, const Visit& visit) {
  const Window w = layer.window();
  const Shape out = layer.output(in);
  const auto padding = [](const WindowSide& s, Index n, Index positions) {
    if (!s.same) return s.before;
    const Index missing = (positions - 1) * s.stride + (s.kernel - 1) * s.dilation + 1 - n;
    return missing > 0 ? missing / 2 : 0;
  };
  const Index top = padding(w.height, in.height, out.height), left = padding(w.width, in.width, out.width);
  for (Index i = 0; i < out.height; ++i)
    for (Index j = 0; j < out.width; ++j)
      for (Index c = 0; c < in.channels; ++c) {
        std::vector<Index> seen;
        for (Index k = 0; k < w.height.kernel; ++k)
          for (Index l = 0; l < w.width.kernel; ++l) {
            const Index row = i * w.height.stride - top + k * w.height.dilation;
            const Index col = j * w.width.stride - left + l * w.width.dilation;
            if (row >= 0 && row < in.height && col >= 0 && col < in.width)
              seen.push_back((row * in.width + col) * in.channels + c);
          }
        REQUIRE_FALSE(seen.empty());
        visit(i, j, c, seen);
      }
}

// Shapes and messages of a pooling layer, mostly at compile time.
template <template <Index, class...> class Pool>
void check_pooling_shapes() {
  constexpr Shape unknown{Dynamic, Dynamic, Dynamic};
  // The kernel is the stride.
  STATIC_REQUIRE(Pool<2>{}.output({28, 27, 3}) == Shape{14, 13, 3});
  STATIC_REQUIRE(Pool<2, KernelWidth<3>>{}.output({28, 27, 3}) == Shape{14, 9, 3});
  STATIC_REQUIRE(Pool<2, Same>{}.output({28, 27, 3}) == Shape{14, 14, 3});
  STATIC_REQUIRE(Pool<3, Stride<2>, Padding<1>>{}.output({28, 27, 3}) == Shape{14, 14, 3});
  STATIC_REQUIRE(Pool<3>{}.output({28, Dynamic, 3}) == Shape{9, Dynamic, 3});
  STATIC_REQUIRE(Pool<Dynamic>{}.output({28, 27, 3}) == Shape{Dynamic, Dynamic, 3});
  STATIC_REQUIRE(Pool<2>{}.output(unknown) == unknown);
  STATIC_REQUIRE(Pool<2>{}.output(Shape::none()) == Shape::none());
  STATIC_REQUIRE(Pool<3>{}.output({28, 2, 3}) == Shape::none());
  CHECK(Pool<3>{}.expected_input().view() == "an image of at least 3x3");
  CHECK(Pool<5, Same>{}.expected_input().view() == "an image of at least 1x1");
  CHECK(Pool<4, Stride<2>, Padding<1>>{}.expected_input().view() == "an image of at least 2x2");

  // By value.
  STATIC_REQUIRE(std::is_same_v<decltype(Pool{2}), Pool<Dynamic>>);
  STATIC_REQUIRE(std::is_same_v<decltype(Pool{2, Stride{3}, Same{}}), Pool<Dynamic, Stride<>, Same>>);
  STATIC_REQUIRE(Pool{3, Stride{2}, Padding{1}}.output({28, 27, 3}) == Shape{14, 14, 3});

  // Sizes out of range, for any input.
  STATIC_REQUIRE(Pool<0>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Pool{-3}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Pool<2, Stride<0>>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Pool<2, Dilation<0>>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Pool<2, Padding<-2>>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Pool<(Index{1} << 20)>{}.output(unknown) == Shape::none());  // more taps than a float counts

  // Windows that would see padding alone.
  STATIC_REQUIRE(Pool<3, Padding<1>>{}.output(unknown) == unknown);
  STATIC_REQUIRE(Pool<3, Padding<2>>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Pool<2, Dilation<2>, Padding<1>>{}.output({2, 2, 1}) == Shape{1, 1, 1});
  STATIC_REQUIRE(Pool<2, Dilation<2>, Padding<1>>{}.output({1, 2, 1}) == Shape::none());
  CHECK(Pool<2, Dilation<2>, Padding<1>>{}.expected_input().view() == "an image of at least 2x2");
  CHECK(Pool<3, Padding<2>>{}.expected_input().view() ==
        "a positive kernel and stride, and padding of at most half the kernel");

  // Mirrored: the recorded size, by repetition.
  STATIC_REQUIRE(Pool<2>{}.mirror({5, 7, 3}).output({2, 3, 4}) == Shape{5, 7, 4});
  STATIC_REQUIRE(Pool<2>{}.mirror(unknown).output({2, 3, 4}) == Shape{Dynamic, Dynamic, 4});
  STATIC_REQUIRE(Pool<2>{}.mirror(Shape::none()).output({2, 3, 4}) == Shape::none());
}

}  // namespace eigencoder
