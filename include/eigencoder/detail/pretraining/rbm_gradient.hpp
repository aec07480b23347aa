#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/pretraining/rbm_products.hpp>
#include <eigencoder/detail/stack/linear_gradients.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>

/// @file
/// The gradient of a machine's parameters as a sum over columns: those of the data and those of the chains.
namespace eigencoder::detail {

/// The columns of one step. With u the visible values over their variances and d = s h, where h are the hidden units
/// and s is the column's factor, the gradient is the sum of d u^T by the weight, of s u by the visible bias and of d by
/// the hidden bias. (The factors sum to 0.)
template <class Scalar>
struct RbmColumns {
  Index count;
  Scalar* visible;          ///< v, then u
  Scalar* hidden;           ///< d; the gradient of penalties on the hidden units is added to it
  double* visible_factors;  ///< s
  double* hidden_factors;   ///< 1
  Index first_mean;         ///< from this column on the visible values are means, not states; `count`: none are
};

/// Hands the sums of columns, each times its factor, to the sink as the gradient of a vector.
template <class Scalar>
void vector_gradient(const Pass<Scalar>& pass, Index block, const Scalar* columns, const double* factors, Index size,
                     Index count, GradientSink<Scalar>& sink) {
  constexpr Index tile = 256;
  parallel_tiles(size, tile, pass.team(size * count * 4), [&](Index first, Index n, int thread) {
    double sums[tile] = {};
    for (Index j = 0; j < count; ++j)
      for (Index i = 0; i < n; ++i) sums[i] += factors[j] * static_cast<double>(columns[j * size + first + i]);
    accumulate_gradient(block, first, n, sums, pass.workspace.scratch(thread).tile, sink);
  });
}

/// The terms of which the sum over the columns is the gradient of the log-variances z, before v becomes u and d is
/// centered: s (v - b)^2 / (2 s_i^2) - u W^T d. Source: Cho, Ilin & Raiko, "Improved learning of
/// Gaussian-Bernoulli restricted Boltzmann machines" (2011). Where v is the mean of a state, the state's square error
/// is (v - b)^2 + s_i^2 in expectation, without which the variances would rise without end.
/// @param terms  as many values as the visible columns have
template <class Scalar>
void log_variance_terms(Pass<Scalar> pass, const RbmParameters<Scalar>& p, const RbmColumns<Scalar>& columns,
                        Scalar* terms) {
  pass.batch = columns.count;
  visible_inputs(pass, p, columns.hidden, terms, false);
  parallel_columns(pass, p.visible, 8, [&](Index j) {
    const Scalar* const v = columns.visible + j * p.visible;
    Scalar* const term = terms + j * p.visible;
    const auto factor = static_cast<Scalar>(columns.visible_factors[j]);
    const Scalar own_variance = j < columns.first_mean ? Scalar(0) : factor / 2;
    for (Index i = 0; i < p.visible; ++i) {
      const Scalar error = v[i] - p.visible_bias[i];
      term[i] = own_variance + p.inverse_variance[i] * (factor * error * error / 2 - v[i] * term[i]);
    }
  });
}

/// The sum of the products of n values.
template <class Scalar>
double inner_product(const Scalar* a, const Scalar* b, Index n) {
  RunningSums sums;
  sums.add(n, [&](double& sum, Index i) { sum += static_cast<double>(a[i]) * static_cast<double>(b[i]); });
  return sums.total();
}

/// Centers the columns by the means m of u and l of h: they become those of the centered machine, and the factors those
/// with which the sums are the gradients of the plain machine's biases. With d = s (h - l) and x = u - m they are
/// s - l d and 1 - m x. Source: Melchior, Fischer & Wiskott, "How to center deep Boltzmann machines" (2016), the
/// centered gradient of normal machines, written for single columns.
template <class Scalar>
void center_columns(Pass<Scalar> pass, Index visible, Index hidden, const Scalar* visible_mean,
                    const Scalar* hidden_mean, const RbmColumns<Scalar>& columns) {
  pass.batch = columns.count;
  parallel_columns(pass, visible + hidden, 4, [&](Index j) {
    Scalar *const x = columns.visible + j * visible, *const d = columns.hidden + j * hidden;
    const auto factor = static_cast<Scalar>(columns.visible_factors[j]);
    for (Index i = 0; i < visible; ++i) x[i] -= visible_mean[i];
    for (Index i = 0; i < hidden; ++i) d[i] -= factor * hidden_mean[i];
    columns.visible_factors[j] -= inner_product(hidden_mean, d, hidden);
    columns.hidden_factors[j] -= inner_product(visible_mean, x, visible);
  });
}

}  // namespace eigencoder::detail
