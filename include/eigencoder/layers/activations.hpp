#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <string_view>

/// @file
/// Activations, with PyTorch's definitions and defaults.
///
/// To add one: copy `Identity`, the simplest one, and fill in its six members; `Pointwise` says what each means. There
/// is nothing to register: `Encoder<Input<784>, Dense<64>, Yours>` works. One that stands in this file is also named in
/// `Activations` of tests/laws/list.hpp, so that the laws test it, and has an exporter and a kernel in
/// detail/export/{nonlinear_exporters,nonlinear_kernels}.hpp, so that `export_header` knows it.
///
/// Every activation maps NaN to NaN, and maps large inputs to finite values, derivatives and second derivatives. g++
/// finds `Gelu` and `Softplus` too long to inline, but a call keeps a loop from being vectorized; hence
/// `always_inline`.
namespace eigencoder {

/// value(z) = z. The template for a new activation.
struct Identity {
  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Identity";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;  // so derivatives take y = value(z)
  static constexpr InitializerHint hint = InitializerHint::glorot;

  template <class Scalar>
  Scalar value(Scalar z) const { return z; }
  template <class Scalar>
  Scalar derivative(Scalar) const { return 1; }
  template <class Scalar>
  Scalar second_derivative(Scalar) const { return 0; }
  ///@}
};

/// value(z) = max(z, 0). Source: Nair & Hinton, "Rectified linear units improve restricted Boltzmann
/// machines" (2010).
struct Relu {
  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Relu";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::he;

  template <class Scalar>
  Scalar value(Scalar z) const { return z < 0 ? Scalar{0} : z; }
  /// The unit step, 1 or 0. The activations below multiply by it: g++ vectorizes a product, but no branch that
  /// computes.
  template <class Scalar>
  constexpr Scalar derivative(Scalar y) const { return y > 0 ? Scalar{1} : Scalar{0}; }
  template <class Scalar>
  Scalar second_derivative(Scalar) const { return 0; }
  ///@}
};

/// value(z) = z above 0, negative_slope z below. Source: Maas, Hannun & Ng, "Rectifier nonlinearities
/// improve neural network acoustic models" (2013), sec. 2.
struct LeakyRelu {
  double negative_slope = 0.01;  ///< finite and at least 0, so that the output keeps the input's sign

  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "LeakyRelu";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::he;
  constexpr Setting setting() const { return {"negative_slope", negative_slope}; }

  template <class Scalar>
  Scalar value(Scalar z) const { return z * derivative(z); }
  template <class Scalar>
  Scalar derivative(Scalar y) const {
    const Scalar above = Relu{}.derivative(y);
    return above + (1 - above) * static_cast<Scalar>(negative_slope);
  }
  template <class Scalar>
  Scalar second_derivative(Scalar) const { return 0; }
  ///@}

  /// @throws OptionError for a slope that is negative or not finite.
  void validate() const { detail::require_nonnegative("LeakyRelu.negative_slope", negative_slope); }
};

/// value(z) = z above 0, alpha (e^z - 1) below. Source: Clevert, Unterthiner & Hochreiter, "Fast and
/// accurate deep network learning by exponential linear units" (2016), eq. 15.
struct Elu {
  double alpha = 1;  ///< finite and at least 0, so that the output keeps the input's sign

  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Elu";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::he;
  constexpr Setting setting() const { return {"alpha", alpha}; }

  template <class Scalar>
  Scalar value(Scalar z) const {
    return detail::math::select(z > 0, z, static_cast<Scalar>(alpha) * detail::math::expm1(z));
  }
  template <class Scalar>
  Scalar derivative(Scalar y) const { return Relu{}.derivative(y) + second_derivative(y); }
  template <class Scalar>
  Scalar second_derivative(Scalar y) const {
    return (1 - Relu{}.derivative(y)) * (y + static_cast<Scalar>(alpha));
  }
  ///@}

  /// @throws OptionError for an alpha that is negative or not finite.
  void validate() const { detail::require_nonnegative("Elu.alpha", alpha); }
};

/// value(z) = scale z above 0, scale alpha (e^z - 1) below, which preserves mean 0 and variance 1 of a
/// normal input. Source: Klambauer, Unterthiner, Mayr & Hochreiter, "Self-normalizing neural networks"
/// (2017), eq. 2.
struct Selu {
  static constexpr double scale = 1.0507009873554804934193349852946;  ///< of the source, section 2.2
  static constexpr double alpha = 1.6732632423543772848170429916717;  ///< of the source, section 2.2

  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Selu";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::lecun;

