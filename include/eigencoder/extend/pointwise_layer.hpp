#pragma once

#include <concepts>
#include <string_view>

namespace eigencoder {

/// Which value of an activation its derivatives are computed from in the backward pass, and so has to be stored. The
/// output is cheaper, where it is enough: the layer before then needs no memory for its own output.
enum class SavedForBackward {
  input,  ///< z
  output  ///< value(z)
};

/// Which initial weights suit a layer with this activation after it.
enum class InitializerHint {
  glorot,  ///< for symmetric activations, such as `Tanh`
  he,      ///< for rectifiers, such as `Relu`
  lecun    ///< for self-normalizing activations, such as `Selu`
};

/// An activation, which maps each value by itself, such as `Relu`. Max pooling, normalization and softmax are none:
/// there a value depends on its neighbors, see `CustomLayer`.
///
/// Required:
///
/// - `name`: its name in messages and files
/// - `value(z)`: the activation, for `float` and `double`
/// - `saved_for_backward`: what the next two get as argument, z or value(z)
/// - `derivative(saved)`: the derivative of `value` at z. At a kink it is the one from the left, as in PyTorch.
/// - `second_derivative(saved)`: the second derivative of `value` at z
/// - `hint`: which initial weights suit the layer before
///
/// Optional:
///
/// - `in_unit_interval = true`: all outputs lie in (0, 1)
/// - `setting()`: the `Setting` to store in model files
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
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

/// A hyperparameter, not a size, that inference depends on. A layer with one returns it from `setting()`: model files
/// store it, and loading compares it.
struct Setting {
  std::string_view name;  ///< the member's name
  double value;           ///< its value
};

}  // namespace eigencoder
