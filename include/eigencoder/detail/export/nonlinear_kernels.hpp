#pragma once

#include <eigencoder/detail/export/linear_kernels.hpp>

namespace eigencoder::detail {

/// The kernels of all other layers, of bottlenecks and of losses. Elementwise kernels may work in place.
inline constexpr KernelSource nonlinear_kernels[] = {
    {"max_pool", " each_tap ", R"(
// The largest value under the window, for each channel, and its tap, unless taps is null. NaN counts as largest.
inline void max_pool(const Side& rows, const Side& columns, std::size_t channels, Scalar* taps, const Scalar* x,
                     Scalar* y) noexcept {
  std::size_t visited = 0;  // positions visited so far
  each_tap(rows, columns, [&](std::size_t position, std::size_t tap, std::size_t pixel) {
    const bool first = position == visited;
    visited = position + 1;
    for (std::size_t c = 0; c < channels; ++c) {
      const Scalar value = x[pixel * channels + c];
      Scalar& best = y[position * channels + c];
      if (!first && !(value > best) && !std::isnan(value)) continue;
      best = value;
      if (taps) taps[position * channels + c] = static_cast<Scalar>(tap);
    }
  });
}
)"},
    {"max_unpool", " Side ", R"(
// Puts each value where the pooling with these taps found its maximum, and zero elsewhere.
inline void max_unpool(const Side& rows, const Side& columns, std::size_t channels, const Scalar* taps, const Scalar* x,
                       Scalar* y) noexcept {
  for (std::size_t i = 0; i < rows.size * columns.size * channels; ++i) y[i] = 0;
  for (std::size_t i = 0; i < rows.positions * columns.positions * channels; ++i) {
    const std::size_t position = i / channels, tap = static_cast<std::size_t>(taps[i]);
    const std::size_t row = rows.index(position / columns.positions, tap / columns.kernel);
    const std::size_t column = columns.index(position % columns.positions, tap % columns.kernel);
    y[(row * columns.size + column) * channels + i % channels] += x[i];
  }
}
)"},
    {"center_and_scale", "", R"(
// Batch normalization of each channel by its running statistics.
inline void center_and_scale(std::size_t count, std::size_t channels, const Scalar* mean, const Scalar* scale,
                             const Scalar* shift, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t first = 0; first < count; first += channels)
    for (std::size_t c = 0; c < channels; ++c) y[first + c] = (x[first + c] - mean[c]) * scale[c] + shift[c];
}
)"},
    {"normalize", "", R"(
// Layer normalization: each row of `count` values by its own mean and variance.
inline void normalize(std::size_t rows, std::size_t count, double epsilon, const Scalar* scale, const Scalar* shift,
                      const Scalar* x, Scalar* y) noexcept {
  for (std::size_t row = 0; row < rows; ++row, x += count, y += count) {
    double sum = 0, square = 0;
    for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(x[i]);
    const double mean = sum / static_cast<double>(count);
    for (std::size_t i = 0; i < count; ++i) {
      const double deviation = static_cast<double>(x[i]) - mean;
      square += deviation * deviation;
    }
    const double inverse = 1 / std::sqrt(square / static_cast<double>(count) + epsilon);
    for (std::size_t i = 0; i < count; ++i)
      y[i] = static_cast<Scalar>((static_cast<double>(x[i]) - mean) * inverse) * scale[i] + shift[i];
  }
}
)"},
    {"top_k", "", R"(
// Keeps the k largest values, of ties the first, and sets the others to zero. NaN counts as largest.
inline void top_k(std::size_t count, std::size_t k, const Scalar* x, Scalar* y) noexcept {
  const auto before = [](Scalar a, Scalar b) { return a > b || (std::isnan(a) && !std::isnan(b)); };
  std::size_t found = 0;  // y[0], ..., y[found - 1] are the largest so far, in order
  for (std::size_t i = 0; i < count; ++i) {
    if (found == k && !before(x[i], y[k - 1])) continue;
    std::size_t position = found < k ? found++ : k - 1;
    for (; position > 0 && before(x[i], y[position - 1]); --position) y[position] = y[position - 1];
    y[position] = x[i];
  }
  const Scalar least = y[k - 1];
  std::size_t ties_left = k;  // how many values equal to the least are still to be kept
  for (std::size_t i = 0; i < count; ++i)
    if (before(x[i], least)) --ties_left;
  for (std::size_t i = 0; i < count; ++i) {
    const bool wins = before(x[i], least), stays = wins || (ties_left > 0 && !before(least, x[i]));
    if (stays && !wins) --ties_left;
    y[i] = stays ? x[i] : Scalar(0);
  }
}
)"},
    {"from_threshold", "", R"(
// Keeps the values that are at least the threshold, and sets the others to zero.
inline void from_threshold(std::size_t count, Scalar threshold, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] < threshold ? Scalar(0) : x[i];
}
)"},
    {"jump_relu", "", R"(
// Keeps the values above the threshold of their channel, and sets the others to zero.
inline void jump_relu(std::size_t count, std::size_t channels, const Scalar* threshold, const Scalar* x,
                      Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] <= threshold[i % channels] ? Scalar(0) : x[i];
}
)"},
    {"add", "", R"(
// y = source + x.
inline void add(std::size_t count, const Scalar* source, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] + source[i];
}
)"},
    {"concatenate", "", R"(
// At each position, the channels of x, then those of the source.
inline void concatenate(std::size_t positions, std::size_t own, std::size_t more, const Scalar* source, const Scalar* x,
                        Scalar* y) noexcept {
  for (std::size_t p = 0; p < positions; ++p) {
    for (std::size_t c = 0; c < own; ++c) *y++ = *x++;
    for (std::size_t c = 0; c < more; ++c) *y++ = *source++;
  }
}
)"},
    {"quantize", "", R"(
// Replaces each vector of `width` values by the nearest one of the codebook, of ties the first.
inline void quantize(std::size_t vectors, std::size_t width, std::size_t codes, const Scalar* codebook, const Scalar* x,
                     Scalar* y) noexcept {
  for (std::size_t v = 0; v < vectors; ++v, x += width, y += width) {
    std::size_t nearest = 0;
    Scalar least = 0;
    for (std::size_t k = 0; k < codes; ++k) {
      Scalar square = 0;
      for (std::size_t i = 0; i < width; ++i) {
        const Scalar difference = codebook[k * width + i] - x[i];
        square += difference * difference;
      }
      if (k > 0 && !(square < least)) continue;
      nearest = k;
      least = square;
    }
    for (std::size_t i = 0; i < width; ++i) y[i] = codebook[nearest * width + i];
  }
}
)"},
    {"copy", "", R"(
inline void copy(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i];
}
)"},
    {"relu", "", R"(
inline void relu(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] < 0 ? Scalar(0) : x[i];
}
)"},
    {"leaky_relu", "", R"(
inline void leaky_relu(std::size_t count, Scalar slope, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}
)"},
    {"elu", "", R"(
// scale x above zero, scale alpha (e^x - 1) below.
inline void elu(std::size_t count, Scalar scale, Scalar scaled_alpha, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] > 0 ? scale * x[i] : scaled_alpha * std::expm1(x[i]);
}
)"},
    {"gelu", "", R"(
inline void gelu(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  const Scalar half_root = static_cast<Scalar>(0.70710678118654752440);
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] * (std::erfc(-x[i] * half_root) / 2);
}
)"},
    {"silu", "", R"(
inline void silu(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i] * (1 / (1 + std::exp(-x[i])));
}
)"},
    {"softplus", "", R"(
inline void softplus(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    y[i] = (x[i] > 0 ? x[i] : Scalar(0)) + std::log1p(std::exp(-(std::abs)(x[i])));
}
)"},
    {"sigmoid", "", R"(
inline void sigmoid(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const Scalar tail = std::exp(-(std::abs)(x[i]));
    y[i] = (x[i] < 0 ? tail : Scalar(1)) / (1 + tail);
  }
}
)"},
    {"tanh", "", R"(
inline void tanh(std::size_t count, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t i = 0; i < count; ++i) y[i] = std::tanh(x[i]);
}
)"},
    {"softmax", "", R"(
// Probabilities from logits, over the channels at each position.
inline void softmax(std::size_t count, std::size_t channels, const Scalar* x, Scalar* y) noexcept {
  for (std::size_t first = 0; first < count; first += channels, x += channels, y += channels) {
    Scalar top = x[0];
    double sum = 0;
    for (std::size_t c = 1; c < channels; ++c) top = x[c] > top ? x[c] : top;
    for (std::size_t c = 0; c < channels; ++c) sum += static_cast<double>(y[c] = std::exp(x[c] - top));
    for (std::size_t c = 0; c < channels; ++c) y[c] = static_cast<Scalar>(static_cast<double>(y[c]) / sum);
  }
}
)"},
};

}  // namespace eigencoder::detail
