#pragma once

#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/types.hpp>
#include <numbers>

/// @file
/// The energy of a restricted Boltzmann machine as a value, whatever its units: the estimates of its partition function
/// are compiled once for each scalar.
namespace eigencoder::detail {

/// How the units of one side are distributed, given the other side.
enum class UnitKind { bernoulli, gaussian };

/// log(2 pi) / 2, the logarithm of the integral over a Gaussian unit of unit variance.
inline constexpr double log_gaussian_volume = 0.918938533204672742;

/// E(v, h) = e(v; b) + e(h; c) - h'Wv, where e(x; a) is -a'x for Bernoulli units and |x - a|^2 / 2 for Gaussian ones,
/// in units of their standard deviation.
template <class Scalar>
struct RbmEnergy {
  UnitKind visible_kind, hidden_kind;
  MatrixX<Scalar> weights;     ///< W, hidden x visible
  MatrixX<Scalar> transposed;  ///< visible x hidden, so that products read either in place; or empty
  VectorX<Scalar> visible_bias, hidden_bias;
  VectorX<Scalar> visible_stddev;  ///< of Gaussian units; empty: all 1
  double log_stddevs = 0;          ///< the sum of their logarithms

  Index visible_size() const { return weights.cols(); }
  Index hidden_size() const { return weights.rows(); }

  /// Writes a sample in units of its deviations to `v`.
  void standardize(const Scalar* sample, Scalar* v) const {
    for (Index i = 0; i < visible_size(); ++i)
      v[i] = visible_stddev.size() > 0 ? sample[i] / visible_stddev[i] : sample[i];
  }

  /// The logarithm of the sum, or integral, of exp(-beta E(v, h)) over h, but for what depends on v alone, where
  /// `input` is Wv. Of Gaussian units only the weights are multiplied by beta: their variance stays 1.
  double log_hidden_sum(const Scalar* input, double beta) const {
    const Scalar* const c = hidden_bias.data();
    if (hidden_kind == UnitKind::bernoulli) {
      const auto b = static_cast<Scalar>(beta);
      return lane_sum<Scalar>(hidden_size(), [&](Index j) { return math::softplus(b * (c[j] + input[j])); });
    }
    return block_sum(hidden_size(),
                     [&](Index j) {
                       const double s = beta * static_cast<double>(input[j]);
                       return s * (static_cast<double>(c[j]) + s / 2);
                     }) +
           static_cast<double>(hidden_size()) * log_gaussian_volume;
  }

  /// `log_hidden_sum` at `to` less that at `from`: for two that are close, a sum of small terms.
  double log_hidden_ratio(const Scalar* input, double from, double to) const {
    if (hidden_kind != UnitKind::bernoulli) return log_hidden_sum(input, to) - log_hidden_sum(input, from);
    const Scalar* const c = hidden_bias.data();
    const auto a = static_cast<Scalar>(from), b = static_cast<Scalar>(to);
    return lane_sum<Scalar>(hidden_size(), [&](Index j) {
      const Scalar x = c[j] + input[j];
      return math::softplus(b * x) - math::softplus(a * x);
    });
  }

  /// The logarithm of the unnormalized probability of v, where `input` is Wv.
  double log_unnormalized(const Scalar* v, const Scalar* input) const {
    const Scalar* const b = visible_bias.data();
    const bool bernoulli = visible_kind == UnitKind::bernoulli;
    return block_sum(visible_size(),
                     [&](Index i) {
                       const double x = static_cast<double>(v[i]), bias = static_cast<double>(b[i]);
                       return bernoulli ? bias * x : -(x - bias) * (x - bias) / 2;
                     }) +
           log_hidden_sum(input, 1);
  }

  /// The logarithm of the partition function without weights, with these biases of the visible units, and those of the
  /// hidden ones 0.
  double log_base_partition(const VectorX<Scalar>& base_bias) const {
    double sum = log_stddevs;
    if (visible_kind == UnitKind::bernoulli)
      sum += block_sum(visible_size(), [&](Index i) { return math::softplus(static_cast<double>(base_bias[i])); });
    else
      sum += static_cast<double>(visible_size()) * log_gaussian_volume;
    const double hidden_unit = hidden_kind == UnitKind::bernoulli ? std::numbers::ln2 : log_gaussian_volume;
    return sum + static_cast<double>(hidden_size()) * hidden_unit;
  }
};

}  // namespace eigencoder::detail
