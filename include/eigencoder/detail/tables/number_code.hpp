#pragma once

#include <cmath>
#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>
#include <span>

namespace eigencoder::detail {

/// The scale of a column of numbers, one value each. NaN stays NaN.
struct NumberCode {
  NumberScaling scaling = NumberScaling::standard;
  double offset = 0, scale = 1;            ///< of all but quantile scalings
  QuantileScaling<double> quantiles = {};  ///< of one value, for quantile scalings
  static constexpr ColumnKind kind = ColumnKind::number;
  static constexpr bool of_numbers = true;

  Index size() const { return 1; }

  /// Scales numbers in place.
  void transform(std::span<double> numbers) const {
    if (scaling == NumberScaling::quantile) return assign(numbers, quantiles.transform(view(numbers)));
    for (double& x : numbers) x = ((scaling == NumberScaling::logarithmic ? logarithm(x) : x) - offset) / scale;
  }
  /// The inverse of `transform`; what no double can hold becomes the largest one, of either sign.
  void inverse_transform(std::span<double> values) const {
    if (scaling == NumberScaling::quantile) return assign(values, quantiles.inverse_transform(view(values)));
    for (double& y : values) {
      y = y * scale + offset;
      if (scaling == NumberScaling::logarithmic) y = std::copysign(std::expm1((std::abs)(y)), y);
      if (std::isinf(y)) y = std::copysign((std::numeric_limits<double>::max)(), y);
    }
  }

  /// sign(x) log(1 + |x|)
  static double logarithm(double x) { return std::copysign(std::log1p((std::abs)(x)), x); }

  friend bool operator==(const NumberCode&, const NumberCode&) = default;

 private:
  static View<double> view(std::span<const double> values) {
    return {values.data(), 1, static_cast<Index>(values.size())};
  }
  static void assign(std::span<double> to, const MatrixX<double>& from) {
    for (Index j = 0; j < from.cols(); ++j) to[static_cast<std::size_t>(j)] = from(0, j);
  }
};

}  // namespace eigencoder::detail
