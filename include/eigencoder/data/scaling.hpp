#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/detail/data/statistics.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/unknown.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <vector>

/// @file
/// Brings values of different units to one scale, and back. Fit a scaling to the training data alone and apply it to
/// all other data: one fitted to test data leaks them into training. With `Unknown::skipped` NaN stands for an unknown
/// value, as for a model with `MissingValues`: the scaling is fitted to the others, and an unknown value stays so.
namespace eigencoder {

/// The scaling y = (x - offset) / scale, with an offset and a scale for each value of a sample.
template <class Scalar = float>
struct Scaling {
  std::vector<Scalar> offset = {};  ///< one per value of a sample, in the unit of the value
  std::vector<Scalar> scale = {};   ///< one per value of a sample, in the unit of the value, not 0

  /// The scaled samples.
  /// @throws ShapeError where a sample has another number of values than the scaling
  MatrixX<Scalar> transform(View<Scalar> samples) const {
    require_size(samples, "Scaling::transform");
    MatrixX<Scalar> scaled(samples.rows(), samples.cols());
    for (Index j = 0; j < scaled.cols(); ++j) transform(samples.column(j), scaled.col(j).data());
    return scaled;
  }

  /// The inverse of `transform`, up to rounding.
  /// @throws ShapeError where a sample has another number of values than the scaling
  MatrixX<Scalar> inverse_transform(View<Scalar> scaled) const {
    require_size(scaled, "Scaling::inverse_transform");
    MatrixX<Scalar> samples(scaled.rows(), scaled.cols());
    for (Index j = 0; j < samples.cols(); ++j) {
      const Scalar* from = scaled.column(j);
      Scalar* to = samples.col(j).data();
      for (std::size_t i = 0; i < scale.size(); ++i) to[i] = from[i] * scale[i] + offset[i];
    }
    return samples;
  }

  /// Whether offsets and scales are equal.
  friend bool operator==(const Scaling&, const Scaling&) = default;

 private:
  template <class Source, class SourceScalar>
  friend class Scaled;

  /// Scales one sample; `from` may be `to`.
  void transform(const Scalar* from, Scalar* to) const {
    for (std::size_t i = 0; i < scale.size(); ++i) to[i] = (from[i] - offset[i]) / scale[i];
  }

