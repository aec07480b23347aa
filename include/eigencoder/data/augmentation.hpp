#pragma once

#include <algorithm>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/pack.hpp>
#include <eigencoder/core/policy.hpp>
#include <eigencoder/core/random.hpp>

namespace eigencoder {

/// Mirrors an image left to right with the given probability.
struct HorizontalFlip {
  double probability = 0.5;

  static constexpr std::string_view name = "HorizontalFlip";
  void validate() const {
    if (!(probability >= 0 && probability <= 1))
      throw OptionError("eigencoder: HorizontalFlip.probability must lie in [0, 1]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const bool flip = random.bernoulli(probability);
    for (Index row = 0; row < shape.height; ++row)
      for (Index col = 0; col < shape.width; ++col) {
        const Index source = flip ? shape.width - 1 - col : col;
        std::copy_n(from + (row * shape.width + source) * shape.channels, shape.channels,
                    to + (row * shape.width + col) * shape.channels);
      }
  }
};

/// Moves an image by up to `pixels` along each axis, all offsets alike likely; the edge's pixels are
/// repeated into the gap.
struct Shift {
  Index pixels = 2;

  static constexpr std::string_view name = "Shift";
  void validate() const {
    if (pixels < 0 || pixels > 1 << 20) throw OptionError("eigencoder: Shift.pixels must lie in [0, 1048576]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto choices = static_cast<std::uint32_t>(2 * pixels + 1);
    const Index down = static_cast<Index>(random.below(choices)) - pixels;
    const Index right = static_cast<Index>(random.below(choices)) - pixels;
    for (Index row = 0; row < shape.height; ++row) {
      const Index source_row = std::clamp<Index>(row - down, 0, shape.height - 1);
      for (Index col = 0; col < shape.width; ++col) {
        const Index source_col = std::clamp<Index>(col - right, 0, shape.width - 1);
        std::copy_n(from + (source_row * shape.width + source_col) * shape.channels, shape.channels,
                    to + (row * shape.width + col) * shape.channels);
      }
    }
  }
};

/// A change of an image that leaves it as likely as before. `apply(from, to, shape, random)` writes the changed
/// sample, all draws taken from `random`; its number of draws must not depend on the pixels.
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
///     Augmented{HorizontalFlip{}, Shift{.pixels = 3}}
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
    if (!input.is_flat()) return {};
    return {Rule::policy_applies, kind, Text::of("an input of ", input.in_words()), "an image, Image<H, W, C>"};
  }

  /// Writes the changed `from` to `to`, using `spare` (as long) on the way.
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Scalar* spare, Shape shape, Random& random) const {
    std::copy_n(from, shape.size(), to);
    visit([&](const auto& change) {
      std::copy_n(to, shape.size(), spare);
      change.apply(spare, to, shape, random);
    });
  }

 private:
  template <class Visit>
  void visit(const Visit& visit) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit(get<I>(changes)), ...);
    }(std::index_sequence_for<Changes...>());
  }
};
template <class... Changes>
Augmented(Changes...) -> Augmented<Changes...>;

}  // namespace eigencoder
