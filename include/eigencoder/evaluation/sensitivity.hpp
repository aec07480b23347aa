#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <limits>

/// @file
/// How much the code of a sample changes with its input, in inference. What every function throws for samples that do
/// not suit the model is what `Autoencoder::encode` throws.
namespace eigencoder {

namespace detail {

/// The fourth root of the rounding error: 0.019 in `float`. Rounding shrinks as 1 / step, what is cut off of the Taylor
/// series as step^2; one value of many moves the code little, so that this is the smaller part.
template <class Scalar>
inline const double difference_step =
    std::sqrt(std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::epsilon())));

}  // namespace detail

/// The Jacobian of the code by its input at one sample: code size x values. By central differences, value i moved by
/// `step` max(1, |x_i|) to either side: exact up to rounding and the square of the step, and for any encoder. Throws
/// `OptionError` unless the step is above 0, `ShapeError` for more samples than one.
template <class Model>
MatrixX<double> jacobian(const Model& model, View<typename Model::Scalar> sample,
                         double step = detail::difference_step<typename Model::Scalar>) {
  using Scalar = typename Model::Scalar;
  if (!(step > 0 && std::isfinite(step))) throw OptionError("eigencoder: jacobian: the step must be above 0");
  if (sample.cols() != 1)
    throw ShapeError(detail::message({"jacobian: one sample at a time, not ", sample.cols()}));
  constexpr Index at_once = 128;  // values moved in one pass through the encoder
  const Index n = sample.rows(), width = (std::min)(at_once, n);
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
      const double above = moved(first + k, 2 * k), apart = above - static_cast<double>(moved(first + k, 2 * k + 1));
      const Scalar *up = codes.column(2 * k), *down = codes.column(2 * k + 1);
      for (Index i = 0; i < codes.rows(); ++i)
        derivatives(i, first + k) = (static_cast<double>(up[i]) - static_cast<double>(down[i])) / apart;
    }
    move(0);
  }
  return derivatives;
}

/// The standard deviation of each value of the code over the samples.
template <class Model>
VectorX<double> code_stddevs(const Model& model, View<typename Model::Scalar> samples) {
  const MatrixX<double> codes = model.encode(samples).template cast<double>();
  const VectorX<double> mean = codes.rowwise().mean();
  return (codes.colwise() - mean).array().square().rowwise().mean().sqrt();
}

/// The Jacobian with each value of the code in units of its deviation (such as `code_stddevs` of the training
/// samples), as a code that is merely written in smaller numbers is no other. Rows of values that do not vary are 0.
template <class Model>
MatrixX<double> relative_jacobian(const Model& model, View<typename Model::Scalar> sample,
                                  const VectorX<double>& deviations) {
  if (deviations.size() != model.code_size())
    throw ShapeError(detail::message({"relative_jacobian: a code of ", model.code_size(), " values has not ",
                                      deviations.size(), " deviations"}));
  MatrixX<double> derivatives = jacobian(model, sample);
  for (Index i = 0; i < derivatives.rows(); ++i) derivatives.row(i) *= deviations[i] > 0 ? 1 / deviations[i] : 0.0;
  return derivatives;
}

/// How far the code moves with its input: the Frobenius norm of the `relative_jacobian`, mean over the samples, so that
/// codes of two models compare. It takes two passes through the encoder for each value of each sample.
template <class Model>
double sensitivity(const Model& model, View<typename Model::Scalar> samples, const VectorX<double>& deviations) {
  if (samples.cols() == 0) throw DataError("eigencoder: sensitivity: there is no sample");
  double sum = 0;
  for (Index j = 0; j < samples.cols(); ++j) sum += relative_jacobian(model, samples.columns(j, 1), deviations).norm();
  return sum / static_cast<double>(samples.cols());
}

/// The same of the `jacobian` itself, whose square `Contractive` penalizes (Rifai et al. 2011, "Contractive
/// auto-encoders", eq. 5).
template <class Model>
double sensitivity(const Model& model, View<typename Model::Scalar> samples) {
  return sensitivity(model, samples, VectorX<double>::Ones(model.code_size()));
}

}  // namespace eigencoder
