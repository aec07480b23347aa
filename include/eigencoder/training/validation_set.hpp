#pragma once

#include <concepts>
#include <eigencoder/extend/view.hpp>
#include <memory>
#include <type_traits>
#include <utility>

namespace eigencoder {

/// Samples for `FitOptions`: none, a reference to samples elsewhere, or samples of its own. A temporary matrix or data
/// set, such as the result of a function, is moved in and an expression that refers to part of a matrix is copied, so
/// that the options may be stored and used later. A named matrix or data set is only referred to, as is the memory of a
/// `View` or an `Eigen::Map`: these must outlive the options.
template <class Scalar>
class ValidationSet {
  /// Whether a type owns no samples, but refers to memory that the caller keeps.
  template <class T>
  static constexpr bool refers(const T*) { return false; }
  template <class S>
  static constexpr bool refers(const View<S>*) { return true; }
  template <class Matrix, int Options, class Stride>
  static constexpr bool refers(const Eigen::Map<Matrix, Options, Stride>*) { return true; }

  /// Eigen's blocks and other expressions, which may refer to a temporary matrix.
  template <class T>
  static constexpr bool is_expression =
      std::derived_from<T, Eigen::EigenBase<T>> && !std::derived_from<T, Eigen::PlainObjectBase<T>>;

 public:
  /// No samples.
  ValidationSet() = default;
  /// Refers to `cols` samples of `rows` values each, one a column.
  ValidationSet(const Scalar* data, Index rows, Index cols) : given_(true), view_(data, rows, cols) {}

  /// Anything that converts to a `View`: values x samples.
  template <class Samples>
    requires(!std::same_as<std::remove_cvref_t<Samples>, ValidationSet> &&
             std::convertible_to<const std::remove_cvref_t<Samples>&, View<Scalar>>)
  ValidationSet(Samples&& samples) : given_(true) {
    using Given = std::remove_cvref_t<Samples>;
    if constexpr (std::is_lvalue_reference_v<Samples> || refers(static_cast<const Given*>(nullptr))) view_ = samples;
    else if constexpr (is_expression<Given>) own(MatrixX<Scalar>(View<Scalar>(samples).matrix()));
    else own(std::forward<Samples>(samples));
  }

  /// Whether samples were given; an empty matrix counts as given.
  explicit operator bool() const { return given_; }
  /// The samples, one a column.
  View<Scalar> view() const { return view_; }

 private:
  template <class Samples>
  void own(Samples&& samples) {
    auto owned = std::make_shared<const std::remove_cvref_t<Samples>>(std::forward<Samples>(samples));
    view_ = *owned;
    owner_ = std::move(owned);
  }

  bool given_ = false;
  View<Scalar> view_;
  std::shared_ptr<const void> owner_;
};

}  // namespace eigencoder
