#pragma once

#include <string_view>

namespace eigencoder::detail {

/// The source of a function or type of an exported header, included if a layer of the model uses it. It is C++17 and
/// needs <array>, <cmath> and <cstddef>.
struct KernelSource {
  std::string_view name;
  std::string_view needs;  ///< names of kernels that it uses, which come before it; a blank before and after each
  std::string_view source;
};

/// The kernels of linear layers.
inline constexpr KernelSource linear_kernels[] = {
    {"set_bias", "", R"(
// y = bias, or zeros where there is none.
inline void set_bias(std::size_t count, const Scalar* bias, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = bias ? bias[i] : Scalar(0);
}
)"},
    {"add_product", "", R"(
// y += W x. Row i of the weight holds the factors of input i for all outputs; four rows at a time. Once inlined,
// compilers would forget that x and y do not overlap, and would not vectorize.
[[gnu::noinline]] inline void add_product(std::size_t inputs, std::size_t outputs, const Scalar* __restrict weight,
                                          const Scalar* __restrict x, Scalar* __restrict y) noexcept {
  const std::size_t fours = inputs - inputs % 4;
  for (std::size_t i = 0; i < fours; i += 4) {
    const Scalar *first = weight + i * outputs, *second = first + outputs, *third = second + outputs;
    const Scalar* fourth = third + outputs;
    const Scalar a = x[i], b = x[i + 1], c = x[i + 2], d = x[i + 3];
    for (std::size_t o = 0; o < outputs; ++o) y[o] += (a * first[o] + b * second[o]) + (c * third[o] + d * fourth[o]);
  }
  for (std::size_t i = fours; i < inputs; ++i)
    for (std::size_t o = 0; o < outputs; ++o) y[o] += x[i] * weight[i * outputs + o];
}
)"},
    {"add_tied_product", "", R"(
// y += W x with the transposed weight of another layer: row o holds the factors of all inputs for output o. Eight
// partial sums.
inline void add_tied_product(std::size_t inputs, std::size_t outputs, const Scalar* weight, const Scalar* x,
                             Scalar* y) noexcept {
  const std::size_t eights = inputs - inputs % 8;
  for (std::size_t o = 0; o < outputs; ++o, weight += inputs) {
    Scalar sum[8] = {};
    for (std::size_t i = 0; i < eights; i += 8)
      for (std::size_t k = 0; k < 8; ++k) sum[k] += weight[i + k] * x[i + k];
    for (std::size_t i = eights; i < inputs; ++i) sum[i - eights] += weight[i] * x[i];
    y[o] += ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
  }
}
)"},
    {"Product", "", R"(
// How a layer multiplies by its weight: add_product or add_tied_product.
using Product = void (*)(std::size_t inputs, std::size_t outputs, const Scalar* weight, const Scalar* x, Scalar* y);
)"},
    {"dense", " set_bias Product ", R"(
// y = W x + bias.
template <Product product>
void dense(std::size_t inputs, std::size_t outputs, const Scalar* weight, const Scalar* bias, const Scalar* x,
           Scalar* y) noexcept {
  set_bias(outputs, bias, y);
  product(inputs, outputs, weight, x, y);
}
)"},
    {"Side", "", R"(
// A window that moves along one side of an image of `size` values, to `positions` positions with the step `stride`. The
// values under it have the distance `dilation`. `padding` values are missing before the image.
struct Side {
  std::size_t size, positions, kernel, stride, dilation, padding;
  // Whether tap k of the window is on the image, and the index of the value under it.
  bool is_inside(std::size_t position, std::size_t k) const noexcept {
    const std::size_t sum = position * stride + k * dilation;
    return sum >= padding && sum - padding < size;
  }
  std::size_t index(std::size_t position, std::size_t k) const noexcept {
    return position * stride + k * dilation - padding;
  }
};
)"},
    {"each_tap", " Side ", R"(
// Calls visit(position, tap, pixel) for each tap of the window that is on the image, with the indices of the window's
// position, of the tap and of the pixel under it, each counted row by row.
template <class Visit>
void each_tap(const Side& rows, const Side& columns, const Visit& visit) noexcept {
  for (std::size_t row = 0; row < rows.positions; ++row)
    for (std::size_t column = 0; column < columns.positions; ++column)
      for (std::size_t k = 0; k < rows.kernel; ++k)
        for (std::size_t l = 0; l < columns.kernel; ++l)
          if (rows.is_inside(row, k) && columns.is_inside(column, l))
            visit(row * columns.positions + column, k * columns.kernel + l,
                  rows.index(row, k) * columns.size + columns.index(column, l));
}
)"},
    {"Channels", "", R"(
// Input and output channels, in separate groups.
struct Channels {
  std::size_t in, out, groups;
};
)"},
    {"conv2d", " set_bias Product each_tap Channels ", R"(
// A convolution: the window moves over x. The weight is ordered by group, tap, input channel and output channel.
template <Product product>
void conv2d(const Side& rows, const Side& columns, const Channels& channels, const Scalar* weight,
            const Scalar* bias, const Scalar* x, Scalar* y) noexcept {
  const std::size_t in = channels.in / channels.groups, out = channels.out / channels.groups;
  const std::size_t positions = rows.positions * columns.positions, taps = rows.kernel * columns.kernel;
  for (std::size_t position = 0; position < positions; ++position)
    set_bias(channels.out, bias, y + position * channels.out);
  each_tap(rows, columns, [=](std::size_t position, std::size_t tap, std::size_t pixel) {
    for (std::size_t g = 0; g < channels.groups; ++g)
      product(in, out, weight + (g * taps + tap) * in * out, x + pixel * channels.in + g * in,
              y + position * channels.out + g * out);
  });
}
)"},
    {"conv_transpose2d", " set_bias Product each_tap Channels ", R"(
// A transposed convolution: the window moves over y, and x is added to the values under it. The weight is as in conv2d.
template <Product product>
void conv_transpose2d(const Side& rows, const Side& columns, const Channels& channels, const Scalar* weight,
                      const Scalar* bias, const Scalar* x, Scalar* y) noexcept {
  const std::size_t in = channels.in / channels.groups, out = channels.out / channels.groups;
  const std::size_t taps = rows.kernel * columns.kernel;
  for (std::size_t pixel = 0; pixel < rows.size * columns.size; ++pixel)
    set_bias(channels.out, bias, y + pixel * channels.out);
  each_tap(rows, columns, [=](std::size_t position, std::size_t tap, std::size_t pixel) {
    for (std::size_t g = 0; g < channels.groups; ++g)
      product(in, out, weight + (g * taps + tap) * in * out, x + position * channels.in + g * in,
              y + pixel * channels.out + g * out);
  });
}
)"},
    {"each_shuffled", "", R"(
// Calls visit(deep, wide) for the indices of each value in an image and in its shuffle by `factor`. The image is height
// x width, and `channels` are those of the shuffle.
template <class Visit>
void each_shuffled(std::size_t height, std::size_t width, std::size_t channels, std::size_t factor,
                   const Visit& visit) noexcept {
  const std::size_t square = factor * factor;
  std::size_t wide = 0;
  for (std::size_t row = 0; row < height; ++row)
    for (std::size_t i = 0; i < factor; ++i)
      for (std::size_t column = 0; column < width; ++column)
        for (std::size_t j = 0; j < factor; ++j)
          for (std::size_t c = 0; c < channels; ++c, ++wide)
            visit(((row * width + column) * channels + c) * square + i * factor + j, wide);
}
)"},
    {"pixel_shuffle", " each_shuffled ", R"(
inline void pixel_shuffle(std::size_t height, std::size_t width, std::size_t channels, std::size_t factor,
                          const Scalar* x, Scalar* y) noexcept {
  each_shuffled(height, width, channels, factor, [=](std::size_t deep, std::size_t wide) { y[wide] = x[deep]; });
}
)"},
    {"pixel_unshuffle", " each_shuffled ", R"(
// The inverse of pixel_shuffle.
inline void pixel_unshuffle(std::size_t height, std::size_t width, std::size_t channels, std::size_t factor,
                            const Scalar* x, Scalar* y) noexcept {
  each_shuffled(height, width, channels, factor, [=](std::size_t deep, std::size_t wide) { y[deep] = x[wide]; });
}
)"},
    {"Taps", "", R"(
// One result on a side of an image: the weighted sum of `count` values, each `step` after the one before.
struct Taps {
  std::size_t first, step, count;
  Scalar weights[4];  // of the first values; the last also of each later one
  Scalar weight(std::size_t k) const noexcept { return weights[k < 4 ? k : 3]; }
};
)"},
    {"resample", " Taps ", R"(
// Averages and interpolation: the taps give the rows and columns of x that make up each row and column of y. x is
// `width` wide.
inline void resample(std::size_t width, std::size_t out_height, std::size_t out_width, std::size_t channels,
                     const Taps* rows, const Taps* columns, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t row = 0; row < out_height; ++row)
    for (std::size_t column = 0; column < out_width; ++column, y += channels) {
      const Taps &down = rows[row], &right = columns[column];
      for (std::size_t c = 0; c < channels; ++c) y[c] = 0;
      for (std::size_t k = 0; k < down.count; ++k)
        for (std::size_t l = 0; l < right.count; ++l) {
          const Scalar weight = down.weight(k) * right.weight(l);
          const std::size_t pixel = (down.first + k * down.step) * width + right.first + l * right.step;
          for (std::size_t c = 0; c < channels; ++c) y[c] += weight * x[pixel * channels + c];
        }
    }
}
)"},
};

}  // namespace eigencoder::detail
