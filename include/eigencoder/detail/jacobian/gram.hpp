#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/stack/layer_passes.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/layers/dense.hpp>

namespace eigencoder::detail {

/// The sum of a_i b_i, in double: 64 stretches, each in 16 running sums, added in order.
template <class Scalar>
double inner_product(const Pass<Scalar>& pass, const Scalar* a, const Scalar* b, Index n) {
  constexpr Index stretches = 64, lanes = 16;
  double sums[stretches] = {};
  const Index stretch = (n + stretches * lanes - 1) / (stretches * lanes) * lanes;
  parallel_tiles(n, stretch, pass.team(n * 2), [&](Index first, Index count, int) {
    double lane[lanes] = {};
    for (Index i = first; i < first + count; i += lanes)
      for (Index k = 0; k < (std::min)(lanes, first + count - i); ++k)
        lane[k] += static_cast<double>(a[i + k]) * static_cast<double>(b[i + k]);
    for (const double one : lane) sums[first / stretch] += one;
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

/// Squared norms of values as they are.
template <class Scalar>
struct PlainNorm {
  const Pass<Scalar>& pass;

  /// `factor` times the squared norm of all the values; its derivative by them. They may be changed.
  double weigh(double factor, Scalar* values, Index count, Scalar* derivative) const {
    parallel_tiles(count, pointwise_tile, pass.team(count * 2), [&](Index first, Index n, int) {
      for (Index i = first; i < first + n; ++i) derivative[i] = static_cast<Scalar>(2 * factor) * values[i];
    });
    return factor * inner_product(pass, values, values, count);
  }
};

/// Squared norms of W^T a, the derivatives of something by what enters a dense layer, from those by what leaves it, a:
/// ||W^T a||^2 = <a, G a> with G = W W^T, whose derivative by W is 2 a a^T W. Over many columns a this takes less than
/// to multiply each by W: theirs is the sum S of all a a^T.
///
/// If of several columns that differ in one value each (multiples of unit vectors) there is only the sum, their norms
/// take but the diagonals of G and S: the closed form of Rifai et al. 2011, section 3.
template <class Scalar>
class Gram {
 public:
  static Index room(Index outputs, bool diagonal) { return 2 * outputs * (diagonal ? 1 : outputs); }

  Gram(const Pass<Scalar>& pass, const DenseKernel<Scalar>& kernel, bool diagonal, Scalar* memory)
      : pass_(pass),
        kernel_(kernel),
        diagonal_(diagonal),
        gram_(memory),
        sum_(memory + room(kernel.outputs, diagonal) / 2) {
    std::fill_n(sum_, room(size(), diagonal) / 2, Scalar(0));
    if (diagonal_)
      for (Index k = 0; k < size(); ++k) {
        const Scalar* row = kernel_.weight + k * kernel_.inputs;
        gram_[k] = static_cast<Scalar>(inner_product(pass_, row, row, kernel_.inputs));
      }
    else
      linear_forward(of(size()), kernel_, Bias<Scalar>{nullptr, 1}, NoActivation{}, kernel_.weight, gram_, gram_);
  }

  /// `factor` times the sum of the squared norms for all columns of `values`; its derivative by them. They are changed.
  double weigh(double factor, Scalar* values, Index count, Scalar* derivative) const {
    const double root = std::sqrt(2 * factor);  // one on each side of a a^T
    scale(root, values, count);
    if (diagonal_)
      multiply_diagonal(values, count / size(), derivative);
    else
      multiply(values, count / size(), derivative);
    const double value = inner_product(pass_, values, derivative, count) / 2;
    scale(root, derivative, count);
    return value;
  }

  /// Hands the derivative by W of all that was weighed to the sink: S W.
  void deliver_weight(LinearBlocks blocks, GradientSink<Scalar>& sink) const {
    if (!diagonal_)
      return weight_backward(of(size()), kernel_, blocks, {kernel_.inputs, size()}, kernel_.weight, sum_, sink);
    for (Index task = 0; task < kernel_.outer_tasks(); ++task) {
      const Range range = kernel_.outer_range(task);
      auto& scratch = pass_.workspace.scratch(0).tile;
      const auto stretch = sink.open(blocks.turn, blocks.weight, range.first, range.count, scratch);
      for (Index i = 0; i < range.count; ++i) {
        const Index at = range.first + i;
        const Scalar before = stretch.accumulate ? stretch.gradient[i] : Scalar(0);
        stretch.gradient[i] = before + sum_[at / kernel_.inputs] * kernel_.weight[at];
      }
      sink.close(blocks.turn, blocks.weight, range.first, range.count, stretch.gradient);
    }
  }

 private:
  Index size() const { return kernel_.outputs; }
  Pass<Scalar> of(Index columns) const {
    Pass<Scalar> pass(pass_);
    pass.batch = columns;
    return pass;
  }

  void scale(double by, Scalar* values, Index count) const {
    parallel_tiles(count, pointwise_tile, pass_.team(count), [&](Index first, Index n, int) {
      for (Index i = first; i < first + n; ++i) values[i] *= static_cast<Scalar>(by);
    });
  }

  /// G a for each column, and S.
  void multiply(const Scalar* a, Index columns, Scalar* product) const {
    const DenseKernel<Scalar> square{gram_, size(), size()};
    linear_forward(of(columns), square, Bias<Scalar>{nullptr, 1}, NoActivation{}, a, product, product);
    parallel_for(square.outer_tasks(), pass_.team(square.work() * columns), [&](Index task, int thread) {
      auto& scratch = pass_.workspace.scratch(thread).gemm;
      square.outer(task, a, a, columns, sum_ + square.outer_range(task).first, true, scratch);
    });
  }
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
  Scalar *gram_, *sum_;
};

}  // namespace eigencoder::detail