  template <class Scalar>
  Scalar value(Scalar z) const {
    const Scalar below = static_cast<Scalar>(scale * alpha) * detail::math::expm1(z);
    return detail::math::select(z > 0, static_cast<Scalar>(scale) * z, below);
  }
  template <class Scalar>
  Scalar derivative(Scalar y) const {
    return static_cast<Scalar>(scale) * Relu{}.derivative(y) + second_derivative(y);
  }
  template <class Scalar>
  Scalar second_derivative(Scalar y) const {
    return (1 - Relu{}.derivative(y)) * (y + static_cast<Scalar>(scale * alpha));
  }
  ///@}
};

/// value(z) = z P(z), with P and p the distribution and density of the standard normal; derivative P + z p, second
/// derivative (2 - z^2) p. Exact, not the approximation by tanh.
/// Source: Hendrycks & Gimpel, "Gaussian error linear units" (2016), sec. 2.
struct Gelu {
  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Gelu";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::input;
  static constexpr InitializerHint hint = InitializerHint::he;

  template <class Scalar>
  [[gnu::always_inline]] Scalar value(Scalar z) const { return z * detail::math::normal_distribution(z); }
  template <class Scalar>
  [[gnu::always_inline]] Scalar derivative(Scalar z) const {
    return detail::math::normal_distribution(z) + z * detail::math::normal_density(z);
  }
  template <class Scalar>
  [[gnu::always_inline]] Scalar second_derivative(Scalar z) const {
    const Scalar p = detail::math::normal_density(z);
    return 2 * p - z * p * z;  // where z^2 would overflow, z p is 0
  }
  ///@}
};

/// value(z) = s = 1 / (1 + e^-z); derivative s (1 - s), second derivative s (1 - s) (1 - 2 s).
struct Sigmoid {
  /// As every `Pointwise`. Its values lie in (0, 1).
  ///@{
  static constexpr std::string_view name = "Sigmoid";
  static constexpr bool in_unit_interval = true;
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::glorot;

  template <class Scalar>
  Scalar value(Scalar z) const { return detail::math::sigmoid(z); }
  template <class Scalar>
  Scalar derivative(Scalar y) const { return y * (1 - y); }
  template <class Scalar>
  Scalar second_derivative(Scalar y) const { return y * (1 - y) * (1 - 2 * y); }
  ///@}
};

/// value(z) = z s, s = sigmoid(z); derivative s (1 + z (1 - s)), second derivative s (1 - s) (2 + z (1 - 2 s)).
/// Source: Elfwing, Uchibe & Doya, "Sigmoid-weighted linear units" (2018); also called swish.
struct Silu {
  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Silu";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::input;
  static constexpr InitializerHint hint = InitializerHint::he;

  template <class Scalar>
  Scalar value(Scalar z) const { return z * detail::math::sigmoid(z); }
  template <class Scalar>
  Scalar derivative(Scalar z) const {
    const Scalar s = detail::math::sigmoid(z);
    return s * (1 + z * (1 - s));
  }
  template <class Scalar>
  Scalar second_derivative(Scalar z) const {
    const Scalar s = detail::math::sigmoid(z);
    return s * (1 - s) * (2 + z * (1 - 2 * s));
  }
  ///@}
};

/// value(z) = log(1 + e^z), computed without overflow; derivative sigmoid(z) = 1 - e^-y, second derivative
/// (1 - e^-y) e^-y. Source: Dugas et al., "Incorporating second-order functional knowledge for better
/// option pricing" (2001).
struct Softplus {
  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Softplus";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::he;

  template <class Scalar>
  [[gnu::always_inline]] Scalar value(Scalar z) const { return detail::math::softplus(z); }
  template <class Scalar>
  [[gnu::always_inline]] Scalar derivative(Scalar y) const { return -detail::math::expm1(-y); }
  template <class Scalar>
  [[gnu::always_inline]] Scalar second_derivative(Scalar y) const {
    return -detail::math::expm1(-y) * detail::math::exp(-y);
  }
  ///@}
};

/// value(z) = tanh z; derivative 1 - y^2, second derivative -2 y (1 - y^2).
struct Tanh {
  /// As every `Pointwise`.
  ///@{
  static constexpr std::string_view name = "Tanh";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::glorot;

  template <class Scalar>
  Scalar value(Scalar z) const { return detail::math::tanh(z); }
  template <class Scalar>
  Scalar derivative(Scalar y) const { return (1 - y) * (1 + y); }
  template <class Scalar>
  Scalar second_derivative(Scalar y) const { return -2 * y * (1 - y) * (1 + y); }
  ///@}
};

}  // namespace eigencoder
