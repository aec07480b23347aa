#pragma once

#include <cmath>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/extend/loss.hpp>

namespace eigencoder {

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

}  // namespace eigencoder
