#pragma once

#include <concepts>
#include <eigencoder/extend/setting.hpp>
#include <string_view>

namespace eigencoder {

/// What the backward pass of an activation is given: the value that went in, or the one that came out.
/// Keeping the output is cheaper (the layer before needs no memory of its own), where it is enough.
enum class SavedForBackward { input, output };

/// The spread of initial weights that suits the activation after them.
enum class InitializerHint { glorot, he, lecun };

/// A pointwise layer: `value(z)`, and at the kept number (see `SavedForBackward`) `derivative` = value'(z) and
/// `second_derivative` = value''(z). At a kink the derivative from the left holds, as in PyTorch.
/// One whose values lie in (0, 1) may say so, `static constexpr bool in_unit_interval = true`; one with a hyperparameter
/// may tell it to model files, `setting()`.
/// Not for max pooling, normalization or softmax: there a value depends on its neighbors.
template <class A>
concept Pointwise = std::default_initializable<A> && std::copyable<A> && requires(const A& a, double z, float f) {
  { A::name } -> std::convertible_to<std::string_view>;
  { A::saved_for_backward } -> std::convertible_to<SavedForBackward>;
  { A::hint } -> std::convertible_to<InitializerHint>;
  { a.value(z) } -> std::same_as<double>;
  { a.value(f) } -> std::same_as<float>;
  { a.derivative(z) } -> std::same_as<double>;
  { a.second_derivative(z) } -> std::same_as<double>;
};

}  // namespace eigencoder
