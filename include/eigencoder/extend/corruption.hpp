#pragma once

#include <concepts>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>
#include <type_traits>

namespace eigencoder {
namespace detail {

template <class C, class Scalar>
concept CorruptsByMember = requires(const C& corruption, Scalar* sample, Shape shape, Random& random) {
  corruption.corrupt(sample, shape, random);
};
template <class C, class Scalar>
concept CorruptsByCall = std::invocable<const C&, Scalar*, Shape, Random&>;

template <class C>
concept NamedCorruption =
    (CorruptsByMember<C, float> || CorruptsByMember<C, double>) && requires(const C& corruption) {
      { C::name } -> std::convertible_to<std::string_view>;
      corruption.validate();
    };
template <class C>
concept CallableCorruption = CorruptsByCall<C, float> || CorruptsByCall<C, double>;

}  // namespace detail

/// A corruption damages a sample, for a model that learns to undo it. It is a type with
///
/// - `corrupt(sample, shape, random)`, a const template on the scalar: changes one sample of `shape`, channels
///   fastest, in place, all draws taken from `random`; their number must not depend on the values;
/// - `name`, and `validate()`, which throws `OptionError` for a hyperparameter out of range;
/// - optionally `constexpr Diagnosis diagnose(Shape) const`, if it suits some inputs only; sizes may be `Dynamic`;
///
/// or anything to call with `(Scalar* sample, Shape shape, Random& random)`: a lambda that captures nothing, a functor,
/// a function pointer, a `std::function`. Samples are corrupted by several threads at once, so both must be const.
template <class C>
concept Corruption = std::default_initializable<C> && std::copyable<C> &&
                     (detail::NamedCorruption<C> || detail::CallableCorruption<C>);

/// A policy that corrupts the inputs of training, such as `Denoising`: after augmentation, and never the targets.
/// `random` is keyed by step and sample.
template <class P>
concept Corrupts = Policy<P> && (detail::CorruptsByMember<P, float> || detail::CorruptsByMember<P, double>);

/// A policy that corrupts and weighs the losses of corrupted and of intact values, if `emphasizes()`.
template <class P>
concept Emphasizes = Corrupts<P> && requires(const P& policy) {
  { policy.emphasizes() } -> std::convertible_to<bool>;
  { policy.corrupted_weight } -> std::convertible_to<double>;
  { policy.intact_weight } -> std::convertible_to<double>;
};

/// Corrupts one sample in place by a corruption of either sort, or by a policy that corrupts.
template <class C, class Scalar>
void corrupt_with(const C& corruption, Scalar* sample, Shape shape, Random& random) {
  constexpr bool by_member = detail::CorruptsByMember<C, Scalar>;
  constexpr bool by_call = !by_member && detail::CorruptsByCall<C, Scalar>;
  static_assert(by_member || by_call, "eigencoder: this corruption does not take samples of this scalar");
  if constexpr (by_member)
    corruption.corrupt(sample, shape, random);
  else if constexpr (by_call)
    corruption(sample, shape, random);
}

namespace detail {

/// Throws `OptionError` for a corruption whose values are out of range, or for an empty function.
template <class C>
void validate_corruption([[maybe_unused]] const C& corruption) {
  if constexpr (requires { corruption.validate(); }) {
    corruption.validate();
  } else if constexpr (!std::is_empty_v<C> && requires { corruption == nullptr; }) {
    if (corruption == nullptr) throw OptionError("eigencoder: the corruption is an empty function");
  }
}

/// What is wrong with an input for a corruption, if anything.
template <class C>
constexpr Diagnosis diagnose_corruption([[maybe_unused]] const C& corruption, [[maybe_unused]] Shape input) {
  if constexpr (requires { corruption.diagnose(input); })
    return corruption.diagnose(input);
  else
    return {};
}

}  // namespace detail
}  // namespace eigencoder
