#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/augmentation/brightness.hpp>
#include <eigencoder/augmentation/crop.hpp>
#include <eigencoder/augmentation/flip.hpp>
#include <eigencoder/augmentation/hue.hpp>
#include <eigencoder/augmentation/rotation.hpp>
#include <eigencoder/augmentation/saturation.hpp>
#include <eigencoder/augmentation/shift.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <utility>

namespace eigencoder {

/// A change of an image that leaves it as likely as before. `apply(from, to, shape, random)` writes the changed
/// sample, all draws taken from `random`; its number of draws must not depend on the pixels. `from` and `to` do not
/// overlap. A change that suits some images only says so in `constexpr Diagnosis diagnose(Shape) const`, where
/// sides and channels may still be `Dynamic`.
template <class A>
concept Augmentation =
    std::default_initializable<A> && std::copyable<A> &&
    requires(const A& change, const double* from, double* to, Shape shape, Random& random) {
      { A::name } -> std::convertible_to<std::string_view>;
      change.validate();
      change.apply(from, to, shape, random);
    };

/// The policy that changes every training image anew each epoch, one change after another in the order
/// written; the target changes along. Evaluation sees images as they are.
///
///     Augmented<HorizontalFlip, Shift>
///     Augmented{HorizontalFlip{}, Rotation{.degrees = 5}, Crop{.smallest = 0.9}, Hue{.degrees = 180}}
template <Augmentation... Changes>
struct Augmented {
  static constexpr std::string_view kind = "Augmented";
  static constexpr Index place = -1;

  Pack<Changes...> changes;

  constexpr Augmented() = default;
  constexpr explicit Augmented(const Changes&... each)
    requires(sizeof...(Changes) > 0)
      : changes(each...) {}

  void validate() const { visit([](const auto& change) { change.validate(); }); }

  constexpr Diagnosis diagnose(Shape input) const {
    if (input.is_flat())
      return {Rule::policy_applies, kind, Text::of("an input of ", input.in_words()), "an image, Image<H, W, C>"};
    Diagnosis found;
    visit([&](const auto& change) {
      if constexpr (requires { change.diagnose(input); })
        if (found.ok()) found = change.diagnose(input);
    });
    return found;
  }

  /// Writes the changed `from` to `to`, using `spare` (as long) on the way.
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Scalar* spare, Shape shape, Random& random) const {
    if constexpr (sizeof...(Changes) == 0) std::copy_n(from, shape.size(), to);
    if constexpr (sizeof...(Changes) % 2 == 0) std::swap(to, spare);  // so that the last change meets `to`
    visit([&](const auto& change) {
      change.apply(from, to, shape, random);
      from = to;
      std::swap(to, spare);
    });
  }

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
