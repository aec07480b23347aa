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
    {"start", "", R"(
// y = bias, or zeros where there is none.
inline void start(std::size_t count, const Scalar* bias, Scalar* y) noexcept {
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
    {"dense", " start Product ", R"(
// y = W x + bias.
template <Product product>
void dense(std::size_t inputs, std::size_t outputs, const Scalar* weight, const Scalar* bias, const Scalar* x,
           Scalar* y) noexcept {
  start(outputs, bias, y);
  product(inputs, outputs, weight, x, y);
}
)"},
    {"Side", "", R"(
// A window that moves along one side of an image of `size` values and stops at `places` places, `stride` apart. The
// values under it are `dilation` apart. `padding` values are missing before the image.
struct Side {
  std::size_t size, places, kernel, stride, dilation, padding;
  // Whether tap k of the window sees the image, and where.
  bool sees(std::size_t place, std::size_t k) const noexcept {
    const std::size_t sum = place * stride + k * dilation;
    return sum >= padding && sum - padding < size;
  }
  std::size_t at(std::size_t place, std::size_t k) const noexcept { return place * stride + k * dilation - padding; }
};
)"},
    {"each_tap", " Side ", R"(
// Calls visit(place, tap, at) for each tap of the window that is on the image, with the indices of the window's place,
// of the tap and of the position under it, each counted row by row.
template <class Visit>
void each_tap(const Side& rows, const Side& columns, const Visit& visit) noexcept {
  for (std::size_t row = 0; row < rows.places; ++row)
    for (std::size_t column = 0; column < columns.places; ++column)
      for (std::size_t k = 0; k < rows.kernel; ++k)
        for (std::size_t l = 0; l < columns.kernel; ++l)
          if (rows.sees(row, k) && columns.sees(column, l))
            visit(row * columns.places + column, k * columns.kernel + l,
                  rows.at(row, k) * columns.size + columns.at(column, l));
}
)"},
    {"Channels", "", R"(
// Input and output channels, in separate groups.
struct Channels {
  std::size_t in, out, groups;
};
)"},
    {"conv2d", " start Product each_tap Channels ", R"(
// A convolution: the window moves over x. The weight is ordered by group, tap, input channel and output channel.
template <Product product>
void conv2d(const Side& rows, const Side& columns, const Channels& channels, const Scalar* weight,
            const Scalar* bias, const Scalar* x, Scalar* y) noexcept {
  const std::size_t in = channels.in / channels.groups, out = channels.out / channels.groups;
  const std::size_t places = rows.places * columns.places, taps = rows.kernel * columns.kernel;
  for (std::size_t place = 0; place < places; ++place) start(channels.out, bias, y + place * channels.out);
  each_tap(rows, columns, [=](std::size_t place, std::size_t tap, std::size_t at) {
    for (std::size_t g = 0; g < channels.groups; ++g)
      product(in, out, weight + (g * taps + tap) * in * out, x + at * channels.in + g * in,
              y + place * channels.out + g * out);
  });
}
)"},
    {"conv_transpose2d", " start Product each_tap Channels ", R"(
// A transposed convolution: the window moves over y, and x is added to the values under it. The weight is as in conv2d.
template <Product product>
void conv_transpose2d(const Side& rows, const Side& columns, const Channels& channels, const Scalar* weight,
                      const Scalar* bias, const Scalar* x, Scalar* y) noexcept {
  const std::size_t in = channels.in / channels.groups, out = channels.out / channels.groups;
  const std::size_t taps = rows.kernel * columns.kernel;
  for (std::size_t at = 0; at < rows.size * columns.size; ++at) start(channels.out, bias, y + at * channels.out);
  each_tap(rows, columns, [=](std::size_t place, std::size_t tap, std::size_t at) {
    for (std::size_t g = 0; g < channels.groups; ++g)
      product(in, out, weight + (g * taps + tap) * in * out, x + place * channels.in + g * in,
              y + at * channels.out + g * out);
  });
}
)"},
    {"Taps", "", R"(
// One result on a side of an image: the weighted sum of `count` values, `step` apart.
struct Taps {
  std::size_t first, step, count;
  Scalar weight, others;  // of the first value, and of each later one
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
          const Scalar weight = (k == 0 ? down.weight : down.others) * (l == 0 ? right.weight : right.others);
          const std::size_t at = (down.first + k * down.step) * width + right.first + l * right.step;
          for (std::size_t c = 0; c < channels; ++c) y[c] += weight * x[at * channels + c];
        }
    }
}
)"},
};

}  // namespace eigencoder::detail
