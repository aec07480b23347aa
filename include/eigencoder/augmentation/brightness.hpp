#pragma once

#include <eigencoder/detail/augmentation/color.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Makes an image with values in [0, 1] brighter or darker: all values times one factor, uniform in
/// [1 - amount, 1 + amount], those above 1 cut. A white background darkens along.
struct Brightness {
  double amount = 0.1;

  static constexpr std::string_view name = "Brightness";
  void validate() const {
    if (!(amount >= 0 && amount <= 1)) throw OptionError("eigencoder: Brightness.amount must lie in [0, 1]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto factor = static_cast<Scalar>(1 + amount * (2 * random.uniform() - 1));
    const Index size = shape.size();
    for (Index i = 0; i < size; ++i) to[i] = detail::in_range(factor * from[i]);
  }
};

}  // namespace eigencoder
