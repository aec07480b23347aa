#pragma once

#include <concepts>
#include <eigencoder/core/setting.hpp>
#include <string_view>

namespace eigencoder {

/// What the backward pass of an activation is given: the value that went in, or the one that came out.
/// Keeping the output is cheaper (the layer before needs no memory of its own), where it is enough.
enum class Keeps { input, output };

/// The spread of initial weights that suits the activation after them.
enum class InitializerHint { glorot, he, lecun };

/// A pointwise layer: `value(z)`, and at the kept number (see `Keeps`) `slope` = value'(z) and
/// `curvature` = value''(z). At a kink the derivative from the left holds, as in PyTorch.
/// One whose values lie in (0, 1) may say so, `static constexpr bool in_unit_interval = true`; one with a hyperparameter
/// may tell it to model files, `setting()`.
/// Not for max pooling, normalization or softmax: there a value depends on its neighbors.
template <class A>
concept Pointwise = std::default_initializable<A> && std::copyable<A> && requires(const A& a, double z, float f) {
  { A::name } -> std::convertible_to<std::string_view>;
  { A::keeps } -> std::convertible_to<Keeps>;
  { A::hint } -> std::convertible_to<InitializerHint>;
  { a.value(z) } -> std::same_as<double>;
  { a.value(f) } -> std::same_as<float>;
  { a.slope(z) } -> std::same_as<double>;
  { a.curvature(z) } -> std::same_as<double>;
};

}  // namespace eigencoder
