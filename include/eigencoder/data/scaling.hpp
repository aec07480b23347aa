#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// Values of different units brought to one scale, and back. Learn a scaling from the training data alone and
/// apply it to all others: one learned from the test data too has seen what it should be tested on.
namespace eigencoder {

/// y = (x - offset) / scale, for each value of a sample its own.
template <class Scalar = float>
struct Scaling {
  std::vector<Scalar> offset = {};  ///< one per value of a sample, in the unit of the value
  std::vector<Scalar> scale = {};   ///< as many, none of them 0

  /// The scaled samples. @throws ShapeError where a sample has another number of values than the scaling
  MatrixX<Scalar> transform(View<Scalar> samples) const {
    require_size(samples, "Scaling::transform");
    MatrixX<Scalar> scaled(samples.rows(), samples.cols());
    for (Index j = 0; j < scaled.cols(); ++j) {
      const Scalar* from = samples.column(j);
      Scalar* to = scaled.col(j).data();
      for (std::size_t i = 0; i < scale.size(); ++i) to[i] = (from[i] - offset[i]) / scale[i];
    }
    return scaled;
  }

  /// The samples that `transform` would scale to these, up to rounding. @throws ShapeError as `transform`
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

  friend bool operator==(const Scaling&, const Scaling&) = default;

 private:
  void require_size(View<Scalar> samples, const char* what) const {
    if (offset.size() != scale.size())
      throw ShapeError(detail::message({what, ": ", offset.size(), " offsets, but ", scale.size(), " scales"}));
    if (samples.rows() != static_cast<Index>(scale.size()))
      detail::wrong_rows(samples.rows(), samples.cols(), static_cast<Index>(scale.size()), what);
  }
};

namespace detail {

[[noreturn, gnu::cold]] inline void too_wide(std::size_t value, const char* what) {
  throw DataError(message({what, ": value ", value, " spans more than its scalar type can hold"}));
}

/// A value's smallest and largest over the samples.
template <class Scalar>
struct Bounds {
  std::vector<Scalar> low, high;

  Bounds(View<Scalar> samples, const char* what) {
    if (samples.rows() == 0) throw DataError(message({what, ": the samples have no values"}));
    check_rows(samples, samples.rows(), what);
    check_finite(samples, what);
    low.assign(samples.column(0), samples.column(0) + samples.rows());
    high = low;
    for (Index j = 1; j < samples.cols(); ++j) {
      const Scalar* column = samples.column(j);
      for (std::size_t i = 0; i < low.size(); ++i) {
        low[i] = column[i] < low[i] ? column[i] : low[i];
        high[i] = column[i] > high[i] ? column[i] : high[i];
      }
    }
    for (std::size_t i = 0; i < low.size(); ++i)
      if (!std::isfinite(high[i] - low[i])) too_wide(i, what);
  }
};

}  // namespace detail

/// The scaling that brings each value of the samples to [low, high]; with 0 and 1 exactly, else up to rounding.
/// A value that is the same in all samples becomes `low`, and keeps its unit (scale 1).
/// @throws DataError where there are no samples, or one holds NaN or infinity; OptionError unless low < high
template <class Scalar>
Scaling<Scalar> min_max_scaling(View<Scalar> samples, double low = 0, double high = 1) {
  const auto from = static_cast<Scalar>(low), width = static_cast<Scalar>(high - low);
  if (!(width > 0) || !std::isfinite(width) || !std::isfinite(from))
    throw OptionError("eigencoder: min_max_scaling: low has to be less than high, both finite");
  const detail::Bounds<Scalar> bounds(samples, "min_max_scaling");
  Scaling<Scalar> scaling;
  for (std::size_t i = 0; i < bounds.low.size(); ++i) {
    const Scalar quotient = (bounds.high[i] - bounds.low[i]) / width;
    const Scalar scale = quotient > 0 ? quotient : Scalar{1};
    const Scalar offset = bounds.low[i] - from * scale;
    if (!std::isfinite(scale) || !std::isfinite(offset)) detail::too_wide(i, "min_max_scaling");
    scaling.scale.push_back(scale);
    scaling.offset.push_back(offset);
  }
  return scaling;
}

/// The scaling that brings each value of the samples to mean 0 and variance 1 (divided by n, not n - 1).
/// A value that is the same in all samples becomes 0, and keeps its unit (scale 1).
/// @throws DataError where there are no samples, or one holds NaN or infinity
template <class Scalar>
Scaling<Scalar> standard_scaling(View<Scalar> samples) {
  const detail::Bounds<Scalar> bounds(samples, "standard_scaling");
  const auto n = static_cast<double>(samples.cols());
  const std::size_t values = bounds.low.size();
  // In double, and in units of the value's range: squares neither overflow nor vanish.
  std::vector<double> unit(values), mean(values, 0.0), square(values, 0.0);
  for (std::size_t i = 0; i < values; ++i) {
    const double range = static_cast<double>(bounds.high[i]) - static_cast<double>(bounds.low[i]);
    unit[i] = range > 0 ? range : 1;
  }
  const auto place = [&](Scalar x, std::size_t i) {
    return (static_cast<double>(x) - static_cast<double>(bounds.low[i])) / unit[i];
  };
  for (Index j = 0; j < samples.cols(); ++j)
    for (std::size_t i = 0; i < values; ++i) mean[i] += place(samples.column(j)[i], i) / n;
  for (Index j = 0; j < samples.cols(); ++j)
    for (std::size_t i = 0; i < values; ++i) {
      const double d = place(samples.column(j)[i], i) - mean[i];
      square[i] += d * d / n;
    }
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

/// The same of an Eigen matrix.
template <class Derived>
Scaling<typename Derived::Scalar> min_max_scaling(const Eigen::MatrixBase<Derived>& samples, double low = 0,
                                                  double high = 1) {
  return min_max_scaling(View<typename Derived::Scalar>(samples), low, high);
}
/// The same of an Eigen matrix.
template <class Derived>
Scaling<typename Derived::Scalar> standard_scaling(const Eigen::MatrixBase<Derived>& samples) {
  return standard_scaling(View<typename Derived::Scalar>(samples));
}

/// The same of a data set.
template <class Scalar>
Scaling<Scalar> min_max_scaling(const Dataset<Scalar>& data, double low = 0, double high = 1) {
  return min_max_scaling(View<Scalar>(data), low, high);
}
/// The same of a data set.
template <class Scalar>
Scaling<Scalar> standard_scaling(const Dataset<Scalar>& data) {
  return standard_scaling(View<Scalar>(data));
}

}  // namespace eigencoder
