#pragma once

#include <eigencoder/anomaly/score.hpp>
#include <string_view>

namespace eigencoder {

/// The squared error of a reconstruction, ||x - x'||^2, of scaled values. Of a sample with unknown values it is that of
/// the known ones.
/// A value contributes its own squared error, an unknown one 0; the contributions sum to the score.
struct SquaredErrorScore {
  static constexpr std::string_view name = "squared_error";  ///< see `AnomalyScore`

  /// See `AnomalyScore`.
  void validate() const {}

  /// See `AnomalyScore`.
  template <class Scalar>
  void evaluate(const ScoreInputs<Scalar>& inputs, const ScoreState&, Buffer<double>&, double* scores) const {
    for (Index j = 0; j < inputs.samples.cols(); ++j) {
      double sum = 0;
      for (Index i = 0; i < inputs.samples.rows(); ++i) sum += squared_error(inputs, i, j);
      scores[j] = sum;
    }
  }

  /// See `AnomalyScore`.
  template <class Scalar>
  void contributions(const ScoreInputs<Scalar>& inputs, const ScoreState&, Buffer<double>&, double* out) const {
    for (Index j = 0; j < inputs.samples.cols(); ++j)
      for (Index i = 0; i < inputs.samples.rows(); ++i) *out++ = squared_error(inputs, i, j);
  }

 private:
  template <class Scalar>
  static double squared_error(const ScoreInputs<Scalar>& inputs, Index i, Index j) {
    const double error =
        static_cast<double>(inputs.samples.column(j)[i]) - static_cast<double>(inputs.reconstructions.column(j)[i]);
    return error * error;
  }
};

}  // namespace eigencoder
