// Patches of images, in parts of every sort.
#include <eigencoder/layers/kernels/patches.hpp>

#include "catch.hpp"
#include "laws/list.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace {

Window window_of(const laws::WindowCase& each) {
  const auto layer = each.convolution();
  return detail::window_of(layer.kernel_size, layer.options);
}

}  // namespace

TEST_CASE("patches hold the image's values, zero outside, in whatever part", "[patches]") {
  for (const laws::WindowCase& each : laws::window_cases) {
    const Window w = window_of(each);
    const Shape in = each.in;
    const detail::Patches patches(w, in);
    const MatrixX<double> x = laws::samples(in.size(), 3, false);
    const Index all = patches.places() * 3, across = w.width.output(in.width);
    CHECK(patches.places() == w.height.output(in.height) * across);
    const detail::Range columns{all / 5, all - all / 5 - all / 7};
    const Index half = (w.width.kernel + 1) / 2;
    for (const detail::Taps taps :
         {patches.all_taps(), detail::Taps{w.height.kernel - 1, 1, w.width.kernel - half, half}})
      for (const detail::Range channels : {detail::Range{0, in.channels}, detail::Range{in.channels - 1, 1}}) {
        const Index size = taps.rows * taps.cols * channels.count;
        MatrixX<double> got = MatrixX<double>::Constant(size, columns.count, 77);
        patches.unfold(x.data(), columns, taps, channels, got.data());
        bool right = true;
        for (Index c = 0; c < columns.count; ++c) {
          const Index sample = (columns.first + c) / patches.places(), place = (columns.first + c) % patches.places();
          Index value = 0;
          for (Index k = taps.row; k < taps.row + taps.rows; ++k)
            for (Index l = taps.col; l < taps.col + taps.cols; ++l) {
              const Index row = place / across * w.height.stride + k * w.height.dilation - w.height.before;
              const Index col = place % across * w.width.stride + l * w.width.dilation - w.width.before;
              const bool inside = row >= 0 && row < in.height && col >= 0 && col < in.width;
              for (Index channel = channels.first; channel < channels.first + channels.count; ++channel)
                right = right &&
                        got(value++, c) == (inside ? x((row * in.width + col) * in.channels + channel, sample) : 0.0);
            }
        }
        INFO(each.convolution().name().view() << " on " << in.text().view());
        CHECK(right);

        // <unfold x, p> = <x, fold p>.
        const MatrixX<double> p = laws::samples(size, columns.count, false, 2);
        MatrixX<double> folded = MatrixX<double>::Zero(in.size(), 3);
        patches.fold(p.data(), columns, taps, channels, folded.data());
        CHECK(got.cwiseProduct(p).sum() == Approx(x.cwiseProduct(folded).sum()).epsilon(1e-12));
      }
  }
}

TEST_CASE("patches are the image itself only if every value is a place", "[patches]") {
  CHECK(detail::Patches(Window::square(1), {4, 3, 2}).are_the_image());
  CHECK_FALSE(detail::Patches(Window::square(2), {4, 3, 2}).are_the_image());
  for (const laws::WindowCase& each : laws::window_cases) {
    const detail::Patches patches(window_of(each), each.in);
    if (!patches.are_the_image()) continue;
    const MatrixX<double> x = laws::samples(each.in.size(), 1, false);
    MatrixX<double> got(each.in.size(), 1);
    REQUIRE(patches.places() * each.in.channels == each.in.size());
    patches.unfold(x.data(), {0, patches.places()}, patches.all_taps(), {0, each.in.channels}, got.data());
    CHECK(got == x);
  }
}
