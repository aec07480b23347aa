#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>

namespace eigencoder {

/// How the weights of a layer begin: `Initializer::he_normal()`, `Initializer::constant(0.1)`. Random weights have the
/// mean 0 and the variance stated; no distribution is truncated.
struct Initializer {
  /// The distribution; each has a function of the same name.
  enum class Kind {
    automatic,       ///< see `Initializer::automatic()`
    glorot_uniform,  ///< see `Initializer::glorot_uniform()`
    glorot_normal,   ///< see `Initializer::glorot_normal()`
    he_uniform,      ///< see `Initializer::he_uniform()`
    he_normal,       ///< see `Initializer::he_normal()`
    lecun_uniform,   ///< see `Initializer::lecun_uniform()`
    lecun_normal,    ///< see `Initializer::lecun_normal()`
    pytorch,         ///< see `Initializer::pytorch()`
    zeros,           ///< see `Initializer::zeros()`
    constant         ///< see `Initializer::constant()`
  };

  Kind kind = Kind::automatic;  ///< the distribution
  double value = 0;             ///< the weight, for `Kind::constant`

  /// What suits the activation after the layer: glorot_uniform, he_normal or lecun_normal.
  static constexpr Initializer automatic() { return {Kind::automatic}; }
  /// Uniform with variance 2 / (fan_in + fan_out). Source: Glorot & Bengio, "Understanding the difficulty of training
  /// deep feedforward neural networks" (2010), eq. 16.
  static constexpr Initializer glorot_uniform() { return {Kind::glorot_uniform}; }
  static constexpr Initializer glorot_normal() { return {Kind::glorot_normal}; }  ///< normal, eq. 12 there
  /// Uniform with variance 2 / fan_in. Source: He, Zhang, Ren & Sun, "Delving deep into rectifiers" (2015), eq. 10.
  static constexpr Initializer he_uniform() { return {Kind::he_uniform}; }
  static constexpr Initializer he_normal() { return {Kind::he_normal}; }  ///< normal, as he_uniform
  /// Uniform with variance 1 / fan_in. Source: LeCun, Bottou, Orr & Müller, "Efficient BackProp" (1998), sec. 4.6.
  static constexpr Initializer lecun_uniform() { return {Kind::lecun_uniform}; }
  static constexpr Initializer lecun_normal() { return {Kind::lecun_normal}; }  ///< normal, as lecun_uniform
  /// Uniform with variance 1 / (3 fan_in), the default of PyTorch's linear layers and convolutions.
  static constexpr Initializer pytorch() { return {Kind::pytorch}; }
  static constexpr Initializer zeros() { return {Kind::zeros}; }  ///< every weight 0
  /// Every weight `value`.
  static constexpr Initializer constant(double value) { return {Kind::constant, value}; }

  /// Whether both make the same weights.
  friend constexpr bool operator==(const Initializer&, const Initializer&) = default;

  /// @throws OptionError for a constant that is not finite.
  void validate() const {
    if (!std::isfinite(value)) throw OptionError("eigencoder: Initializer.value must be finite");
  }

  /// Sets the weights of a layer.
  /// @param w        the weights
  /// @param fan_in   the number of inputs that each output depends on, at least 1
  /// @param fan_out  the number of outputs that each input reaches, at least 1
  /// @param hint     what `automatic` means: of the activation after the layer
  /// @param random   the source of all draws
  template <class Scalar>
  [[gnu::cold]] void fill(std::span<Scalar> w, Index fan_in, Index fan_out, InitializerHint hint,
                          Random& random) const {
    const double in = static_cast<double>(fan_in), out = static_cast<double>(fan_out);
    switch (resolve(hint)) {
      case Kind::automatic: break;  // resolved above
      case Kind::glorot_uniform: return fill_uniform(w, 2 / (in + out), random);
      case Kind::glorot_normal: return fill_normal(w, 2 / (in + out), random);
      case Kind::he_uniform: return fill_uniform(w, 2 / in, random);
      case Kind::he_normal: return fill_normal(w, 2 / in, random);
      case Kind::lecun_uniform: return fill_uniform(w, 1 / in, random);
      case Kind::lecun_normal: return fill_normal(w, 1 / in, random);
      case Kind::pytorch: return fill_uniform(w, 1 / (3 * in), random);
      case Kind::zeros: return fill_constant(w, 0);
      case Kind::constant: return fill_constant(w, value);
    }
  }

 private:
  constexpr Kind resolve(InitializerHint hint) const {
    if (kind != Kind::automatic) return kind;
    switch (hint) {
      case InitializerHint::he: return Kind::he_normal;
      case InitializerHint::lecun: return Kind::lecun_normal;
      case InitializerHint::glorot: break;
    }
    return Kind::glorot_uniform;
  }

  // A uniform variable on [-limit, limit) has the variance limit^2 / 3.
  template <class Scalar>
  [[gnu::cold]] static void fill_uniform(std::span<Scalar> w, double variance, Random& random) {
    const double limit = std::sqrt(3 * variance);
    for (Scalar& weight : w) weight = static_cast<Scalar>(limit * (2 * random.uniform() - 1));
  }
  template <class Scalar>
  [[gnu::cold]] static void fill_normal(std::span<Scalar> w, double variance, Random& random) {
    const double stddev = std::sqrt(variance);
    for (Scalar& weight : w) weight = static_cast<Scalar>(stddev * random.normal());
  }
  template <class Scalar>
  [[gnu::cold]] static void fill_constant(std::span<Scalar> w, double constant) {
    for (Scalar& weight : w) weight = static_cast<Scalar>(constant);
  }
};

}  // namespace eigencoder
