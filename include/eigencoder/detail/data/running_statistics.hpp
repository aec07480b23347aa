#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <limits>
#include <utility>
#include <vector>

/// @file
/// What scalings learn from numbers that come one after another, in bounded memory.
namespace eigencoder::detail {

/// Mean and variance. Source: Welford, "Note on a method for calculating corrected sums of squares and products",
/// Technometrics 4, 1962.
struct RunningMoments {
  double count = 0, mean = 0, squares = 0;  ///< the last is the sum of squared deviations

  void add(double x) {
    const double deviation = x - mean;
    mean += deviation / ++count;
    squares += deviation * (x - mean);
  }
  /// The standard deviation, with the divisor n.
  double stddev() const { return std::sqrt(squares / count); }
};

/// At most 65536 numbers of any number of them, drawn at random by a seed that is always the same.
/// Source: Vitter, "Random sampling with a reservoir" (1985), algorithm R.
template <class Number>
class Reservoir {
 public:
  /// @param position  of the random numbers, see `Random`
  /// @param stream    by which the draws of columns differ
  Reservoir(std::uint32_t position, std::uint32_t stream) : random_(0, Purpose::sampling, position, 0, stream) {}

  void add(Number x) {
    ++seen_;
    if (drawn_.size() < capacity)
      drawn_.push_back(x);
    else if (const std::uint32_t to = random_.below(static_cast<std::uint32_t>(seen_)); to < capacity)
      drawn_[to] = x;
  }
  const std::vector<Number>& drawn() const { return drawn_; }

 private:
  static constexpr std::size_t capacity = 65536;
  std::vector<Number> drawn_;
  std::uint64_t seen_ = 0;
  Random random_;
};

}  // namespace eigencoder::detail
