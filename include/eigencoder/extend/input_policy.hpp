#pragma once

#include <concepts>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>
#include <type_traits>

/// @file
/// Policies on the inputs of training: augmentation, after it corruption, and after that what is unknown.
namespace eigencoder {

/// How the image that an augmentation changes compares with the input, for which its options are meant. An input and a
/// target of another size move together, by multiples of `per` pixels of the input.
struct ImageScale {
  Index times = 1;           ///< pixels of this image, along each side,
  Index per = 1;             ///< for so many of the input
  bool keeps_values = false;  ///< whether pixels may move but not change, as those of a map of labels
};

/// A policy that changes training samples before the model sees them, such as `Augmented`. A model has one at most.
///
/// Required, beside the members of a `Policy`:
///
/// - `apply(from, to, scratch, shape, random)`, a const template on the scalar: writes the changed sample of `shape`
///   from `from` to `to`. `from`, `to` and `scratch` hold `shape.size()` values each and do not overlap; `scratch` may
///   be overwritten. `random` is keyed by step and sample, so that an input and its target get the same draws.
///
/// Optional:
///
/// - one more argument of `apply`, an `ImageScale`, for targets that are images of another shape than the input's
/// - beside it `constexpr Diagnosis diagnose_scaled() const`, of a policy that does not suit targets of another size,
///   and `validate_scale(scale)`, which throws `OptionError` for hyperparameters that do not suit a scale
template <class P>
concept Augments = Policy<P> && requires(const P& policy, float* values, Shape shape, Random& random) {
  policy.apply(values, values, values, shape, random);
};

/// Whether a policy can change targets that are images of another shape than the inputs.
template <class P>
concept AugmentsScaled = Augments<P> && requires(const P& policy, float* values, Shape shape, Random& random) {
  policy.apply(values, values, values, shape, random, ImageScale());
};

/// `corrupt(sample, shape, random)` of a `NamedCorruption` or a policy, for one scalar.
template <class C, class Scalar>
concept CorruptsByMember = requires(const C& corruption, Scalar* sample, Shape shape, Random& random) {
  corruption.corrupt(sample, shape, random);
};

/// A call with `(sample, shape, random)`, as of a lambda, for one scalar.
template <class C, class Scalar>
concept CorruptsByCall = std::invocable<const C&, Scalar*, Shape, Random&>;

/// A corruption as a type, such as `Masking`.
///
/// Required:
///
/// - `corrupt(sample, shape, random)`, a const template on the scalar: changes one sample of `shape`, channels fastest,
///   in place. It takes all draws from `random`; their number must not depend on the values.
/// - `name`: the corruption's name in messages and files
/// - `validate()`, which throws `OptionError` for a hyperparameter outside its range
///
/// Optional:
///
/// - `constexpr Diagnosis diagnose(Shape) const`, of a corruption that does not suit every input; sizes may be
///   `Dynamic`
template <class C>
concept NamedCorruption =
    (CorruptsByMember<C, float> || CorruptsByMember<C, double>) && requires(const C& corruption) {
      { C::name } -> std::convertible_to<std::string_view>;
      corruption.validate();
    };

/// A corruption as anything that can be called with `(Scalar* sample, Shape shape, Random& random)`: a lambda that
/// captures nothing, a functor, a function pointer, a `std::function`.
template <class C>
concept CallableCorruption = CorruptsByCall<C, float> || CorruptsByCall<C, double>;

/// A corruption damages a sample, for a model that learns to undo it. Several threads corrupt samples at once through
/// one const object.
template <class C>
concept Corruption = std::default_initializable<C> && std::copyable<C> && (NamedCorruption<C> || CallableCorruption<C>);

/// A policy that corrupts the inputs of training, never the targets, after augmentation, such as `Denoising`. `corrupt`
/// is as of a `NamedCorruption`, with `random` keyed by step and sample.
template <class P>
concept Corrupts = Policy<P> && (CorruptsByMember<P, float> || CorruptsByMember<P, double>);

/// A policy that corrupts and, where `emphasizes()` returns true, multiplies the losses of corrupted values by
/// `corrupted_weight` and those of intact values by `intact_weight`.
template <class P>
concept Emphasizes = Corrupts<P> && requires(const P& policy) {
  { policy.emphasizes() } -> std::convertible_to<bool>;
  { policy.corrupted_weight } -> std::convertible_to<double>;
  { policy.intact_weight } -> std::convertible_to<double>;
};

/// A policy under which NaN in data stands for an unknown value, such as `MissingValues`. The encoder gets 0 for it,
/// and as a target it costs nothing and gives no gradient. A model has one at most.
///
/// - `hide(sample, shape, random)`, a const template on the scalar: makes further values of a training input unknown,
///   never of a target. The number of draws must not depend on the values.
/// - `feeds_mask`: whether the encoder's input has twice the channels, the second half 1 where a value is known and 0
///   where it is not
template <class P>
concept AllowsMissing = Policy<P> && requires(const P& policy, float* sample, Shape shape, Random& random) {
  policy.hide(sample, shape, random);
  { P::feeds_mask } -> std::convertible_to<bool>;
};

/// Whether a policy feeds the encoder the mask of what is known.
template <class P>
inline constexpr bool feeds_mask = false;
/// Whether a policy that allows missing values does.
template <AllowsMissing P>
inline constexpr bool feeds_mask<P> = P::feeds_mask;

/// Corrupts one sample of `shape` in place, by a `Corruption` or by a policy that `Corrupts`.
template <class C, class Scalar>
void corrupt_with(const C& corruption, Scalar* sample, Shape shape, Random& random) {
  constexpr bool by_member = CorruptsByMember<C, Scalar>;
  constexpr bool by_call = !by_member && CorruptsByCall<C, Scalar>;
  static_assert(by_member || by_call, "eigencoder: this corruption does not take samples of this scalar");
  if constexpr (by_member)
    corruption.corrupt(sample, shape, random);
  else if constexpr (by_call)
    corruption(sample, shape, random);
}

/// Validates a `Corruption` of either kind.
/// @throws OptionError for a hyperparameter outside its range, or an empty function.
template <class C>
void validate_corruption([[maybe_unused]] const C& corruption) {
  if constexpr (requires { corruption.validate(); }) {
    corruption.validate();
  } else if constexpr (!std::is_empty_v<C> && requires { corruption == nullptr; }) {
    if (corruption == nullptr) throw OptionError("eigencoder: the corruption is an empty function");
  }
}

/// Why a `Corruption` of either kind does not suit inputs of a shape, if so.
template <class C>
constexpr Diagnosis diagnose_corruption([[maybe_unused]] const C& corruption, [[maybe_unused]] Shape input) {
  if constexpr (requires { corruption.diagnose(input); })
    return corruption.diagnose(input);
  else
    return {};
}

}  // namespace eigencoder
