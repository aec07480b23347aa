#pragma once

#include <cmath>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/loss.hpp>

namespace eigencoder {

/// Huber's loss, with d_i = y_i - t_i the sum over i of d_i^2 / 2 where |d_i| <= delta and of
/// delta (|d_i| - delta / 2) beyond; PyTorch's `HuberLoss`. With c_i = d_i clamped to [-delta, delta], a term
/// is c_i (d_i - c_i / 2) and its derivative c_i. Source: Huber, "Robust estimation of a location parameter"
/// (1964).
struct Huber {
  double delta = 1;  ///< the error up to which the loss is quadratic, above 0; in units of the data

  static constexpr std::string_view name = "Huber";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool separable = true;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* gradient, Index size, Index,
                double scale) const {
    const Scalar limit = static_cast<Scalar>(delta);
    const auto terms = [limit](const Scalar* y, const Scalar* t, Scalar* value, Scalar* derivative) {
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar difference = y[i] - t[i];
        const Scalar below = difference > limit ? limit : difference;
        const Scalar clamped = below < -limit ? -limit : below;
        value[i] = clamped * (difference - clamped / 2);
        derivative[i] = clamped;
      }
    };
    return detail::sum_elementwise(output, target, gradient, size, scale, terms);
  }

  /// The output is the prediction already.
  template <class Scalar>
  void to_mean(Scalar*, Index, Index) const {}

  /// Every finite target will do.
  template <class Scalar>
  bool is_valid_target(const Scalar*, Index, Index) const { return true; }

  /// Throws `OptionError` for a delta that is not positive and finite.
  void validate() const {
    if (!(delta > 0 && std::isfinite(delta)))
      throw OptionError("eigencoder: Huber.delta must be finite and above 0");
  }
};

}  // namespace eigencoder
