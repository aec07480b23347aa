#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/pretraining/rbm_energy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <vector>

/// @file
/// Markov chains through the distributions between a base model without weights and a machine: p_beta(v) is
/// proportional to the sum over h of exp(-(1 - beta) E_base(v) - beta E(v, h)).
/// Source: Salakhutdinov & Murray, "On the quantitative analysis of deep belief networks" (2008), eqs. 14 to 20.
namespace eigencoder::detail {

/// The inverse temperature of distribution k of 0, ..., count: as published, where 500 of 14,500 reach 0.5, the next
/// 4,000 0.9, and the others 1. Rounded to the scalar, so that weights are those of the temperature that chains have.
/// Source: Salakhutdinov & Murray (2008), section 6.
template <class Scalar>
double inverse_temperature(Index k, Index count) {
  if (k == count) return 1;
  const double part = 29 * static_cast<double>(k) / static_cast<double>(count);
  const double beta = part < 1 ? part / 2 : part < 9 ? 0.5 + 0.05 * (part - 1) : 0.9 + 0.005 * (part - 9);
  return static_cast<double>(static_cast<Scalar>(beta));
}

/// Which chains of a run; each has random numbers of its own.
struct ChainRange {
  Index first, count;
  Index draws;  ///< chains of a sample, which lie side by side
  std::uint64_t seed;
  std::uint32_t position;  ///< tells the streams of different estimates apart
};

/// Some chains, one a column, with their weights.
template <class Scalar>
class AnnealedChains {
 public:
  AnnealedChains(const RbmEnergy<Scalar>& energy, const VectorX<Scalar>& base_bias, const ChainRange& range)
      : energy_(energy),
        base_bias_(base_bias),
        range_(range),
        visible_(energy.visible_size(), range.count),
        hidden_(energy.hidden_size(), range.count),
        input_(energy.hidden_size(), range.count),
        log_weights_(static_cast<std::size_t>(range.count)) {
    // The bases differ from the machine by d'v + constant, whatever the kind of unit.
    for (Index i = 0; i < base_bias.size(); ++i) {
      const double a = static_cast<double>(base_bias[i]), b = static_cast<double>(energy.visible_bias[i]);
      if (energy.visible_kind == UnitKind::gaussian) constant_ += (a * a - b * b) / 2;
    }
  }

  /// Draws every chain's v from the base model.
  void draw_from_base() {
    for (Index c = 0; c < range_.count; ++c) {
      std::copy_n(base_bias_.data(), visible_.rows(), visible_.col(c).data());
      draw(energy_.visible_kind, visible_.col(c).data(), visible_.rows(), stream(c, 0));
    }
    compute_input();
  }

  /// Lets every chain begin at its sample.
  void start_at(View<Scalar> samples) {
    for (Index c = 0; c < range_.count; ++c)
      energy_.standardize(samples.column((range_.first + c) / range_.draws), visible_.col(c).data());
    compute_input();
  }

  /// Draws h given v, then v given h, at inverse temperature `beta`; `step`, from 1 on, tells the draws apart.
  void transition(double beta, Index step) {
    const auto b = static_cast<Scalar>(beta);
    const Scalar bias_factor = energy_.hidden_kind == UnitKind::bernoulli ? b : Scalar(1);
    for (Index c = 0; c < range_.count; ++c) {
      Scalar* const h = hidden_.col(c).data();
      const Scalar *const s = input_.col(c).data(), *const bias = energy_.hidden_bias.data();
      for (Index j = 0; j < hidden_.rows(); ++j) h[j] = bias_factor * bias[j] + b * s[j];
      draw(energy_.hidden_kind, h, hidden_.rows(), stream(c, 2 * step));
    }
    multiply(energy_.transposed, hidden_, visible_);
    for (Index c = 0; c < range_.count; ++c) {
      Scalar* const v = visible_.col(c).data();
      const Scalar *const base = base_bias_.data(), *const bias = energy_.visible_bias.data();
      for (Index i = 0; i < visible_.rows(); ++i) v[i] = (1 - b) * base[i] + b * (bias[i] + v[i]);
      draw(energy_.visible_kind, v, visible_.rows(), stream(c, 2 * step + 1));
    }
    compute_input();
  }

  /// Multiplies each chain's weight by the unnormalized probability of v at `to` over that at `from`.
  void reweigh(double from, double to) {
    for (Index c = 0; c < range_.count; ++c) {
      const Scalar *const v = visible_.col(c).data(), *const base = base_bias_.data();
      const Scalar* const bias = energy_.visible_bias.data();
      const double visible =
          constant_ + lane_sum<Scalar>(visible_.rows(), [&](Index i) { return v[i] * (bias[i] - base[i]); });
      log_weights_[static_cast<std::size_t>(c)] +=
          (to - from) * visible + energy_.log_hidden_ratio(input_.col(c).data(), from, to);
    }
  }

  /// The logarithm of chain c's weight.
  double log_weight(Index c) const { return log_weights_[static_cast<std::size_t>(c)]; }
  /// The logarithm of the unnormalized probability of chain c's v.
  double log_unnormalized(Index c) const {
    return energy_.log_unnormalized(visible_.col(c).data(), input_.col(c).data());
  }

