#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/extend/loss.hpp>

/// @file
/// Losses of the errors of outputs, y - t: their squares, their magnitudes, and Huber's mixture of both.
namespace eigencoder {

/// The squared error of outputs y and targets t, the sum over i of (y_i - t_i)^2, without a factor 1/2 and without a
/// mean over i. Its derivative is 2 (y - t).
struct SquaredError {
  /// As every `Loss`.
  ///@{
  static constexpr std::string_view name = "SquaredError";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index,
                            double scale) const {
    return detail::sum_elementwise(output, target, delta, size, scale, detail::SquaredErrorTerms<>{});
  }

  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  void validate() const {}
  ///@}
};

/// The absolute error of outputs y and targets t, the sum over i of |y_i - t_i|. Its derivative is the sign of y - t, 0
/// where they are equal. A model trained with it predicts the median.
struct AbsoluteError {
  /// As every `Loss`.
  ///@{
  static constexpr std::string_view name = "AbsoluteError";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index,
                            double scale) const {
    const auto value_and_derivative = [](const Scalar* y, const Scalar* t, Scalar* value, Scalar* derivative) {
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar difference = y[i] - t[i];
        value[i] = (std::abs)(difference);
        derivative[i] = (difference > 0 ? Scalar(1) : Scalar(0)) - (difference < 0 ? Scalar(1) : Scalar(0));
      }
    };
    return detail::sum_elementwise(output, target, delta, size, scale, value_and_derivative);
  }

  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  void validate() const {}
  ///@}
};

/// Huber's loss of the errors d_i = y_i - t_i: the sum over i of d_i^2 / 2 where |d_i| <= delta, and of
/// delta (|d_i| - delta / 2) elsewhere; PyTorch's `HuberLoss`. With c_i = d_i clamped to [-delta, delta], each term is
/// c_i (d_i - c_i / 2) and its derivative c_i.
/// Source: Huber, "Robust estimation of a location parameter" (1964).
struct Huber {
  double delta = 1;  ///< the largest error of the quadratic part, above 0; in units of the data

  /// As every `Loss`.
  ///@{
  static constexpr std::string_view name = "Huber";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* gradient, Index size, Index,
                            double scale) const {
    const Scalar limit = static_cast<Scalar>(delta);
    const auto value_and_derivative = [limit](const Scalar* y, const Scalar* t, Scalar* value, Scalar* derivative) {
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar difference = y[i] - t[i];
        const Scalar below = difference > limit ? limit : difference;
        const Scalar clamped = below < -limit ? -limit : below;
        value[i] = clamped * (difference - clamped / 2);
        derivative[i] = clamped;
      }
    };
    return detail::sum_elementwise(output, target, gradient, size, scale, value_and_derivative);
  }

  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  void validate() const { detail::require_positive("Huber.delta", delta); }
  ///@}
};

}  // namespace eigencoder
