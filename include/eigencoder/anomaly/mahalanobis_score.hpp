#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/detail/anomaly/covariance.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <limits>
#include <string_view>

namespace eigencoder {

/// The squared Mahalanobis distance (v - m)' S^-1 (v - m) of the residual v = x - x' of scaled values, or of residual
/// and code together, from the training samples' mean m, in their covariance S. S is shrunk towards its diagonal, so
/// that it has an inverse for fewer samples than values too.
///
/// It takes memory and time by the square of the number of values: for tables and signals, hardly for images.
///
/// Of a sample with unknown values it is the distance of what is known, in the covariance of that: the distance where
/// each unknown residual is the one that is expected given all others.
///
/// The contribution of value i is the amount by which the distance falls when its residual is replaced by the one that
/// is expected given all others: (S^-1 (v - m))_i^2 / (S^-1)_ii, with the S of what is known; it is 0 for an unknown
/// value. The contributions do not sum to the score.
/// Source: Mahalanobis, "On the generalised distance in statistics" (1936); for the conditional mean of a Gaussian,
/// Bishop, "Pattern recognition and machine learning" (2006), eq. 2.75; for distances of what is known, Little & Smith,
/// "Editing and imputing for quantitative survey data" (1987).
struct MahalanobisScore {
  static constexpr std::string_view name = "mahalanobis";  ///< see `AnomalyScore`
  static constexpr bool reads_codes = true;                ///< see `AnomalyScore`

  bool with_code = true;  ///< whether the code stands beside the residual
  /// How far the covariance is shrunk towards its diagonal, in [0, 1]; -1: as far as the data ask for, by the rule of
  /// Schaefer & Strimmer (2005).
  double shrinkage = -1;

  /// See `AnomalyScore`.
  void validate() const {
    detail::require_option(shrinkage == -1 || (shrinkage >= 0 && shrinkage <= 1), "MahalanobisScore.shrinkage",
                           "lie in [0, 1], or be -1");
  }

  /// See `AnomalyScore`.
  std::array<Setting, 1> settings() const { return {{{"with_code", with_code ? 1.0 : 0.0}}}; }

  /// Learns the mean and the covariance.
  template <class Scalar>
  void fit(const ScoreInputs<Scalar>& inputs, std::uint64_t, ScoreState& state) const {
    MatrixX<double> data(size(inputs.samples.rows(), inputs.codes.rows()), inputs.samples.cols());
    for (Index j = 0; j < data.cols(); ++j) features(inputs, j, data.col(j).data());
    state.learned = {detail::column_mean(data)};
    state.learned.push_back(detail::shrunk_covariance(data, state.learned[0], shrinkage));
  }

  /// Computes the inverse of the covariance.
  /// @throws DataError for a mean or a covariance of another size, and for a covariance that is not positive definite
  void prepare(Index values, Index code_size, ScoreState& state) const {
    const Index n = size(values, code_size);
    if (state.learned.size() != 2 || state.learned[0].rows() != n || state.learned[0].cols() != 1 ||
        state.learned[1].rows() != n || state.learned[1].cols() != n || !state.learned[0].allFinite())
      throw DataError(detail::message({"mahalanobis: expected a mean of ", n, " values and their covariance"}));
    state.derived = {detail::positive_definite_inverse(state.learned[1])};
    if (state.derived[0].size() == 0)
      throw DataError("eigencoder: mahalanobis: the covariance is not positive definite");
  }

  /// See `AnomalyScore`.
  template <class Scalar>
  void evaluate(const ScoreInputs<Scalar>& inputs, const ScoreState& state, Buffer<double>& scratch,
                double* scores) const {
    for (Index j = 0; j < inputs.samples.cols(); ++j) {
      const auto [v, weighted, rest] = weigh(inputs, state, scratch, j);
      double sum = 0;
      for (Index i = 0; i < state.learned[0].rows(); ++i) sum += v[i] * weighted[i];
      scores[j] = sum < 0 ? 0 : sum;
    }
  }

  /// See `AnomalyScore`.
  template <class Scalar>
  void contributions(const ScoreInputs<Scalar>& inputs, const ScoreState& state, Buffer<double>& scratch,
                     double* out) const {
    for (Index j = 0; j < inputs.samples.cols(); ++j) {
      const auto [v, weighted, rest] = weigh(inputs, state, scratch, j);
      const MatrixX<double>& inverse = state.derived[0];
      if (const Index unknown = inputs.unknown_count(j); unknown == 0) {
        for (Index i = 0; i < inputs.samples.rows(); ++i) *out++ = weighted[i] * weighted[i] / inverse(i, i);
      } else {
        detail::UnknownOfGaussian gaps(inverse, unknown, [&](Index i) { return inputs.is_known(i, j); }, rest);
        for (Index i = 0; i < inputs.samples.rows(); ++i)
          *out++ = inputs.is_known(i, j) ? weighted[i] * weighted[i] / gaps.precision_of(i) : 0.0;
      }
    }
  }

 private:
  struct Weighted {
    const double *deviation, *weighted;  ///< v - m and S^-1 (v - m)
    double* rest;                        ///< of the scratch, for gaps
  };

  Index size(Index values, Index code_size) const { return values + (with_code ? code_size : 0); }

  /// Writes residual and code of sample j: NaN where a residual is unknown.
  template <class Scalar>
  void features(const ScoreInputs<Scalar>& inputs, Index j, double* v) const {
    const Scalar *x = inputs.samples.column(j), *y = inputs.reconstructions.column(j), *code = inputs.codes.column(j);
    for (Index i = 0; i < inputs.samples.rows(); ++i)
      *v++ = inputs.is_known(i, j) ? static_cast<double>(x[i]) - static_cast<double>(y[i])
                                   : std::numeric_limits<double>::quiet_NaN();
    if (with_code)
      for (Index i = 0; i < inputs.codes.rows(); ++i) *v++ = static_cast<double>(code[i]);
  }

  template <class Scalar>
  Weighted weigh(const ScoreInputs<Scalar>& inputs, const ScoreState& state, Buffer<double>& scratch, Index j) const {
    const MatrixX<double>& mean = state.learned[0];
    const MatrixX<double>& inverse = state.derived[0];
    const Index n = mean.rows(), unknown = inputs.unknown_count(j);
    double* const v = scratch.ensure_size(2 * n + detail::UnknownOfGaussian::scratch_size(unknown));
    double *const weighted = v + n, *const rest = weighted + n;
    features(inputs, j, v);
    for (Index i = 0; i < n; ++i) v[i] -= mean(i, 0);
    if (unknown > 0)
      detail::UnknownOfGaussian(inverse, unknown, [&](Index i) { return inputs.is_known(i, j); }, rest).expect(v);
    for (Index i = 0; i < n; ++i) weighted[i] = 0;
    for (Index k = 0; k < n; ++k)
      for (Index i = 0; i < n; ++i) weighted[i] += inverse(i, k) * v[k];
    return {v, weighted, rest};
  }
};

}  // namespace eigencoder