 private:
  Random stream(Index c, Index half_step) const {
    const Index chain = range_.first + c;
    return Random(range_.seed, Purpose::sampling, range_.position, static_cast<std::uint64_t>(half_step),
                  static_cast<std::uint32_t>(chain / range_.draws), static_cast<std::uint32_t>(chain % range_.draws));
  }

  /// Replaces the inputs of units by draws.
  static void draw(UnitKind kind, Scalar* x, Index n, const Random& random) {
    const Scalar* const no_variance = nullptr;
    if (kind == UnitKind::bernoulli)
      BernoulliUnits{n}.draw(x, no_variance, x, random);
    else
      GaussianUnits{n}.draw(x, no_variance, x, random);
  }

  void multiply(const MatrixX<Scalar>& a, const MatrixX<Scalar>& b, MatrixX<Scalar>& c) {
    gemm<Scalar>(a.rows(), b.cols(), a.cols(), {a.data(), a.rows(), false}, {b.data(), b.rows(), false}, c.data(),
                 c.rows(), false, scratch_);
  }
  void compute_input() { multiply(energy_.weights, visible_, input_); }

  const RbmEnergy<Scalar>& energy_;
  const VectorX<Scalar>& base_bias_;
  ChainRange range_;
  double constant_ = 0;
  MatrixX<Scalar> visible_, hidden_, input_;
  std::vector<double> log_weights_;
  KernelScratch<Scalar> scratch_;
};

/// Calls `run(range)` for chains in groups that depend on their number alone, in parallel: a group needs no other.
template <class Run>
void for_each_chain_group(Index chains, const Run& run) {
  const EvenPartition groups(chains, 16);
  parallel_for(groups.count(), threads(), [&](Index group, int) { run(groups.begin(group), groups.length(group)); });
}

/// The logarithms of annealed importance sampling's estimates of the partition function, one of each chain, from the
/// base model to the machine. Source: Salakhutdinov & Murray (2008), algorithm 1.
template <class Scalar>
std::vector<double> forward_log_weights(const RbmEnergy<Scalar>& energy, const VectorX<Scalar>& base_bias, Index chains,
                                        Index temperatures, std::uint64_t seed) {
  std::vector<double> logs(static_cast<std::size_t>(chains), energy.log_base_partition(base_bias));
  for_each_chain_group(chains, [&](Index first, Index count) {
    AnnealedChains<Scalar> group(energy, base_bias, {first, count, 1, seed, 2});
    group.draw_from_base();
    for (Index k = 1; k <= temperatures; ++k) {
      const double beta = inverse_temperature<Scalar>(k, temperatures);
      group.reweigh(inverse_temperature<Scalar>(k - 1, temperatures), beta);
      if (k < temperatures) group.transition(beta, k);
    }
    for (Index c = 0; c < count; ++c) logs[static_cast<std::size_t>(first + c)] += group.log_weight(c);
  });
  return logs;
}

/// The logarithms of the estimates of each sample's probability, of `draws` chains side by side, from the machine to
/// the base model. Source: Burda, Grosse & Salakhutdinov, "Accurate and conservative estimates of MRF log-likelihood
/// using reverse annealing" (2015), section 3; the weights as in Upadhya & Sastry, "Empirical analysis of sampling
/// based estimators for evaluating RBMs" (2015).
template <class Scalar>
std::vector<double> reverse_log_weights(const RbmEnergy<Scalar>& energy, const VectorX<Scalar>& base_bias,
                                        View<Scalar> samples, Index draws, Index temperatures, std::uint64_t seed) {
  std::vector<double> logs(static_cast<std::size_t>(samples.cols() * draws), -energy.log_base_partition(base_bias));
  for_each_chain_group(samples.cols() * draws, [&](Index first, Index count) {
    AnnealedChains<Scalar> group(energy, base_bias, {first, count, draws, seed, 3});
    group.start_at(samples);
    for (Index c = 0; c < count; ++c) logs[static_cast<std::size_t>(first + c)] += group.log_unnormalized(c);
    for (Index k = temperatures; k >= 1; --k) {
      const double beta = inverse_temperature<Scalar>(k, temperatures);
      group.transition(beta, k);
      group.reweigh(beta, inverse_temperature<Scalar>(k - 1, temperatures));
    }
    for (Index c = 0; c < count; ++c) logs[static_cast<std::size_t>(first + c)] += group.log_weight(c);
  });
  return logs;
}

/// The logarithm of the unnormalized probability of each sample.
template <class Scalar>
std::vector<double> log_unnormalized(const RbmEnergy<Scalar>& energy, View<Scalar> samples) {
  std::vector<double> logs(static_cast<std::size_t>(samples.cols()));
  for_each_chain_group(samples.cols(), [&](Index first, Index count) {
    MatrixX<Scalar> visible(energy.visible_size(), count), input(energy.hidden_size(), count);
    for (Index c = 0; c < count; ++c) energy.standardize(samples.column(first + c), visible.col(c).data());
    KernelScratch<Scalar> scratch;
    gemm<Scalar>(input.rows(), count, visible.rows(), {energy.weights.data(), input.rows(), false},
                 {visible.data(), visible.rows(), false}, input.data(), input.rows(), false, scratch);
    for (Index c = 0; c < count; ++c)
      logs[static_cast<std::size_t>(first + c)] = energy.log_unnormalized(visible.col(c).data(), input.col(c).data());
  });
  return logs;
}

}  // namespace eigencoder::detail
