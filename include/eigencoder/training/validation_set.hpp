#pragma once

#include <concepts>
#include <eigencoder/extend/view.hpp>
#include <memory>
#include <type_traits>
#include <utility>

namespace eigencoder {

namespace detail {

/// Types that own nothing and say so.
template <class T>
inline constexpr bool only_shows = false;
template <class Scalar>
inline constexpr bool only_shows<View<Scalar>> = true;
template <class Matrix, int Options, class Stride>
inline constexpr bool only_shows<Eigen::Map<Matrix, Options, Stride>> = true;

/// Eigen's blocks and the like, which refer to a matrix that may be gone.
template <class T>
inline constexpr bool is_part_of_matrix =
    std::derived_from<T, Eigen::EigenBase<T>> && !std::derived_from<T, Eigen::PlainObjectBase<T>>;

}  // namespace detail

/// Samples for `FitOptions`: none, a look at samples elsewhere, or samples of its own. A matrix or data set that has no
/// name (the result of a function) is moved in, and part of one copied, so that options may be stored and used later. A
/// named one is only looked at, and so is what a `View` or an `Eigen::Map` shows: these must outlive the options.
template <class Scalar>
class ValidationSet {
 public:
  ValidationSet() = default;
  ValidationSet(const Scalar* data, Index rows, Index cols) : given_(true), view_(data, rows, cols) {}

  /// Anything that converts to a `View`: values x samples.
  template <class Samples>
    requires(!std::same_as<std::remove_cvref_t<Samples>, ValidationSet> &&
             std::convertible_to<const std::remove_cvref_t<Samples>&, View<Scalar>>)
  ValidationSet(Samples&& samples) : given_(true) {
    using Given = std::remove_cvref_t<Samples>;
    if constexpr (std::is_lvalue_reference_v<Samples> || detail::only_shows<Given>) view_ = samples;
    else if constexpr (detail::is_part_of_matrix<Given>) keep(MatrixX<Scalar>(View<Scalar>(samples).matrix()));
    else keep(std::forward<Samples>(samples));
  }

  /// Whether there are samples; an empty matrix counts as given.
  explicit operator bool() const { return given_; }
  View<Scalar> view() const { return view_; }

 private:
  template <class Own>
  void keep(Own&& samples) {
    auto kept = std::make_shared<const std::remove_cvref_t<Own>>(std::forward<Own>(samples));
    view_ = *kept;
    owner_ = std::move(kept);
  }

  bool given_ = false;
  View<Scalar> view_;
  std::shared_ptr<const void> owner_;
};

}  // namespace eigencoder
