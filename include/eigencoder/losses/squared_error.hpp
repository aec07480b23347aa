#pragma once

#include <eigencoder/losses/concepts.hpp>
#include <eigencoder/losses/elementwise.hpp>

namespace eigencoder {

/// The squared error, sum over i of (y_i - t_i)^2: no 1/2, no mean. Its derivative is 2 (y - t).
struct SquaredError {
  static constexpr std::string_view name = "SquaredError";
  static constexpr std::string_view range = "finite values";
  static constexpr bool takes_logits = false;
  static constexpr bool separable = true;

  template <class Scalar>
  double sample(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index,
                double scale) const {
    const auto terms = [](const Scalar* y, const Scalar* t, Scalar* value, Scalar* slope) {
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar difference = y[i] - t[i];
        value[i] = difference * difference;
        slope[i] = 2 * difference;
      }
    };
    return detail::sum_elementwise(output, target, delta, size, scale, terms);
  }

  /// The output is the mean already.
  template <class Scalar>
  void mean(Scalar*, Index, Index) const {}

  /// Every finite target will do.
  template <class Scalar>
  bool accepts(const Scalar*, Index, Index) const { return true; }

  void validate() const {}
};

}  // namespace eigencoder
