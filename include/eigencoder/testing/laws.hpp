#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/corruption.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <utility>

/// @file
/// The laws that the library's own parts are tested by, for parts of your own: each returns an error to compare
/// with a bound. Not part of `eigencoder.hpp`.
namespace eigencoder {

/// How far two vectors are apart, relative to the longer one; absolute where both vanish.
inline double relative_error(std::span<const double> a, std::span<const double> b) {
  double difference = 0, norm_a = 0, norm_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    norm_a += a[i] * a[i];
    norm_b += b[i] * b[i];
  }
  const double longest = std::sqrt((std::max)(norm_a, norm_b));
  return longest < 1e-8 ? std::sqrt(difference) : std::sqrt(difference) / longest;
}

/// The derivative of f at 0 from four values: the central difference of fourth order,
/// (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h.
template <class F>
double central_difference(const F& f, double h = 1e-4) {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/// The worst parameter block of a gradient, and how wrong it is.
struct GradientError {
  double worst = 0;
  ParameterBlock block = {};
};

/// Compares `model.gradient` with central differences of the objective, block by block. The model is one with
/// `Precision<double>`; random layers draw by `seed` and `step` and so stand still. Points near a kink of an
/// activation are the caller's to avoid. A correct gradient stays below 1e-7.
template <class Model>
GradientError gradient_error(Model& model, View<double> inputs, View<double> targets, std::uint64_t seed = 0,
                             std::uint64_t step = 0) {
  const auto parameters = model.parameters();
  Buffer<double> analytic(static_cast<Index>(parameters.size())), numeric(analytic.size()), unused(analytic.size());
  model.gradient(inputs, targets, analytic.span(), seed, step);
  GradientError error;
  for (const ParameterBlock& block : model.layout().blocks()) {
    const auto first = static_cast<std::size_t>(block.offset), count = static_cast<std::size_t>(block.size());
    for (std::size_t i = first; i < first + count; ++i) {
      const double value = parameters[i];
      numeric.span()[i] = central_difference([&](double h) {
        parameters[i] = value + h;
        const double objective = model.gradient(inputs, targets, unused.span(), seed, step);
        parameters[i] = value;
        return objective;
      });
    }
    const double here = relative_error(analytic.span().subspan(first, count), numeric.span().subspan(first, count));
    if (here > error.worst || !(here == here)) error = {here, block};
  }
  return error;
}

template <class Model>
GradientError gradient_error(Model& model, View<double> samples, std::uint64_t seed = 0, std::uint64_t step = 0) {
  return gradient_error(model, samples, samples, seed, step);
}

/// Compares the derivative that a penalty on activations adds with central differences of its value, at `values`, one
/// sample a column. A correct one stays below 1e-7.
template <class Penalty>
double penalty_error(const Penalty& penalty, MatrixX<double> values) {
  const MatrixX<double> before = MatrixX<double>::Constant(values.rows(), values.cols(), 2);
  MatrixX<double> added = before, numeric = before, unused = before;
  const auto penalize = [&](MatrixX<double>& gradient) {
    const double* read = values.data();
    return penalty.penalize(read, gradient.data(), values.rows(), values.cols());
  };
  penalize(added);
  for (Index i = 0; i < values.size(); ++i) {
    double& value = values.data()[i];
    const double here = value;
    numeric.data()[i] = central_difference([&](double h) {
      value = here + h;
      const double found = penalize(unused);
      value = here;
      return found;
    });
  }
  added -= before;
  const auto count = static_cast<std::size_t>(values.size());
  return relative_error({added.data(), count}, {numeric.data(), count});
}

/// How many of `values.cols()` samples of `shape` a corruption treats otherwise than it promises: equal draws change
/// equal samples alike, in `float` as in `double`, leave no NaN, and their number does not depend on the values. A
/// correct one returns 0.
template <class C>
Index corruption_faults(const C& corruption, Shape shape, const MatrixX<double>& values) {
  Index faults = 0;
  for (Index j = 0; j < values.cols(); ++j) {
    const auto corrupted = [&](auto scalar, double shift) {
      MatrixX<decltype(scalar)> sample = (values.col(j).array() + shift).matrix().template cast<decltype(scalar)>();
      Random random(7, Purpose::corruption, 0, 3, static_cast<std::uint32_t>(j));
      corrupt_with(corruption, sample.data(), shape, random);
      return std::pair(MatrixX<double>(sample.template cast<double>()), random.next());
    };
    const auto once = corrupted(0.0, 0), again = corrupted(0.0, 0), other = corrupted(0.0, 0.25),
               coarse = corrupted(0.0F, 0);
    const bool repeats = once.first == again.first && (once.first - coarse.first).cwiseAbs().maxCoeff() < 1e-5;
    const bool as_many = once.second == other.second && once.second == coarse.second;
    faults += repeats && as_many && once.first.allFinite() ? 0 : 1;
  }
  return faults;
}

}  // namespace eigencoder
