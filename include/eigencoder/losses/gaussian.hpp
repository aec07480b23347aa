#pragma once

#include <cmath>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/loss.hpp>
#include <numbers>

namespace eigencoder {

/// The negative log-likelihood of a normal distribution about the output, in nats, constants included:
/// -log N(t; y, variance I) = the sum over i of (y_i - t_i)^2 / (2 variance) + log(2 pi variance) / 2. Its derivative
/// is (y - t) / variance. Source: Bishop, "Pattern Recognition and Machine Learning" (2006), eq. 2.43.
struct Gaussian {
  double variance = 1;  ///< of each value, above 0; in squared units of the data

  static constexpr std::string_view name = "Gaussian";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool likelihood = true;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index,
                double scale) const {
    const auto precision = static_cast<Scalar>(1 / variance);
    const auto terms = [precision](const Scalar* y, const Scalar* t, Scalar* value, Scalar* derivative) {
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar difference = y[i] - t[i];
        derivative[i] = precision * difference;
        value[i] = derivative[i] * difference;
      }
    };
    const double squares = detail::sum_elementwise(output, target, delta, size, scale, terms);
    return (squares + static_cast<double>(size) * std::log(2 * std::numbers::pi * variance)) / 2;
  }

  /// The output is the mean already.
  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  /// Every finite target will do.
  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  /// Throws `OptionError` for a variance that is not positive and finite.
  void validate() const {
    if (!(variance > 0 && std::isfinite(variance)))
      throw OptionError("eigencoder: Gaussian.variance must be finite and above 0");
  }
};

/// `Gaussian` whose variance is learned with the model, one for all values. Source: Rybkin, Daniilidis & Levine,
/// "Simple and effective VAE training with calibrated decoders" (2021), the sigma-VAE. By itself it is
/// the loss at its initial variance; see `LearnedLoss`.
struct LearnedGaussian {
  double initial_variance = 1;  ///< above 0; in squared units of the data

  static constexpr std::string_view name = "LearnedGaussian";
  static constexpr std::string_view range = Gaussian::range;
  static constexpr bool takes_logits = false;
  static constexpr bool likelihood = true;
  static constexpr bool separable = true;

  /// The logarithm of the initial variance.
  double initial() const { return std::log(initial_variance); }
  Gaussian at(double log_variance) const { return {.variance = std::exp(log_variance)}; }
  /// With S the sum of squared errors, the loss is S / (2 variance) + size / 2 log(2 pi variance), so that its
  /// derivative, size / 2 - S / (2 variance), follows from its value.
  double derivative(double mean_loss, Index size, double log_variance) const {
    const double half = static_cast<double>(size) / 2;
    return half - (mean_loss - half * (std::log(2 * std::numbers::pi) + log_variance));
  }

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index channels,
                double scale) const {
    return Gaussian{initial_variance}.value_and_gradient(output, target, delta, size, channels, scale);
  }

  /// The output is the mean already.
  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  /// Every finite target will do.
  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  /// Throws `OptionError` for a variance that is not positive and finite.
  void validate() const {
    if (!(initial_variance > 0 && std::isfinite(initial_variance)))
      throw OptionError("eigencoder: LearnedGaussian.initial_variance must be finite and above 0");
  }
};

}  // namespace eigencoder
