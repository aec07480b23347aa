#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <limits>

/// @file
/// How much the code of a sample changes with its input, in inference. All functions throw for samples that do not
/// fit the model what `Autoencoder::encode` throws.
namespace eigencoder {

/// The default step of `jacobian`: the fourth root of the rounding error, 0.019 in `float`. The error by rounding is
/// proportional to 1 / step, that by truncation of the Taylor series to step^2; one value of many moves the code
/// little, so the second is the smaller one.
template <class Scalar>
inline const double difference_step =
    std::sqrt(std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::epsilon())));

/// The Jacobian of the code with respect to the input, at one sample: code size x values. Computed by central
/// differences, where input value i changes by `step` max(1, |x_i|) in both directions: exact up to rounding and
/// O(step^2), for any encoder; 0 for an unknown value, see `MissingValues`.
/// @throws OptionError unless the step is above 0
/// @throws ShapeError unless it is one sample
template <class Model>
MatrixX<double> jacobian(const Model& model, View<typename Model::Scalar> sample,
                         double step = difference_step<typename Model::Scalar>) {
  using Scalar = typename Model::Scalar;
  if (!(step > 0 && std::isfinite(step))) throw OptionError("eigencoder: jacobian: the step must be above 0");
  if (sample.cols() != 1)
    throw ShapeError(detail::message({"jacobian: one sample at a time, not ", sample.cols()}));
  constexpr Index max_width = 128;  // input values that one pass through the encoder differentiates by
  const Index n = sample.rows(), width = (std::min)(max_width, n);
  MatrixX<Scalar> moved = sample.matrix().replicate(1, 2 * width);
  MatrixX<double> derivatives(model.code_size(), n);
  Workspace<Scalar> workspace;
  for (Index first = 0; first < n; first += width) {
    const Index count = (std::min)(width, n - first);
    const auto move = [&](double by) {
      for (Index k = 0; k < count; ++k) {
        const Scalar x = sample.data()[first + k], offset = static_cast<Scalar>(by * std::fmax(1, std::fabs(x)));
        moved(first + k, 2 * k) = x + offset;
        moved(first + k, 2 * k + 1) = x - offset;
      }
    };
    move(step);
    const View<Scalar> codes = model.encode(View<Scalar>(moved).columns(0, 2 * count), workspace);
    for (Index k = 0; k < count; ++k) {
      const bool unknown = std::isnan(sample.data()[first + k]);
      const double above = moved(first + k, 2 * k);
      const double difference = above - static_cast<double>(moved(first + k, 2 * k + 1));
      const Scalar *up = codes.column(2 * k), *down = codes.column(2 * k + 1);
      for (Index i = 0; i < codes.rows(); ++i)
        derivatives(i, first + k) =
            unknown ? 0 : (static_cast<double>(up[i]) - static_cast<double>(down[i])) / difference;
    }
    move(0);
  }
  return derivatives;
}

/// The standard deviation of each value of the code over the samples (with the divisor n).
/// @throws ShapeError, DataError as `Autoencoder::encode` does
template <class Model>
VectorX<double> code_stddevs(const Model& model, View<typename Model::Scalar> samples) {
  // By loops: every program that includes this would compile Eigen's expressions of doubles.
  const auto codes = model.encode(samples);
  const auto count = static_cast<double>(codes.cols());
  VectorX<double> stddevs(codes.rows());
  for (Index i = 0; i < codes.rows(); ++i) {
    double mean = 0, square = 0;
    for (Index j = 0; j < codes.cols(); ++j) mean += static_cast<double>(codes(i, j)) / count;
    for (Index j = 0; j < codes.cols(); ++j) {
      const double deviation = static_cast<double>(codes(i, j)) - mean;
      square += deviation * deviation / count;
    }
    stddevs[i] = std::sqrt(square);
  }
  return stddevs;
}

/// The Jacobian with each value of the code in units of its standard deviation, so that a mere change of the code's
/// scale has no effect. `stddevs` has one per value of the code, such as `code_stddevs` of the training samples. Rows
/// of values that do not vary are 0.
/// @throws ShapeError unless it is one sample, and `stddevs` has the code's size
template <class Model>
MatrixX<double> relative_jacobian(const Model& model, View<typename Model::Scalar> sample,
                                  const VectorX<double>& stddevs) {
  if (stddevs.size() != model.code_size())
    throw ShapeError(detail::message({"relative_jacobian: got ", stddevs.size(),
                                      " standard deviations, expected one for each of the code's ", model.code_size(),
                                      " values"}));
  MatrixX<double> derivatives = jacobian(model, sample);
  for (Index i = 0; i < derivatives.rows(); ++i)
    for (Index j = 0; j < derivatives.cols(); ++j) derivatives(i, j) *= stddevs[i] > 0 ? 1 / stddevs[i] : 0.0;
  return derivatives;
}

/// The sensitivity of the code to its input, comparable between models: the Frobenius norm of the `relative_jacobian`,
/// as mean over the samples, with these `stddevs`. It costs the encoding of two samples for each value of each sample.
/// @throws DataError without samples
/// @throws ShapeError unless `stddevs` has the code's size
template <class Model>
double sensitivity(const Model& model, View<typename Model::Scalar> samples, const VectorX<double>& stddevs) {
  if (samples.cols() == 0) throw DataError("eigencoder: sensitivity: there is no sample");
  double sum = 0;
  for (Index j = 0; j < samples.cols(); ++j) sum += relative_jacobian(model, samples.columns(j, 1), stddevs).norm();
  return sum / static_cast<double>(samples.cols());
}

/// The same of the `jacobian` itself, whose squared Frobenius norm `Contractive` penalizes (Rifai et al. 2011,
/// "Contractive auto-encoders", eq. 5).
/// @throws DataError without samples
template <class Model>
double sensitivity(const Model& model, View<typename Model::Scalar> samples) {
  return sensitivity(model, samples, VectorX<double>::Ones(model.code_size()));
}

}  // namespace eigencoder
