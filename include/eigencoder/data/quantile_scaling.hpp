#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/data/normal_distribution.hpp>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/detail/data/statistics.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/unknown.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>

/// @file
/// Brings values of any distribution to a uniform or normal one, and back: for values with long tails, such as counts
/// and prices. As for a `Scaling`, fit it to the training data alone.
namespace eigencoder {

/// The distribution to which a `QuantileScaling` brings values.
enum class OutputDistribution {
  uniform,  ///< on [0, 1]
  normal    ///< of mean 0 and variance 1
};

/// How `quantile_scaling` fits.
struct QuantileScalingOptions {
  Index quantiles = 1000;  ///< the points that are stored for each value, at least 2; no more than there are samples
  OutputDistribution output = OutputDistribution::uniform;  ///< of the scaled values
  Unknown unknown = Unknown::refused;                       ///< what NaN means
};

/// The scaling of each value of a sample by its empirical distribution function, piecewise linear between m stored
/// quantiles at the probabilities 0, 1 / (m - 1), ..., 1. It preserves the order of a value's samples, not their
/// distances.
///
/// - A value x becomes its probability p, from 0 for the smallest stored quantile to 1 for the largest; values outside
///   of these become 0 and 1. A value that several stored quantiles share has the mean of their probabilities, one that
///   is equal in all samples 1/2.
/// - A normal output is z = F(1 / (2 m) + (1 - 1 / m) p) with F the inverse of the standard normal distribution
///   function: the k-th stored quantile, counted from 1, becomes F((k - 1/2) / m). So no output is infinite, and the
///   largest is about as large as that of m normal values. (scikit-learn's `QuantileTransformer` has F(p) instead, cut
///   off at -5.2 and 5.2.) Source: Hazen, "Storage to be provided in impounding reservoirs" (1914), for (k - 1/2) / m.
/// - NaN stays NaN.
template <class Scalar = float>
struct QuantileScaling {
  MatrixX<Scalar> quantiles = {};  ///< m x values of a sample: in each column m >= 2 quantiles in ascending order
  OutputDistribution output = OutputDistribution::uniform;  ///< of the scaled values

  /// The scaled samples.
  /// @throws ShapeError where a sample has another number of values than the scaling
  MatrixX<Scalar> transform(View<Scalar> samples) const {
    return map_values(samples, "QuantileScaling::transform", [this](std::span<const Scalar> points, Scalar x) {
      const double p = probability(points, x);
      return output == OutputDistribution::uniform ? p : detail::normal_quantile(tail() + (1 - 2 * tail()) * p);
    });
  }

  /// The inverse of `transform` between the smallest and the largest stored quantile, up to rounding. Outputs outside
  /// of the distribution's range become these two.
  /// @throws ShapeError where a sample has another number of values than the scaling
  MatrixX<Scalar> inverse_transform(View<Scalar> scaled) const {
    return map_values(scaled, "QuantileScaling::inverse_transform", [this](std::span<const Scalar> points, Scalar y) {
      const auto value = static_cast<double>(y);
      const double p =
          output == OutputDistribution::uniform ? value : (detail::normal_cdf(value) - tail()) / (1 - 2 * tail());
      return detail::quantile_of_sorted(points, std::clamp(p, 0.0, 1.0));
    });
  }

  /// Whether quantiles and output distribution are equal.
  friend bool operator==(const QuantileScaling& a, const QuantileScaling& b) {
    return a.output == b.output && a.quantiles.rows() == b.quantiles.rows() &&
           a.quantiles.cols() == b.quantiles.cols() && a.quantiles == b.quantiles;
  }

 private:
  /// The probability of the smallest and beyond the largest normal output.
  double tail() const { return 0.5 / static_cast<double>(quantiles.rows()); }

  /// The probability of x, from 0 to 1.
  static double probability(std::span<const Scalar> points, Scalar x) {
    const auto last = static_cast<double>(points.size() - 1);
    const auto [first, end] = std::equal_range(points.begin(), points.end(), x);
    const auto below = static_cast<double>(first - points.begin());  // how many points are less than x
    if (first != end) return (below + static_cast<double>(end - points.begin() - 1)) / 2 / last;
    if (first == points.begin()) return 0;
    if (first == points.end()) return 1;
    const auto low = static_cast<double>(first[-1]), high = static_cast<double>(*first);
    return (below - 1 + (static_cast<double>(x) - low) / (high - low)) / last;
  }

  /// `map(points, value)` of each value but NaN, with the stored quantiles of the value.
  template <class Map>
  MatrixX<Scalar> map_values(View<Scalar> samples, const char* what, const Map& map) const {
    if (quantiles.rows() < 2)
      throw ShapeError(detail::message({what, ": ", quantiles.rows(), " stored quantiles, expected at least 2"}));
    if (samples.rows() != quantiles.cols())
      detail::throw_wrong_rows(samples.rows(), samples.cols(), quantiles.cols(), what);
    MatrixX<Scalar> mapped(samples.rows(), samples.cols());
    for (Index j = 0; j < mapped.cols(); ++j)
      for (Index i = 0; i < mapped.rows(); ++i) {
        const Scalar value = samples.column(j)[i];
        const std::span<const Scalar> points(quantiles.col(i).data(), static_cast<std::size_t>(quantiles.rows()));
        mapped(i, j) = std::isnan(value) ? value : static_cast<Scalar>(map(points, value));
      }
    return mapped;
  }
};

/// The scaling that brings each value of the samples to a uniform or normal distribution. The stored points are as
/// `quantiles` defines them; as many as there are samples are the sorted values themselves. O(n log n) for each value.
/// @throws OptionError for less than two quantiles
/// @throws DataError where there are no samples, one holds infinity or, unless skipped, NaN, or the range of a value
///         overflows
template <class Scalar>
QuantileScaling<Scalar> quantile_scaling(View<Scalar> samples, const QuantileScalingOptions& options = {}) {
  detail::require_at_least("QuantileScalingOptions.quantiles", 2, options.quantiles);
  const detail::ValueBounds<Scalar> checked(samples, options.unknown, "quantile_scaling");
  const Index points = (std::max)(Index{2}, (std::min)(options.quantiles, samples.cols()));
  QuantileScaling<Scalar> scaling{MatrixX<Scalar>(points, samples.rows()), options.output};
  detail::for_each_sorted_value(samples, [&](Index i, std::span<const Scalar> sorted) {
    const auto last = static_cast<double>(sorted.size() - 1);
    for (Index k = 0; k < points; ++k) {  // positions that are whole stay so
      const double position = static_cast<double>(k) * last / static_cast<double>(points - 1);
      scaling.quantiles(k, i) = static_cast<Scalar>(detail::interpolated_at(sorted, position));
    }
  });
  return scaling;
}
/// The same of an Eigen matrix.
template <class Derived>
QuantileScaling<typename Derived::Scalar> quantile_scaling(const Eigen::MatrixBase<Derived>& samples,
                                                           const QuantileScalingOptions& options = {}) {
  return quantile_scaling(View<typename Derived::Scalar>(samples), options);
}
/// The same of a data set.
template <class Scalar>
QuantileScaling<Scalar> quantile_scaling(const Dataset<Scalar>& data, const QuantileScalingOptions& options = {}) {
  return quantile_scaling(View<Scalar>(data), options);
}

}  // namespace eigencoder
