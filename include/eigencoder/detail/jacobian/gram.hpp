#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/kernels/dense_kernel.hpp>
#include <eigencoder/detail/stack/layer_passes.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>

/// @file
/// Sums of squared norms and their derivatives, for the contractive penalty.
namespace eigencoder::detail {

/// The sum of a[i] b[i], in double: that of 64 blocks, so that the result does not depend on the number of threads.
template <class Scalar>
double inner_product(const Pass<Scalar>& pass, const Scalar* a, const Scalar* b, Index n) {
  constexpr Index blocks = 64, multiple = RunningSums::count;
  double sums[blocks] = {};
  const Index block = (n + blocks * multiple - 1) / (blocks * multiple) * multiple;
  parallel_tiles(n, block, pass.team(n * 2), [&](Index first, Index count, int) {
    RunningSums products;
    products.add(count, [&](double& sum, Index i) {
      sum += static_cast<double>(a[first + i]) * static_cast<double>(b[first + i]);
    });
    sums[first / block] = products.total();
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

/// The squared norms of the values themselves.
template <class Scalar>
struct PlainNorm {
  const Pass<Scalar>& pass;

  /// Returns `factor` times the sum of the squares and writes its derivative.
  double value_and_gradient(double factor, Scalar* values, Index count, Scalar* derivative) const {
    parallel_values(pass, count, 2, [&](Index i) { derivative[i] = static_cast<Scalar>(2 * factor) * values[i]; });
    return factor * inner_product(pass, values, values, count);
  }
};

/// The squared norms of W^T a for columns a, where W is the weight of a dense layer and a a gradient of its output:
///
///     ||W^T a||^2 = <a, G a>,  G = W W^T,  with the derivatives 2 G a by a and 2 a a^T W by W
///
/// Over many columns the sum S of all a a^T is collected first: one product S W then takes the place of one with W per
/// column.
///
/// `diagonal`: the given column is the sum of columns that are multiples of different unit vectors. Their squared norms
/// need only the diagonals of G and S: Rifai et al. 2011, section 3, where the penalty of one sigmoid layer h is the
/// sum over i of (h_i (1 - h_i))^2 times that over j of W_ij^2.
template <class Scalar>
class Gram {
 public:
  /// The number of values in G and S.
  static Index scratch_size(Index outputs, bool diagonal) { return 2 * outputs * (diagonal ? 1 : outputs); }

  /// `scratch` holds `scratch_size` values.
  Gram(const Pass<Scalar>& pass, const DenseKernel<Scalar>& kernel, bool diagonal, Scalar* scratch)
      : pass_(pass),
        kernel_(kernel),
        diagonal_(diagonal),
        gram_(scratch),
        sum_(scratch + scratch_size(kernel.outputs, diagonal) / 2) {
    std::fill_n(sum_, scratch_size(size(), diagonal) / 2, Scalar(0));
    if (diagonal_)
      for (Index k = 0; k < size(); ++k) {
        const Scalar* row = kernel_.weight + k * kernel_.inputs;
        gram_[k] = static_cast<Scalar>(inner_product(pass_, row, row, kernel_.inputs));
      }
    else
      linear_forward(pass_of(size()), kernel_, Bias<Scalar>{nullptr, 1}, NoActivation{}, kernel_.weight, gram_, gram_);
  }

  /// Returns `factor` times the sum of the squared norms over all columns of `values`, writes its derivative and adds
  /// to S. The values are changed.
  double value_and_gradient(double factor, Scalar* values, Index count, Scalar* derivative) const {
    const double root = std::sqrt(2 * factor);  // of the factor of a a^T, for each side
    scale(root, values, count);
    if (diagonal_)
      multiply_diagonal(values, count / size(), derivative);
    else
      multiply(values, count / size(), derivative);
    const double value = inner_product(pass_, values, derivative, count) / 2;
    scale(root, derivative, count);
    return value;
  }

  /// Hands S W to the sink, the derivative of all values so far by W.
  void weight_gradient(LinearBlocks blocks, GradientSink<Scalar>& sink) const {
    if (!diagonal_)
      return weight_backward(pass_of(size()), kernel_, blocks, {kernel_.inputs, size()}, kernel_.weight, sum_, sink);
    for (Index task = 0; task < kernel_.outer_tasks(); ++task) {
      const Range range = kernel_.outer_range(task);
      auto& scratch = pass_.workspace.scratch(0).tile;
      const auto slice = sink.open(blocks.order, blocks.weight, range.first, range.count, scratch);
      for (Index i = 0; i < range.count; ++i) {
        const Index at = range.first + i;
        const Scalar before = slice.accumulate ? slice.gradient[i] : Scalar(0);
        slice.gradient[i] = before + sum_[at / kernel_.inputs] * kernel_.weight[at];
      }
      sink.close(blocks.order, blocks.weight, range.first, range.count, slice.gradient);
    }
  }

 private:
  Index size() const { return kernel_.outputs; }
  Pass<Scalar> pass_of(Index columns) const {
    Pass<Scalar> pass(pass_);
    pass.batch = columns;
    return pass;
  }

  void scale(double factor, Scalar* values, Index count) const {
    parallel_values(pass_, count, 1, [&](Index i) { values[i] *= static_cast<Scalar>(factor); });
  }

  /// product = G a for each column, and S += a a^T.
  void multiply(const Scalar* a, Index columns, Scalar* product) const {
    const DenseKernel<Scalar> square{gram_, size(), size()};
    linear_forward(pass_of(columns), square, Bias<Scalar>{nullptr, 1}, NoActivation{}, a, product, product);
    parallel_for(square.outer_tasks(), pass_.team(square.work() * columns), [&](Index task, int thread) {
      auto& scratch = pass_.workspace.scratch(thread).gemm;
      square.outer(task, a, a, columns, sum_ + square.outer_range(task).first, true, scratch);
    });
  }
  /// The same with the diagonals of G and S.
  void multiply_diagonal(const Scalar* a, Index columns, Scalar* product) const {
    constexpr Index tile = 256;
    parallel_tiles(size(), tile, pass_.team(size() * columns * 4), [&](Index first, Index count, int) {
      double squares[tile] = {};
      for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < count; ++i) {
          const Index at = j * size() + first + i;
          product[at] = gram_[first + i] * a[at];
          squares[i] += static_cast<double>(a[at]) * static_cast<double>(a[at]);
        }
      for (Index i = 0; i < count; ++i) sum_[first + i] += static_cast<Scalar>(squares[i]);
    });
  }

  const Pass<Scalar>& pass_;
  DenseKernel<Scalar> kernel_;
  bool diagonal_;
  Scalar *gram_, *sum_;  ///< G and S, or their diagonals
};

}  // namespace eigencoder::detail
