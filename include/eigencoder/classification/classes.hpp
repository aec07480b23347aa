#pragma once

#include <cmath>
#include <concepts>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eigencoder {

/// The classes of a `Classifier`: their number, a template argument or a value; what they are called; and how much
/// each counts.
///
///     Classes<10>                                     static
///     Classes{10}                                     by value
///     Classes{{"cat", "dog", "bird"}}                 their names, and so their number
///     Classes{{"healthy", "ill"}, {1, 20}}            and weights, see `Categorical`
template <Index Count = Dynamic>
struct Classes {
  static_assert(Count == Dynamic || Count >= 2, "eigencoder: a classifier tells at least 2 classes apart");

  Index count = Count;                  ///< the number of classes, at least 2
  std::vector<std::string> names = {};  ///< what each class is called; may be empty
  std::vector<double> weights = {};     ///< of the classes' losses, as `Categorical::class_weights`; empty: 1 for each

  /// Classes without names, of weight 1.
  Classes() = default;
  /// By value.
  explicit Classes(Index number, std::vector<double> class_weights = {})
    requires(Count == Dynamic)
      : count(number), weights(std::move(class_weights)) {}
  /// Their names, in the order of the labels 0, 1, ...
  explicit Classes(std::vector<std::string> class_names, std::vector<double> class_weights = {})
      : count(Count == Dynamic ? static_cast<Index>(class_names.size()) : Count),
        names(std::move(class_names)),
        weights(std::move(class_weights)) {}

  /// @throws OptionError for fewer than 2 classes, a count that is not the type's, and names of another number, empty
  /// or given twice
  void validate() const {
    detail::require_at_least("Classes.count", 2, count);
    detail::require_option(Count == Dynamic || count == Count, "Classes.count", "agree with the type");
    if (names.empty()) return;
    detail::require_option(static_cast<Index>(names.size()) == count, "Classes.names", "be as many as classes");
    for (std::size_t i = 0; i < names.size(); ++i) {
      detail::require_option(!names[i].empty(), "Classes.names", "not be empty");
      for (std::size_t j = 0; j < i; ++j)
        detail::require_option(names[i] != names[j], "Classes.names", "differ from one another");
    }
  }
};
Classes(Index) -> Classes<>;
Classes(Index, std::vector<double>) -> Classes<>;
Classes(std::vector<std::string>) -> Classes<>;
Classes(std::vector<std::string>, std::vector<double>) -> Classes<>;

/// A number, or the name of a class.
template <class T>
concept ClassLabel = std::is_arithmetic_v<T> || std::convertible_to<const T&, std::string_view>;

/// The labels of samples, one for each: a `std::vector`, `std::span`, `std::array` or Eigen vector of whole numbers
/// 0, 1, ... of any type, or of names of `Classes`.
template <class L>
concept ClassLabels = requires(const L& labels) {
  { labels.size() } -> std::convertible_to<Index>;
  requires ClassLabel<std::remove_cvref_t<decltype(labels[0])>>;
} && !requires { requires !L::IsVectorAtCompileTime; };

}  // namespace eigencoder
