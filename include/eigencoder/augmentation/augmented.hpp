#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/augmentation/color.hpp>
#include <eigencoder/augmentation/geometric.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/random.hpp>
#include <type_traits>
#include <utility>

namespace eigencoder {

/// A random change of an image after which it could as well be a sample of the data.
///
/// - `apply(from, to, shape, random)`, a const template on the scalar, writes the changed sample `from` of `shape` to
///   `to`, which does not overlap it. It takes all draws from `random`; their number must not depend on the pixels.
/// - `name`, and `validate()`, which throws `OptionError` for an option outside its range
/// - optionally `constexpr Diagnosis diagnose(Shape) const`, if it suits some images only; sides and channels may be
///   `Dynamic`
///
/// Beside targets that are images of another shape than the inputs' (see `Target`) it needs one of these:
///
/// - `scale_free = true`, if it measures in parts of the image, as flips and rotations do
/// - one more argument of `apply`, an `ImageScale`, if it measures in pixels; and optionally `validate_scale(scale)`,
///   which throws `OptionError` for options that do not suit a scale
/// - `skip(random)`, which takes the draws of `apply`, if it changes values and moves no pixel: labels stay as they are
template <class A>
concept Augmentation =
    std::default_initializable<A> && std::copyable<A> &&
    requires(const A& change, const double* from, double* to, Shape shape, Random& random) {
      { A::name } -> std::convertible_to<std::string_view>;
      change.validate();
      change.apply(from, to, shape, random);
    };

/// An augmentation that suits targets of another size than the inputs'.
template <class A>
concept AugmentationOfAnyScale =
    Augmentation<A> &&
    (requires { requires bool{A::scale_free}; } || requires(const A& change, Random& random) { change.skip(random); } ||
     requires(const A& change, const double* from, double* to, Shape shape, Random& random) {
       change.apply(from, to, shape, random, ImageScale());
     });

/// The policy that changes every training image anew in each epoch, by several changes in the order written. The target
/// is changed by the same draws. Evaluation sees unchanged images.
///
///     Augmented<HorizontalFlip, Shift>
///     Augmented{HorizontalFlip{}, Rotation{.degrees = 5}, Crop{.smallest = 0.9}, Hue{.degrees = 180}}
template <Augmentation... Changes>
struct Augmented {
  Pack<Changes...> changes;  ///< in the order in which they are applied

  /// Changes with their default options.
  constexpr Augmented() = default;
  /// Changes with these options.
  constexpr explicit Augmented(const Changes&... each)
    requires(sizeof...(Changes) > 0)
      : changes(each...) {}

  /// As every policy that `Augments`.
  ///@{
  static constexpr std::string_view kind = "Augmented";
  static constexpr Index at_layer = -1;

  void validate() const { visit([](const auto& change) { change.validate(); }); }

  constexpr Diagnosis diagnose(Shape input) const {
    if (input.is_flat())
      return {Rule::policy_applies, kind, Text::of("an input of ", input.in_words()), "an image, Image<H, W, C>"};
    Diagnosis diagnosis;
    visit([&](const auto& change) {
      if constexpr (requires { change.diagnose(input); })
        if (diagnosis.ok()) diagnosis = change.diagnose(input);
    });
    return diagnosis;
  }

  constexpr Diagnosis diagnose_scaled() const {
    Diagnosis diagnosis;
    visit([&](const auto& change) {
      using Change = std::remove_cvref_t<decltype(change)>;
      if (diagnosis.ok() && !AugmentationOfAnyScale<Change>)
        diagnosis = {Rule::policy_applies, Change::name, "a target of another size than the input",
                     "scale_free, skip(random) or an ImageScale among its members"};
    });
    return diagnosis;
  }
  void validate_scale(ImageScale scale) const {
    visit([&](const auto& change) {
      if constexpr (requires { change.validate_scale(scale); }) change.validate_scale(scale);
    });
  }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Scalar* scratch, Shape shape, Random& random,
             ImageScale scale = {}) const {
    if constexpr (sizeof...(Changes) == 0) std::copy_n(from, shape.size(), to);
    if constexpr (sizeof...(Changes) % 2 == 0) std::swap(to, scratch);  // so that the last change writes to `to`
    visit([&](const auto& change) {
      const auto apply_change = [&] {
        if constexpr (requires { change.apply(from, to, shape, random, scale); })
          change.apply(from, to, shape, random, scale);
        else
          change.apply(from, to, shape, random);
      };
      if constexpr (requires { change.skip(random); }) {
        if (scale.keeps_values) change.skip(random), std::copy_n(from, shape.size(), to);
        else apply_change();
      } else {
        apply_change();
      }
      from = to;
      std::swap(to, scratch);
    });
  }
  ///@}

 private:
  template <class Visit>
  constexpr void visit(const Visit& visit) const {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit(get<K>(changes)), ...);
    }(std::index_sequence_for<Changes...>());
  }
};
template <class... Changes>
Augmented(Changes...) -> Augmented<Changes...>;

}  // namespace eigencoder
