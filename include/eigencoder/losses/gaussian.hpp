#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/extend/loss.hpp>
#include <numbers>

namespace eigencoder {

/// The negative log-likelihood of a normal distribution with the output y as its mean, in nats, constants included:
/// -log N(t; y, variance I) = the sum over i of (y_i - t_i)^2 / (2 variance) + log(2 pi variance) / 2. Its derivative
/// is (y - t) / variance. Source: Bishop, "Pattern Recognition and Machine Learning" (2006), eq. 2.43.
struct Gaussian {
  double variance = 1;  ///< of each value, above 0; in squared units of the data

  /// As every `Loss`.
  ///@{
  static constexpr std::string_view name = "Gaussian";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool likelihood = true;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index,
                            double scale) const {
    const auto precision = static_cast<Scalar>(1 / variance);
    const auto value_and_derivative = [precision](const Scalar* y, const Scalar* t, Scalar* value, Scalar* derivative) {
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar difference = y[i] - t[i];
        derivative[i] = precision * difference;
        value[i] = derivative[i] * difference;
      }
    };
    const double squares = detail::sum_elementwise(output, target, delta, size, scale, value_and_derivative);
    return (squares + static_cast<double>(size) * std::log(2 * std::numbers::pi * variance)) / 2;
  }

  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  void validate() const { detail::require_positive("Gaussian.variance", variance); }
  ///@}
};

/// `Gaussian` with one variance for all values that is learned with the model: the learned value is its logarithm,
/// see `LearnedLoss`. Used as a loss directly it is the one at the initial variance. Source: Rybkin, Daniilidis &
/// Levine, "Simple and effective VAE training with calibrated decoders" (2021), the sigma-VAE.
struct LearnedGaussian {
  double initial_variance = 1;  ///< above 0; in squared units of the data

  /// As every `LearnedLoss`.
  ///@{
  static constexpr std::string_view name = "LearnedGaussian";
  static constexpr std::string_view range = Gaussian::range;
  static constexpr bool takes_logits = false;
  static constexpr bool likelihood = true;
  static constexpr bool separable = true;

  Index learned_count(Index) const { return 1; }
  double initial_value(Index) const { return std::log(initial_variance); }
  template <class Scalar>
  Gaussian at(const Scalar* log_variance) const {
    return {.variance = std::exp(static_cast<double>(*log_variance))};
  }
  template <class Scalar>
  void add_derivatives(const Scalar* output, const Scalar* target, const Scalar* log_variance, Index size,
                       double scale, double* sums) const {
    // With S the sum of squared errors, the loss is S / (2 variance) + size / 2 log(2 pi variance). Its derivative by
    // the log variance is size / 2 - S / (2 variance).
    detail::RunningSums squares;
    Index known = 0;
    squares.add(size, [&](double& sum, Index i) {
      const auto error = static_cast<double>(output[i] - target[i]);
      sum += (std::isnan)(target[i]) ? 0 : error * error;
    });
    for (Index i = 0; i < size; ++i) known += (std::isnan)(target[i]) ? 0 : 1;
    sums[0] += scale / 2 * (static_cast<double>(known) - squares.total() / at(log_variance).variance);
  }

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index channels,
                            double scale) const {
    return Gaussian{initial_variance}.value_and_gradient(output, target, delta, size, channels, scale);
  }

  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  void validate() const { detail::require_positive("LearnedGaussian.initial_variance", initial_variance); }
  ///@}
};

}  // namespace eigencoder
