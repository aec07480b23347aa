#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/loss.hpp>
#include <limits>
#include <vector>

namespace eigencoder {

/// The cross-entropy of categorical distributions with logits z over the channels, in nats: the sum over positions and
/// channels k of -t_k log p_k, where p = softmax(z). Each position of an image has one distribution; a flat sample is
/// one distribution. With m = max z, log p_k = (z_k - m) - log sum_j exp(z_j - m): no exponential overflows, and the
/// argument of the logarithm is at least 1. The derivative is p_k sum_j t_j - t_k.
///
/// With weights w for the classes the loss is the sum of -w_k t_k log p_k, and the derivative
/// p_k sum_j w_j t_j - w_k t_k; rare classes may so count as much as others. It is then no likelihood of the targets.
///
/// Targets are distributions over the channels, or classes (see `TakesClasses`): whole numbers from 0 to channels - 1.
/// The sums of distributions may differ from 1 by 4 square roots of the scalar's epsilon, so that those rounded to
/// `float` are valid in `double` too. The mean is the softmax at each position, the probabilities of the channels.
/// Source: Bishop, "Pattern Recognition and Machine Learning" (2006), eqs. 4.108 and 4.109.
struct Categorical {
  /// The weight of each class, in [0, 1e6], as many as channels; empty: 1 for each.
  std::vector<double> class_weights = {};

  /// As every `Loss`.
  ///@{
  static constexpr std::string_view name = "Categorical";
  static constexpr std::string_view range = "nonnegative values that sum to 1 over the channels";
  static constexpr bool takes_logits = true;
  static constexpr bool likelihood = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index channels,
                            double scale) const {
    double loss = 0;  // `delta` may be `output` itself
    for (Index first = 0; first < size; first += channels) {
      const Scalar* const z = output + first;
      const Scalar* const t = target + first;
      const Scalar peak = largest(z, channels);
      const double partition = detail::block_sum(channels, [&](Index k) { return detail::math::exp(z[k] - peak); });
      const double log_partition = std::log(partition);
      const Scalar factor = static_cast<Scalar>(scale);
      if (!class_weights.empty()) {
        const double* const w = class_weights.data();
        const double mass = detail::block_sum(channels, [&](Index k) { return w[k] * static_cast<double>(t[k]); });
        loss += detail::block_sum(channels, [&](Index k) {
          return w[k] * static_cast<double>(t[k]) * (log_partition - static_cast<double>(z[k] - peak));
        });
        const Scalar share = static_cast<Scalar>(mass / partition);
        for (Index k = 0; delta && k < channels; ++k)
          delta[first + k] = factor * (share * detail::math::exp(z[k] - peak) - static_cast<Scalar>(w[k]) * t[k]);
        continue;
      }
      const double mass = detail::block_sum(channels, [&](Index k) { return t[k]; });
      loss += detail::block_sum(channels, [&](Index k) {
        return static_cast<double>(t[k]) * (log_partition - static_cast<double>(z[k] - peak));
      });
      if (!delta) continue;
      const Scalar share = static_cast<Scalar>(mass / partition);
      for (Index k = 0; k < channels; ++k) delta[first + k] = factor * (share * detail::math::exp(z[k] - peak) - t[k]);
    }
    return loss;
  }

  template <class Scalar>
  void to_mean(Scalar* output, Index size, Index channels) const {
    for (Scalar* z = output; z != output + size; z += channels) {
      const Scalar peak = largest(z, channels);
      for (Index k = 0; k < channels; ++k) z[k] = detail::math::exp(z[k] - peak);
      const double partition = detail::block_sum(channels, [&](Index k) { return z[k]; });
      for (Index k = 0; k < channels; ++k) z[k] = static_cast<Scalar>(static_cast<double>(z[k]) / partition);
    }
  }

  template <class Scalar>
  bool is_valid_target(const Scalar* target, Index size, Index channels) const {
    const double tolerance = 4 * std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
    for (Index first = 0; first < size; first += channels) {
      double mass = 0;
      for (Index k = 0; k < channels; ++k) {
        if (!(target[first + k] >= 0)) return false;
        mass += static_cast<double>(target[first + k]);
      }
      if (!((std::abs)(mass - 1) <= tolerance)) return false;
    }
    return true;
  }

  bool is_likelihood() const { return class_weights.empty(); }

  template <class Scalar>
  bool is_class(Scalar value, Index channels) const {
    return value >= 0 && value < static_cast<Scalar>(channels) && value == std::floor(value);
  }
  template <class Scalar>
  void expand_class(Scalar value, Scalar* target, Index channels) const {
    std::fill_n(target, channels, Scalar(0));
    target[static_cast<Index>(value)] = 1;
  }

  /// @throws OptionError for a weight outside [0, 1e6], and for weights that are all 0
  void validate() const {
    bool any = class_weights.empty();
    for (const double weight : class_weights) {
      detail::require_option(weight >= 0 && weight <= 1e6, "Categorical.class_weights", "lie in [0, 1e6]");
      any = any || weight > 0;
    }
    detail::require_option(any, "Categorical.class_weights", "hold a weight that is not 0");
  }
  /// @throws CompositionError unless there are as many weights as channels, or none
  void validate_channels(Index channels) const {
    const auto count = static_cast<Index>(class_weights.size());
    if (count > 0 && count != channels)
      throw CompositionError(detail::message({"a class needs a weight. Categorical: got ", count,
                                              " class_weights, expected ", channels}));
  }
  ///@}

 private:
  /// The largest of `count` logits.
  template <class Scalar>
  static Scalar largest(const Scalar* z, Index count) {
    constexpr Index lanes = 16;  // independent maxima: a single one would be a chain of dependent comparisons
    Scalar maxima[lanes];
    const Index first = (std::min)(lanes, count);
    for (Index k = 0; k < first; ++k) maxima[k] = z[k];
    Index k = first;
    for (; k + lanes <= count; k += lanes)
      for (Index lane = 0; lane < lanes; ++lane) maxima[lane] = z[k + lane] > maxima[lane] ? z[k + lane] : maxima[lane];
    for (; k < count; ++k) maxima[0] = z[k] > maxima[0] ? z[k] : maxima[0];
    Scalar peak = maxima[0];
    for (Index lane = 1; lane < first; ++lane) peak = maxima[lane] > peak ? maxima[lane] : peak;
    return peak;
  }
};

}  // namespace eigencoder
