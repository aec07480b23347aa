#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/kernels/elementwise_loss.hpp>
#include <eigencoder/detail/math/bits.hpp>
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

/// The least log variance of a Gaussian column: a smaller one counts as this, so that a column without errors does not
/// draw its variance to 0. It is a standard deviation of exp(-6), the bound in the programs of Rybkin, Daniilidis &
/// Levine, "Simple and effective VAE training with calibrated decoders" (2021).
inline constexpr double lowest_log_variance = -12;

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
  /// See `Blocks::at`.
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
  void add_derivatives(const Scalar* output, const Scalar* target, double scale, double* sums) const {
    const Scalar* log_variances = log_variances_;
    for (const Block *block = begin(), *next; block != end(); block = next) {
      const Index size = find_run(block, next);
      if (block->loss == BlockLoss::gaussian) {
        if (block->weight != 0)
          add_derivatives(size, output, target, log_variances, block->weight * scale / 2, sums);
        log_variances += size;
        sums += size;
      }
      output += size;
      target += size;
    }
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
    /// Reports the loss of a block, if it has a name.
    void report(const Block& block, double loss) {
      if (terms && !block.name.empty()) *terms++ = loss;
    }
  };

  const Block* begin() const { return blocks_.data(); }
  const Block* end() const { return blocks_.data() + blocks_.size(); }

  /// A run is a categorical block, or neighboring blocks of one other loss and weight: as many of their values are
  /// computed at a time as if they were one block. `next` becomes the first block after the run. Returns its number of
  /// values.
  Index find_run(const Block* block, const Block*& next) const {
    Index size = block->size;
    next = block + 1;
    if (block->loss != BlockLoss::categorical)
      for (; next != end() && next->loss == block->loss && next->weight == block->weight; ++next) size += next->size;
    return size;
  }

  double evaluate(Rest rest) const {
    double loss = 0;
    for (const Block *block = begin(), *next; block != end(); block = next) {
      const Index size = find_run(block, next);
      const double of_run = block->loss == BlockLoss::categorical ? categorical(*block, rest)
                            : size <= few                         ? sum_run<few>(block, size, rest)
                                                                  : sum_run<detail::loss_block>(block, size, rest);
      if (block->weight != 0) loss += block->weight * of_run;
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
    rest.report(block, loss);
    return loss;
  }

  /// The loss of a run of `left` values, not categorical, before its weight. `length` values are computed at a time.
  template <Index length>
  static double sum_run(const Block* block, Index left, Rest& rest) {
    Terms<length> terms;
    const BlockLoss loss = block->loss;
    const auto factor = static_cast<Scalar>(block->weight * rest.scale);
    const bool trained = block->weight != 0;
    double sum = 0, of_block = 0;
    for (Index missing = block->size; left > 0;) {  // values of the block
      const Index count = (std::min)(left, length);
      compute(loss, rest, count, terms);
      if (rest.delta)
        for (Index i = 0; i < count; ++i) rest.delta[i] = trained ? factor * terms.derivative[i] : Scalar(0);
      rest.advance(count);
      left -= count;
      for (Index used = 0; used < count;) {
        const Index taken = (std::min)(missing, count - used);
        of_block += sum_of(terms.value + used, taken);
        used += taken;
        missing -= taken;
        if (missing > 0) continue;
        rest.report(*block, of_block);
        sum += of_block;
        of_block = 0;
        if (used < count || left > 0) missing = (++block)->size;
      }
    }
    return sum;
  }

  template <Index length>
  struct Terms {
    alignas(64) Scalar value[std::size_t{length}];
    alignas(64) Scalar derivative[std::size_t{length}];
  };

  /// The next `count` terms of a run of this loss.
  template <Index length>
  static void compute(BlockLoss loss, Rest& rest, Index count, Terms<length>& terms) {
    Scalar known[std::size_t{length}];
    const Scalar* target = rest.target;
    if (rest.skips_unknown) {
      for (Index i = 0; i < count; ++i) known[i] = (std::isnan)(target[i]) ? Scalar(0) : target[i];
      std::fill(known + count, known + length, Scalar(0));  // g++ warns of what is not read
      target = known;
    }
    if (loss == BlockLoss::bernoulli)
      detail::compute_terms<length>(rest.output, target, count, terms.value, terms.derivative,
                                    detail::BernoulliTerms<length>{});
    else
      detail::compute_terms<length>(rest.output, target, count, terms.value, terms.derivative,
                                    detail::SquaredErrorTerms<length>{});
    if (loss == BlockLoss::gaussian) {
      Scalar log_variances[std::size_t{length}] = {};
      if (rest.log_variances) {
        std::copy_n(rest.log_variances, count, log_variances);
        rest.log_variances += count;
      }
      // d^2 / (2 variance) + log(2 pi variance) / 2, and its derivative d / variance
      constexpr Scalar log_two_pi = static_cast<Scalar>(1.8378770664093453);
      for (Index i = 0; i < length; ++i) {
        const Scalar log_variance = detail::math::select(log_variances[i] < lowest, lowest, log_variances[i]);
        const Scalar half_precision = detail::math::exp(-log_variance) / 2;
        terms.value[i] = terms.value[i] * half_precision + (log_two_pi + log_variance) / 2;
        terms.derivative[i] *= half_precision;
      }
    }
    if (rest.skips_unknown)
      for (Index i = 0; i < count; ++i)
        if ((std::isnan)(rest.target[i])) terms.value[i] = terms.derivative[i] = 0;
  }

  /// Adds the derivatives of a Gaussian run by its log variances, each `half` times 1 - (y - t)^2 / variance. Below
  /// the lowest one, where the loss is constant, only what raises it counts, so that it may come back.
  static void add_derivatives(Index size, const Scalar* output, const Scalar* target, const Scalar* log_variances,
                              double half, double* sums) {
    for (Index first = 0; first < size; first += few) {
      const Index count = (std::min)(few, size - first);
      Terms<few> terms;
      Scalar log_variance[few] = {};
      for (Index k = 0; k < count; ++k) log_variance[k] = (std::max)(log_variances[first + k], lowest);
      detail::compute_terms<few>(output + first, target + first, count, terms.value, terms.derivative,
                                 detail::SquaredErrorTerms<few>{});
      for (Index k = 0; k < few; ++k) terms.value[k] *= detail::math::exp(-log_variance[k]);
      for (Index k = 0; k < count; ++k)
        if (!(std::isnan)(target[first + k]) && !(log_variances[first + k] < lowest && terms.value[k] < 1))
          sums[first + k] += half * (1 - static_cast<double>(terms.value[k]));
    }
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

  static constexpr auto lowest = static_cast<Scalar>(lowest_log_variance);
  static constexpr Index few = 16;  ///< the values computed at a time in short runs: one or two registers

  std::span<const Block> blocks_;
  const Scalar* log_variances_;
};

}  // namespace eigencoder
