// Rectangles of images, inside, beside and around them.
#include <eigencoder/detail/kernels/convolution.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;
using detail::Rectangle;

TEST_CASE("a rectangle of images holds their values, and zeros outside") {
  const Shape in{5, 4, 3};
  const MatrixX<double> x = laws::samples(in.size(), 4, false);
  Buffer<double> buffer;
  for (const Rectangle part : {Rectangle{0, 5, 0, 4}, Rectangle{1, 4, 2, 3}, Rectangle{-2, 7, -1, 6},
                               Rectangle{3, 9, 1, 4}, Rectangle{-4, -1, 0, 2}, Rectangle{1, 2, -3, -1},
                               Rectangle{0, 3, 6, 8}, Rectangle{6, 7, 5, 6}})
    for (const Index row_step : {1, 2, 7}) {
      INFO("rows " << part.top << " to " << part.bottom << ", columns " << part.left << " to " << part.right);
      const detail::PaddedImages<double> images(x.data(), in, {1, 3}, part, row_step, buffer);
      bool right = true;
      for (Index sample = 0; sample < 3; ++sample)
        for (Index row = part.top, i = 0; row < part.bottom; row += row_step, ++i)
          for (Index col = part.left; col < part.right; ++col)
            for (Index channel = 0; channel < in.channels; ++channel) {
              const bool inside = row >= 0 && row < in.height && col >= 0 && col < in.width;
              const Index at = (row * in.width + col) * in.channels + channel;
              const double* const pixel = images.data() + sample * images.sample_stride() + i * images.row_stride() +
                                          (col - part.left) * in.channels;
              right = right && pixel[channel] == (inside ? x(at, sample + 1) : 0.0);
              if (row_step == 1) right = right && pixel == images.pixel(row, col) + sample * images.sample_stride();
            }
      CHECK(right);
    }
}

TEST_CASE("a rectangle inside of images is no copy") {
  const MatrixX<double> x = laws::samples(60, 2, false);
  Buffer<double> buffer;
  const detail::PaddedImages<double> images(x.data(), {5, 4, 3}, {0, 2}, {1, 5, 0, 4}, 1, buffer);
  CHECK(images.data() == x.data() + 12);
  CHECK(buffer.size() == 0);
}

TEST_CASE("the smallest rectangle that contains two") {
  const Rectangle both = Rectangle{1, 3, -2, 0}.joined({2, 6, -1, 4});
  CHECK((both.top == 1 && both.bottom == 6 && both.left == -2 && both.right == 4));
  const Rectangle one = Rectangle{0, 0, 0, 0}.joined({2, 6, -1, 4});
  CHECK((one.top == 2 && one.left == -1));
  CHECK(Rectangle{2, 6, -1, 4}.joined({0, 0, 0, 0}).right == 4);
}