  void require_size(View<Scalar> samples, const char* what) const {
    if (offset.size() != scale.size())
      throw ShapeError(detail::message({what, ": ", offset.size(), " offsets, but ", scale.size(), " scales"}));
    if (samples.rows() != static_cast<Index>(scale.size()))
      detail::throw_wrong_rows(samples.rows(), samples.cols(), static_cast<Index>(scale.size()), what);
  }
};

/// The scaling that brings each value of the samples to [low, high]: exactly where these are 0 and 1, else up to
/// rounding. A value that is equal in all samples becomes `low`; its scale is 1.
/// @throws DataError where there are no samples, or one holds infinity or, unless skipped, NaN
/// @throws OptionError unless low < high
template <class Scalar>
Scaling<Scalar> min_max_scaling(View<Scalar> samples, double low = 0, double high = 1,
                                Unknown unknown = Unknown::refused) {
  const auto from = static_cast<Scalar>(low), width = static_cast<Scalar>(high - low);
  if (!(width > 0) || !std::isfinite(width) || !std::isfinite(from))
    throw OptionError("eigencoder: min_max_scaling: low must be less than high, both finite");
  const detail::ValueBounds<Scalar> bounds(samples, unknown, "min_max_scaling");
  Scaling<Scalar> scaling;
  for (std::size_t i = 0; i < bounds.low.size(); ++i) {
    const Scalar quotient = (bounds.high[i] - bounds.low[i]) / width;
    const Scalar scale = quotient > 0 ? quotient : Scalar{1};
    const Scalar offset = bounds.low[i] - from * scale;
    if (!std::isfinite(scale) || !std::isfinite(offset)) detail::throw_too_wide(i, "min_max_scaling");
    scaling.scale.push_back(scale);
    scaling.offset.push_back(offset);
  }
  return scaling;
}

/// The scaling that brings each value of the samples to mean 0 and variance 1 (with the divisor n, not n - 1).
/// A value that is equal in all samples becomes 0; its scale is 1.
/// @throws DataError where there are no samples, or one holds infinity or, unless skipped, NaN
template <class Scalar>
Scaling<Scalar> standard_scaling(View<Scalar> samples, Unknown unknown = Unknown::refused) {
  const detail::ValueBounds<Scalar> bounds(samples, unknown, "standard_scaling");
  const std::size_t values = bounds.low.size();
  // In double, and in units of the value's range, so that squares neither overflow nor underflow.
  std::vector<double> unit(values), count(values, 0.0), mean(values, 0.0), square(values, 0.0);
  for (std::size_t i = 0; i < values; ++i) {
    const double range = static_cast<double>(bounds.high[i]) - static_cast<double>(bounds.low[i]);
    unit[i] = range > 0 ? range : 1;
  }
  const auto position = [&](Scalar x, std::size_t i) {
    return (static_cast<double>(x) - static_cast<double>(bounds.low[i])) / unit[i];
  };
  const auto each_known = [&](const auto& visit) {
    for (Index j = 0; j < samples.cols(); ++j)
      for (std::size_t i = 0; i < values; ++i)
        if (const Scalar value = samples.column(j)[i]; !std::isnan(value)) visit(value, i);
  };
  each_known([&](Scalar, std::size_t i) { ++count[i]; });
  each_known([&](Scalar x, std::size_t i) { mean[i] += position(x, i) / count[i]; });
  each_known([&](Scalar x, std::size_t i) {
    const double d = position(x, i) - mean[i];
    square[i] += d * d / count[i];
  });
  Scaling<Scalar> scaling;
  for (std::size_t i = 0; i < values; ++i) {
    const auto stddev = static_cast<Scalar>(std::sqrt(square[i]) * unit[i]);
    const bool constant = bounds.low[i] == bounds.high[i] || !(stddev > 0);
    scaling.scale.push_back(constant ? Scalar{1} : stddev);
    scaling.offset.push_back(constant ? bounds.low[i]
                                      : static_cast<Scalar>(static_cast<double>(bounds.low[i]) + mean[i] * unit[i]));
  }
  return scaling;
}

/// The scaling that brings each value of the samples to median 0 and interquartile range 1, which a few outliers hardly
/// change, however large they are. Quartiles are those of `quantiles`. A value whose quartiles are equal, as where most
/// samples have the same, gets its standard deviation for a scale, and 1 if it is equal in all samples. O(n log n) for
/// each value.
/// @throws DataError where there are no samples, one holds infinity or, unless skipped, NaN, or the range of a value
///         overflows
template <class Scalar>
Scaling<Scalar> robust_scaling(View<Scalar> samples, Unknown unknown = Unknown::refused) {
  const detail::ValueBounds<Scalar> checked(samples, unknown, "robust_scaling");
  const Scaling<Scalar> standard = standard_scaling(samples, unknown);
  Scaling<Scalar> scaling;
  detail::for_each_sorted_value(samples, [&](Index i, std::span<const Scalar> sorted) {
    const double low = detail::quantile_of_sorted(sorted, 0.25), high = detail::quantile_of_sorted(sorted, 0.75);
    const auto range = static_cast<Scalar>(high - low);
    scaling.scale.push_back(range > 0 ? range : standard.scale[static_cast<std::size_t>(i)]);
    scaling.offset.push_back(static_cast<Scalar>(detail::quantile_of_sorted(sorted, 0.5)));
  });
  return scaling;
}

/// The same of an Eigen matrix.
template <class Derived>
Scaling<typename Derived::Scalar> min_max_scaling(const Eigen::MatrixBase<Derived>& samples, double low = 0,
                                                  double high = 1, Unknown unknown = Unknown::refused) {
  return min_max_scaling(View<typename Derived::Scalar>(samples), low, high, unknown);
}
/// The same of an Eigen matrix.
template <class Derived>
Scaling<typename Derived::Scalar> standard_scaling(const Eigen::MatrixBase<Derived>& samples,
                                                   Unknown unknown = Unknown::refused) {
  return standard_scaling(View<typename Derived::Scalar>(samples), unknown);
}
/// The same of an Eigen matrix.
template <class Derived>
Scaling<typename Derived::Scalar> robust_scaling(const Eigen::MatrixBase<Derived>& samples,
                                                 Unknown unknown = Unknown::refused) {
  return robust_scaling(View<typename Derived::Scalar>(samples), unknown);
}

/// The same of a data set.
template <class Scalar>
Scaling<Scalar> min_max_scaling(const Dataset<Scalar>& data, double low = 0, double high = 1,
                                Unknown unknown = Unknown::refused) {
  return min_max_scaling(View<Scalar>(data), low, high, unknown);
}
/// The same of a data set.
template <class Scalar>
Scaling<Scalar> standard_scaling(const Dataset<Scalar>& data, Unknown unknown = Unknown::refused) {
  return standard_scaling(View<Scalar>(data), unknown);
}
/// The same of a data set.
template <class Scalar>
Scaling<Scalar> robust_scaling(const Dataset<Scalar>& data, Unknown unknown = Unknown::refused) {
  return robust_scaling(View<Scalar>(data), unknown);
}

}  // namespace eigencoder
