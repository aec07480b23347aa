#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <utility>

/// @file
/// The laws that the library's parts obey, for parts of your own: each function returns an error to compare with a
/// bound. Not included by `eigencoder.hpp`.
namespace eigencoder {

/// The norm of the difference of two vectors, relative to the norm of the longer one; absolute if both norms are below
/// 1e-8.
inline double relative_error(std::span<const double> a, std::span<const double> b) {
  double difference = 0, norm_a = 0, norm_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    norm_a += a[i] * a[i];
    norm_b += b[i] * b[i];
  }
  const double norm = std::sqrt((std::max)(norm_a, norm_b));
  return norm < 1e-8 ? std::sqrt(difference) : std::sqrt(difference) / norm;
}

/// The derivative of f at 0, by the central difference of fourth order,
/// (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h.
template <class F>
double central_difference(const F& f, double h = 1e-4) {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/// The parameter block with the largest error of its gradient.
struct GradientError {
  double worst = 0;           ///< the error, see `relative_error`
  ParameterBlock block = {};  ///< the block
};

/// Compares `model.gradient` with central differences of the objective, block by block, and that of a frozen block with
/// zero. A correct gradient stays below 1e-7.
/// @param model    a model with `Precision<double>`; its parameters are changed and restored
/// @param inputs   inputs at which no value is close to a kink of its activation
/// @param targets  targets, one for each input
/// @param seed     with `step` the key of random layers, which draw the same numbers at every evaluation
/// @param step     see `seed`
/// @param sample_weights  as `Autoencoder::gradient` takes them
template <class Model>
GradientError gradient_error(Model& model, View<double> inputs, View<double> targets, std::uint64_t seed = 0,
                             std::uint64_t step = 0, std::span<const double> sample_weights = {}) {
  const auto parameters = model.parameters();
  Buffer<double> analytic(static_cast<Index>(parameters.size())), numeric(analytic.size()), unused(analytic.size());
  model.gradient(inputs, targets, analytic.span(), seed, step, sample_weights);
  GradientError error;
  for (const ParameterBlock& block : model.layout().blocks()) {
    const auto first = static_cast<std::size_t>(block.offset), count = static_cast<std::size_t>(block.size());
    for (std::size_t i = first; i < first + count && !block.frozen; ++i) {
      const double value = parameters[i];
      numeric.span()[i] = central_difference([&](double h) {
        parameters[i] = value + h;
        const double objective = model.gradient(inputs, targets, unused.span(), seed, step, sample_weights);
        parameters[i] = value;
        return objective;
      });
    }
    const double block_error =
        relative_error(analytic.span().subspan(first, count), numeric.span().subspan(first, count));
    if (block_error > error.worst || std::isnan(block_error)) error = {block_error, block};
  }
  return error;
}

/// The same with the samples as their own targets.
template <class Model>
GradientError gradient_error(Model& model, View<double> samples, std::uint64_t seed = 0, std::uint64_t step = 0,
                             std::span<const double> sample_weights = {}) {
  return gradient_error(model, samples, samples, seed, step, sample_weights);
}

/// Compares the derivative that an `ActivationPenalty` adds with central differences of its value, at `values`, a
/// sample a column. A correct penalty stays below 1e-7.
template <class Penalty>
double penalty_error(const Penalty& penalty, MatrixX<double> values) {
  const MatrixX<double> before = MatrixX<double>::Constant(values.rows(), values.cols(), 2);
  MatrixX<double> added = before, numeric = before, unused = before;
  const auto penalize = [&](MatrixX<double>& gradient) {
    const double* const unchanged = values.data();
    return penalty.penalize(unchanged, gradient.data(), values.rows(), values.cols());
  };
  penalize(added);
  for (Index i = 0; i < values.size(); ++i) {
    double& value = values.data()[i];
    const double center = value;
    numeric.data()[i] = central_difference([&](double h) {
      value = center + h;
      const double penalized = penalize(unused);
      value = center;
      return penalized;
    });
  }
  added -= before;
  const auto count = static_cast<std::size_t>(values.size());
  return relative_error({added.data(), count}, {numeric.data(), count});
}

/// Counts the samples, columns of `values` of shape `shape`, on which a `Corruption` breaks its contract: with equal
/// draws it changes equal samples equally, in `float` as in `double`, without NaN, and the number of draws does not
/// depend on the values. A correct corruption has 0.
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
    const auto once = corrupted(0.0, 0), again = corrupted(0.0, 0), shifted = corrupted(0.0, 0.25),
               single = corrupted(0.0F, 0);
    const bool repeats = once.first == again.first && (once.first - single.first).cwiseAbs().maxCoeff() < 1e-5;
    const bool same_draws = once.second == shifted.second && once.second == single.second;
    faults += repeats && same_draws && once.first.allFinite() ? 0 : 1;
  }
  return faults;
}

}  // namespace eigencoder
