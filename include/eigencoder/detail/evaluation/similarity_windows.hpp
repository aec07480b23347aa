#pragma once

#include <cstddef>
#include <eigencoder/detail/augmentation/gaussian_filter.hpp>
#include <eigencoder/extend/shape.hpp>
#include <vector>

namespace eigencoder::detail {

/// The structural similarity of images of one shape, window by window. With s = x + y and d = x - y of two images,
/// their means and variances under the window's weights give all moments:
///
///     2 mu_x mu_y = (mu_s^2 - mu_d^2) / 2      mu_x^2 + mu_y^2 = (mu_s^2 + mu_d^2) / 2
///     2 sigma_xy = (var_s - var_d) / 2         sigma_x^2 + sigma_y^2 = (var_s + var_d) / 2
///
/// so that equal images have exactly 1, and the images may be exchanged without changing a bit. The window is
/// separable: rows of s, d, s^2 and d^2 are filtered once each, and a ring of as many rows as the window has is summed
/// for each row of windows.
class SimilarityWindows {
 public:
  static constexpr int radius = 5, size = 2 * radius + 1;

  /// @param peak  the largest value of an image
  SimilarityWindows(Shape shape, double peak)
      : shape_(shape),
        line_(shape.width * shape.channels),
        filtered_((shape.width - size + 1) * shape.channels),
        c1_(0.01 * peak * 0.01 * peak),
        c2_(0.03 * peak * 0.03 * peak),
        row_(static_cast<std::size_t>(4 * line_)),
        ring_(static_cast<std::size_t>(4 * size * filtered_)),
        moments_(static_cast<std::size_t>(4 * filtered_)) {}

  /// The mean over all windows and channels.
  template <class Scalar>
  double mean(const Scalar* first, const Scalar* second) {
    double sum = 0;
    for (Index y = 0; y < shape_.height; ++y) {
      double *const s = row_.data(), *const d = s + line_, *const s2 = d + line_, *const d2 = s2 + line_;
      for (Index i = 0; i < line_; ++i) {
        const auto a = static_cast<double>(first[y * line_ + i]), b = static_cast<double>(second[y * line_ + i]);
        s[i] = a + b;
        d[i] = a - b;
        s2[i] = s[i] * s[i];
        d2[i] = d[i] * d[i];
      }
      filter_row(y % size);
      if (y >= size - 1) sum += sum_of_windows(y - size + 1);
    }
    return sum / static_cast<double>((shape_.height - size + 1) * filtered_);
  }

 private:
  /// Filters the four quantities of a row into a place of the ring.
  void filter_row(Index place) {
    for (int k = 0; k < 4; ++k) {
      const double* const center = row_.data() + k * line_ + radius * shape_.channels;
      filter(center, shape_.channels, ring_.data() + (place * 4 + k) * filtered_, filtered_);
    }
  }

  /// The sum over the windows whose first row is `top`.
  double sum_of_windows(Index top) {
    for (Index i = 0; i < 4 * filtered_; ++i) moments_[static_cast<std::size_t>(i)] = 0;
    double* const to = moments_.data();
    for (int k = 0; k < size; ++k) {
      const double weight = taps_.weights[k < radius ? radius - k : k - radius];
      const double* const from = ring_.data() + (top + k) % size * 4 * filtered_;
      for (Index i = 0; i < 4 * filtered_; ++i) to[i] += weight * from[i];
    }
    const double *const s = to, *const d = s + filtered_, *const s2 = d + filtered_, *const d2 = s2 + filtered_;
    double sum = 0;
    for (Index i = 0; i < filtered_; ++i) {
      const double mean_s = s[i] * s[i], mean_d = d[i] * d[i];
      const double var_s = s2[i] - mean_s, var_d = d2[i] - mean_d;
      sum += ((mean_s - mean_d) / 2 + c1_) * ((var_s - var_d) / 2 + c2_) /
             (((mean_s + mean_d) / 2 + c1_) * ((var_s + var_d) / 2 + c2_));
    }
    return sum;
  }

  /// The weighted sums around `count` values, over values at multiples of `distance`.
  void filter(const double* center, Index distance, double* to, Index count) const {
    for (Index i = 0; i < count; ++i) to[i] = taps_.weights[0] * center[i];
    for (int k = 1; k <= radius; ++k) {
      const double weight = taps_.weights[k];
      const double *before = center - k * distance, *after = center + k * distance;
      for (Index i = 0; i < count; ++i) to[i] += weight * (before[i] + after[i]);
    }
  }

  Shape shape_;
  Index line_, filtered_;
  double c1_, c2_;
  GaussianTaps<double> taps_{1.5, radius};
  std::vector<double> row_, ring_, moments_;
};

}  // namespace eigencoder::detail
