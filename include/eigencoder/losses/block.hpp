#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <span>
#include <string>

/// @file
/// The parts of `Blocks`, and their evaluation.
namespace eigencoder {

/// The loss of a block of columns.
enum class BlockLoss {
  squared_error,  ///< `SquaredError`
  bernoulli,      ///< `Bernoulli`, on logits
  categorical,    ///< `Categorical`, on logits: the block is one distribution
  gaussian        ///< `Gaussian` with a learned variance for each column
};

/// Neighboring values of a sample, columns of a table, with a loss of their own.
struct Block {
  std::string name = {};                      ///< in reports; a block without a name is not reported
  Index size = 1;                             ///< how many values it has, at least 1
  BlockLoss loss = BlockLoss::squared_error;  ///< their loss
  double weight = 1;                          ///< the factor of its loss, at least 0; with 0 it is only measured
};

/// The losses of a sample's blocks at learned log variances, those of all Gaussian columns in their order; at variances
/// of 1 for null. It refers to both. `Blocks::at` makes it.
template <class Scalar>
class LearnedBlocks {
 public:
  LearnedBlocks(std::span<const Block> blocks, const Scalar* log_variances)
      : blocks_(blocks), log_variances_(log_variances) {}

  /// As those of `Blocks`.
  ///@{
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index, Index, double scale,
                            double* terms = nullptr) const {
    return evaluate({output, target, delta, scale, terms, log_variances_, false});
  }
  double known_value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index, Index,
                                  double scale, double* terms = nullptr) const {
    return evaluate({output, target, delta, scale, terms, log_variances_, true});
  }
  ///@}

 private:
  /// The rest of a sample that is to be evaluated.
  struct Rest {
    const Scalar *output, *target;
    Scalar* delta;
    double scale;
    double* terms;
    const Scalar* log_variances;
    bool skips_unknown;

    void advance(Index count) {
      output += count;
      target += count;
      if (delta) delta += count;
    }
    /// Counts the loss of a block. Returns its share of the whole.
    double share(const Block& block, double loss) {
      if (terms && !block.name.empty()) *terms++ = loss;
      return block.weight == 0 ? 0 : block.weight * loss;
    }
  };

  double evaluate(Rest rest) const {
    double loss = 0;
    const Block* const end = blocks_.data() + blocks_.size();
    for (const Block* block = blocks_.data(); block != end;) {
      if (block->loss == BlockLoss::categorical) {
        loss += rest.share(*block, categorical(*block, rest));
        ++block;
        continue;
      }
      const Block* const first = block;
      while (block != end && block->loss == first->loss) ++block;
      loss += sum_run(first, block, rest);
    }
    return loss;
  }

  /// The loss of a categorical block.
  static double categorical(const Block& block, Rest& rest) {
    const bool unknown = rest.skips_unknown && (std::isnan)(*rest.target);
    double loss = 0;
    if (!unknown)
      loss = Categorical{}.value_and_gradient(rest.output, rest.target, block.weight == 0 ? nullptr : rest.delta,
                                              block.size, block.size, block.weight * rest.scale);
    if (rest.delta && (unknown || block.weight == 0)) std::fill_n(rest.delta, block.size, Scalar(0));
    rest.advance(block.size);
    return loss;
  }

  /// The weighted loss of neighboring blocks of one loss, not categorical: as many values are computed at a time as if
  /// they were one block.
  double sum_run(const Block* block, const Block* end, Rest& rest) const {
    Index left = 0;  // values of the run not yet computed
    for (const Block* b = block; b != end; ++b) left += b->size;
    Terms terms;
    Index computed = 0, used = 0;
    double sum = 0;
    for (; block != end; ++block) {
      double loss = 0;
      const auto factor = static_cast<Scalar>(block->weight * rest.scale);
      for (Index missing = block->size; missing > 0;) {
        if (used == computed) {
          computed = (std::min)(left, detail::loss_block);
          left -= computed;
          used = 0;
          compute(block->loss, rest, computed, terms);
        }
        const Index count = (std::min)(missing, computed - used);
        loss += sum_of(terms.value + used, count);
        if (rest.delta && block->weight == 0) std::fill_n(rest.delta, count, Scalar(0));
        else if (rest.delta)
          for (Index i = 0; i < count; ++i) rest.delta[i] = factor * terms.derivative[used + i];
        rest.advance(count);
        used += count;
        missing -= count;
      }
      sum += rest.share(*block, loss);
    }
    return sum;
  }

  struct Terms {
    alignas(64) Scalar value[detail::loss_block];
    alignas(64) Scalar derivative[detail::loss_block];
  };

  /// The next `count` terms of a run of this loss.
  void compute(BlockLoss loss, Rest& rest, Index count, Terms& terms) const {
    Scalar known[detail::loss_block];
    const Scalar* target = rest.target;
    if (rest.skips_unknown) {
      for (Index i = 0; i < count; ++i) known[i] = (std::isnan)(target[i]) ? Scalar(0) : target[i];
      target = known;
    }
    if (loss == BlockLoss::bernoulli)
      detail::compute_terms(rest.output, target, count, terms.value, terms.derivative, detail::BernoulliTerms{});
    else
      detail::compute_terms(rest.output, target, count, terms.value, terms.derivative, detail::SquaredErrorTerms{});
    if (loss == BlockLoss::gaussian) {
      Scalar log_variances[detail::loss_block] = {};
      if (rest.log_variances) {
        std::copy_n(rest.log_variances, count, log_variances);
        rest.log_variances += count;
      }
      // d^2 / (2 variance) + log(2 pi variance) / 2, and its derivative d / variance
      constexpr Scalar log_two_pi = static_cast<Scalar>(1.8378770664093453);
      for (Index i = 0; i < detail::loss_block; ++i) {
        const Scalar half_precision = detail::math::exp(-log_variances[i]) / 2;
        terms.value[i] = terms.value[i] * half_precision + (log_two_pi + log_variances[i]) / 2;
        terms.derivative[i] *= half_precision;
      }
    }
    if (rest.skips_unknown)
      for (Index i = 0; i < count; ++i)
        if ((std::isnan)(rest.target[i])) terms.value[i] = terms.derivative[i] = 0;
  }

  static double sum_of(const Scalar* values, Index count) {
    if (count < detail::RunningSums::count) {
      double sum = 0;
      for (Index i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
      return sum;
    }
    detail::RunningSums sums;
    sums.add(count, [&](double& sum, Index i) { sum += static_cast<double>(values[i]); });
    return sums.total();
  }

  std::span<const Block> blocks_;
  const Scalar* log_variances_;
};

}  // namespace eigencoder
