#pragma once

#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/kernels/dense_kernel.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/random.hpp>

/// @file
/// The two products of a restricted Boltzmann machine, and a sweep over the units of one side. All matrices are one
/// column a sample or chain; their bits do not depend on the number of threads.
namespace eigencoder::detail {

/// The parameters of a machine: the weight, hidden x visible and row-major, the biases, and the log-variances of the
/// visible units, or null where these are 0. What follows from the log-variances is null too, until `with_variances`.
template <class Scalar>
struct RbmParameters {
  const Scalar *weight, *visible_bias, *hidden_bias, *log_variance;
  Index visible, hidden;
  const Scalar *inverse_variance = nullptr, *stddev = nullptr;

  DenseKernel<Scalar> kernel() const { return {weight, visible, hidden}; }
  /// The memory that `with_variances` needs.
  Index variance_memory() const { return log_variance ? 2 * visible : 0; }
};

/// The same parameters with 1 / s^2 and s of the visible units, computed once for all columns.
/// @param memory  for `variance_memory()` values
template <class Scalar>
RbmParameters<Scalar> with_variances(RbmParameters<Scalar> p, Scalar* memory) {
  if (!p.log_variance) return p;
  Scalar *const inverse = memory, *const stddev = memory + p.visible;
  for (Index i = 0; i < p.visible; ++i) {
    inverse[i] = std::exp(-p.log_variance[i]);
    stddev[i] = std::exp(p.log_variance[i] / 2);
  }
  p.inverse_variance = inverse;
  p.stddev = stddev;
  return p;
}

/// Adds a bias to a region of a product.
template <class Scalar>
void add_bias(const Region& region, const Scalar* bias, Scalar* values) {
  for (Index j = region.col; j < region.col + region.cols; ++j) {
    Scalar* column = values + j * region.height;
    for (Index i = region.row; i < region.row + region.rows; ++i) column[i] += bias[i];
  }
}

/// The visible values divided by their variances, in `scaled` (which may be `v`), or `v` where the variances are 1.
template <class Scalar>
const Scalar* over_variance(const Pass<Scalar>& pass, const RbmParameters<Scalar>& p, const Scalar* v,
                            Scalar* scaled) {
  if (!p.log_variance) return v;
  parallel_columns(pass, p.visible, 1, [&](Index j) {
    for (Index i = 0; i < p.visible; ++i) scaled[j * p.visible + i] = v[j * p.visible + i] * p.inverse_variance[i];
  });
  return scaled;
}

/// c + W u, the inputs of the hidden units, for visible values over their variances.
template <class Scalar>
void hidden_inputs(const Pass<Scalar>& pass, const RbmParameters<Scalar>& p, const Scalar* u, Scalar* to) {
  const DenseKernel<Scalar> kernel = p.kernel();
  parallel_for(kernel.apply_tasks(pass.batch), pass.team(kernel.work() * pass.batch), [&](Index task, int thread) {
    add_bias(kernel.apply(task, u, to, pass.batch, pass.workspace.scratch(thread).gemm), p.hidden_bias, to);
  });
}

/// b + W^T h, the inputs of the visible units; without b where `with_bias` is false.
template <class Scalar>
void visible_inputs(const Pass<Scalar>& pass, const RbmParameters<Scalar>& p, const Scalar* h, Scalar* to,
                    bool with_bias = true) {
  const DenseKernel<Scalar> kernel = p.kernel();
  parallel_for(kernel.adjoint_tasks(pass.batch), pass.team(kernel.work() * pass.batch), [&](Index task, int thread) {
    const Region region = kernel.adjoint(task, h, to, pass.batch, pass.workspace.scratch(thread).gemm);
    if (with_bias) add_bias(region, p.visible_bias, to);
  });
}

/// Turns inputs of units into means.
template <class Scalar, class Units>
void to_means(const Pass<Scalar>& pass, const Units& units, Scalar* values) {
  parallel_columns(pass, units.size, 16, [&](Index j) { units.to_mean(values + j * units.size); });
}

/// Which random numbers a sweep draws from: those of this half-step of the chains, and of training or of sampling.
struct GibbsDraw {
  Index half_step;
  std::uint32_t use = 0;  ///< 0: training, 1: sampling
};

/// Draws states of units from their inputs. A column's numbers are keyed by its index in the data set, or by its number
/// where the pass has no indices. `states` may be `inputs`.
template <class Scalar, class Units>
void draw_states(const Pass<Scalar>& pass, const Units& units, const Scalar* stddev, const Scalar* inputs,
                 Scalar* states, GibbsDraw draw) {
  parallel_columns(pass, units.size, 32, [&](Index j) {
    const std::uint32_t index = pass.indices ? pass.indices[j] : static_cast<std::uint32_t>(j);
    units.draw(inputs + j * units.size, stddev, states + j * units.size,
               Random(pass.seed, Purpose::gibbs, static_cast<std::uint32_t>(draw.half_step), pass.step, index,
                      draw.use));
  });
}

}  // namespace eigencoder::detail
