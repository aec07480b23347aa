#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/core/buffer.hpp>
#include <eigencoder/core/parameters.hpp>
#include <eigencoder/core/view.hpp>
#include <span>

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
  const double longest = std::sqrt(std::max(norm_a, norm_b));
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

}  // namespace eigencoder
