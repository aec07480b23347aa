#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/pretraining/rbm_energy.hpp>
#include <eigencoder/extend/threads.hpp>
#include <limits>
#include <vector>

namespace eigencoder::detail {

/// A sum of exponential functions, held as its logarithm: nothing overflows.
class LogSum {
 public:
  /// Adds exp(x).
  void add(double x) {
    if (x <= largest_) {
      if (x > -std::numeric_limits<double>::infinity()) sum_ += std::exp(x - largest_);
    } else {
      sum_ = sum_ * std::exp(largest_ - x) + 1;
      largest_ = x;
    }
  }
  /// The logarithm of the sum.
  double value() const { return largest_ + std::log(sum_); }

 private:
  double largest_ = -std::numeric_limits<double>::infinity(), sum_ = 0;
};

/// The two sides of a machine, of which all states of one can be listed.
struct EnumeratedSide {
  VectorX<double> bias;        ///< of the listed units, which are Bernoulli
  MatrixX<double> weights;     ///< other units x listed units
  VectorX<double> other_bias;  ///< of the other units
  UnitKind other_kind;

  /// The logarithm of the sum, or integral, over the other units, where `input` is their bias plus W x.
  double log_other_sum(const std::vector<double>& input) const {
    const Index n = weights.rows();
    if (other_kind == UnitKind::bernoulli)
      return block_sum(n, [&](Index i) { return math::softplus(input[static_cast<std::size_t>(i)]); });
    return block_sum(n,
                     [&](Index i) {
                       const double s = input[static_cast<std::size_t>(i)];
                       return (s * s - other_bias[i] * other_bias[i]) / 2;
                     }) +
           static_cast<double>(n) * log_gaussian_volume;
  }

  /// The logarithm of the sum over all states whose bits from `low_bits` on are those of `high`. Two states that follow
  /// each other differ in one unit: Gray's code.
  double log_sum(std::uint64_t high, int low_bits) const {
    std::vector<double> input(other_bias.data(), other_bias.data() + other_bias.size());
    double own = 0;
    const auto change = [&](Index unit, double by) {
      own += by * bias[unit];
      for (std::size_t i = 0; i < input.size(); ++i) input[i] += by * weights(static_cast<Index>(i), unit);
    };
    for (Index unit = low_bits; unit < bias.size(); ++unit)
      if (high >> (unit - low_bits) & 1) change(unit, 1);
    LogSum sum;
    sum.add(own + log_other_sum(input));
    for (std::uint64_t k = 1; k < std::uint64_t{1} << low_bits; ++k) {
      const int unit = std::countr_zero(k);
      change(unit, (k ^ k >> 1) >> unit & 1 ? 1 : -1);
      sum.add(own + log_other_sum(input));
    }
    return sum.value();
  }
};

/// The logarithm of the sum over all states of one side, the other summed or integrated in closed form.
[[gnu::cold]] inline double log_sum_of_states(const EnumeratedSide& side) {
  const int units = static_cast<int>(side.bias.size()), low_bits = (std::min)(units, 10);
  std::vector<double> parts(std::size_t{1} << (units - low_bits));
  parallel_for(static_cast<Index>(parts.size()), threads(), [&](Index part, int) {
    parts[static_cast<std::size_t>(part)] = side.log_sum(static_cast<std::uint64_t>(part), low_bits);
  });
  LogSum sum;
  for (const double part : parts) sum.add(part);
  return sum.value();
}

/// The largest number of units whose states are listed.
inline constexpr Index max_enumerated_units = 20;

/// Whether the states of a side can be listed.
inline bool is_enumerable(UnitKind kind, Index size) {
  return kind == UnitKind::bernoulli && size <= max_enumerated_units;
}

/// The logarithm of the partition function of a machine one of whose sides is enumerable.
[[gnu::cold]] inline double exact_log_partition(const RbmEnergy<double>& energy) {
  const bool visible = is_enumerable(energy.visible_kind, energy.visible_size());
  const bool hidden = is_enumerable(energy.hidden_kind, energy.hidden_size());
  if (hidden && !(visible && energy.visible_size() < energy.hidden_size()))
    return energy.log_stddevs +
           log_sum_of_states({energy.hidden_bias, energy.transposed, energy.visible_bias, energy.visible_kind});
  return log_sum_of_states({energy.visible_bias, energy.weights, energy.hidden_bias, energy.hidden_kind});
}

}  // namespace eigencoder::detail
