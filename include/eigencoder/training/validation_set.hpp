#pragma once

#include <concepts>
#include <eigencoder/core/view.hpp>
#include <memory>
#include <type_traits>
#include <utility>

namespace eigencoder {

/// Samples for `FitOptions`: none, a look at samples that have a name elsewhere, or samples of its own. Whatever has no
/// name (the result of a function) is moved in and kept, so that options may be stored and used later; a named matrix
/// or data set is only looked at and must outlive the options.
template <class Scalar>
class ValidationSet {
 public:
  ValidationSet() = default;

  /// Anything that converts to a `View`: values x samples.
  template <class Samples>
    requires(!std::same_as<std::remove_cvref_t<Samples>, ValidationSet> &&
             std::convertible_to<const std::remove_cvref_t<Samples>&, View<Scalar>>)
  ValidationSet(Samples&& samples) : given_(true) {
    if constexpr (std::is_lvalue_reference_v<Samples>) {
      view_ = samples;
    } else {
      auto kept = std::make_shared<const std::remove_cvref_t<Samples>>(std::forward<Samples>(samples));
      view_ = *kept;
      owner_ = std::move(kept);
    }
  }

  /// Whether there are samples; an empty matrix counts as given.
  explicit operator bool() const { return given_; }
  View<Scalar> view() const { return view_; }

 private:
  bool given_ = false;
  View<Scalar> view_;
  std::shared_ptr<const void> owner_;
};

}  // namespace eigencoder
