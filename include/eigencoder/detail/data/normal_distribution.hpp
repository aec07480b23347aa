#pragma once

#include <cmath>
#include <numbers>

namespace eigencoder::detail {

/// The standard normal distribution function, accurate in both tails.
inline double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

/// The z > 0 that a standard normal value exceeds with probability p, for 1e-300 < p < 1/2.
inline double upper_normal_quantile(double p) {
  // The start is off by 0.003 at most: Abramowitz & Stegun, "Handbook of mathematical functions" (1964), eq. 26.2.22.
  const double t = std::sqrt(-2 * std::log(p));
  double z = t - (2.30753 + 0.27061 * t) / (1 + (0.99229 + 0.04481 * t) * t);
  // Each step of Halley's method raises the error to its third power. The second derivative of the distribution is -z
  // times the first.
  for (int step = 0; step < 2; ++step) {
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    const double newton = (p - normal_cdf(-z)) / density;
    z -= newton / (1 + z * newton / 2);
  }
  return z;
}

/// The inverse of `normal_cdf`, for 1e-300 < p < 1 - 1e-16.
inline double normal_quantile(double p) {
  if (p == 0.5) return 0;
  return p < 0.5 ? -upper_normal_quantile(p) : upper_normal_quantile(1 - p);
}

}  // namespace eigencoder::detail
