#pragma once

#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/training/loop_interfaces.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <vector>

/// @file
/// Where a step's gradient goes, and how it is clipped. A block's contributions come in the order that
/// `ContributionOrder` says. Clipping is as in Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent
/// neural networks" (2013), sec. 3.2. A NaN stays a NaN, so that a divergence is not hidden.
namespace eigencoder::detail {

/// Moves every value into [-limit, limit]; `limit` is above 0.
template <class Scalar>
void clip_by_value(Scalar* g, Index n, double limit) {
  const Scalar high = static_cast<Scalar>(limit);
  for (Index i = 0; i < n; ++i) {
    const Scalar below = g[i] > high ? high : g[i];
    g[i] = below < -high ? -high : below;
  }
}

/// The factor that shrinks a gradient of Euclidean length `norm` to at most `limit` (above 0), and leaves a
/// shorter one alone: min(1, limit / (norm + 1e-6)), as PyTorch's `clip_grad_norm_`; 1 for a NaN.
inline double global_norm_factor(double norm, double limit) {
  const double factor = limit / (norm + 1e-6);
  return factor < 1 ? factor : 1;
}

/// What happens to a gradient between the layers and the optimizer: weight decay is added, then values are clipped.
/// `gradients` is as long as the parameters; where updates are fused, only blocks with several contributions use it.
template <class Scalar>
struct GradientRules {
  const ParameterLayout& layout;
  const Scalar* parameters;
  Scalar* gradients;
  std::vector<double> decay;        ///< lambda of each block
  std::vector<bool> early_blocks;   ///< blocks that get early contributions: their stored gradient begins at zero
  double clip_value = 0;            ///< 0: no clipping

  void begin_step() const {
    for (std::size_t i = 0; i < early_blocks.size(); ++i)
      if (early_blocks[i])
        std::fill_n(stored(static_cast<Index>(i)), layout.block(static_cast<Index>(i)).size(), Scalar(0));
  }
  Scalar* stored(Index block) const { return gradients + layout.block(block).offset; }
  /// Whether the gradient of a block is used.
  bool needs(Index block) const { return !layout.block(block).frozen; }
  /// Whether this contribution is added to the stored gradient.
  bool accumulates(ContributionOrder order, Index block) const {
    return order == ContributionOrder::early || order == ContributionOrder::last ||
           early_blocks[static_cast<std::size_t>(block)];
  }
  /// Whether this contribution is a slice's last one.
  static bool completes(ContributionOrder order) {
    return order == ContributionOrder::only || order == ContributionOrder::last;
  }

  /// Finishes a complete gradient of values first, ..., first + count - 1 of a block.
  void finish(Index block, Index first, Index count, Scalar* g) const {
    if (const double lambda = decay[static_cast<std::size_t>(block)]; lambda != 0) {
      const Scalar* w = parameters + layout.block(block).offset + first;
      const auto factor = static_cast<Scalar>(lambda);
      for (Index i = 0; i < count; ++i) g[i] += factor * w[i];
    }
    if (clip_value > 0) clip_by_value(g, count, clip_value);
  }
};

/// Collects the whole gradient in `rules.gradients`.
template <class Scalar>
class StoringSink : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;
  explicit StoringSink(const GradientRules<Scalar>& rules) : rules_(rules) {}

  GradientSlice open(ContributionOrder order, Index block, Index first, Index count, Buffer<Scalar>& scratch) override {
    if (!rules_.needs(block)) return {scratch.ensure_size(count), false};
    return {rules_.stored(block) + first, rules_.accumulates(order, block)};
  }
  void close(ContributionOrder order, Index block, Index first, Index count, Scalar* g) override {
    if (rules_.completes(order) && rules_.needs(block)) rules_.finish(block, first, count, g);
  }
  bool needs(Index block) const override { return rules_.needs(block); }

 protected:
  const GradientRules<Scalar>& rules_;
};

/// One optimizer on the parameters of a model and its own arrays of state.
template <class Scalar>
struct OptimizerUpdate {
  const AnyOptimizer<Scalar>& optimizer;
  Scalar* parameters;
  std::vector<Buffer<Scalar>>& arrays;
  OptimizerStep step = {};

  void begin_step(OptimizerStep next) { step = next; }

  /// Updates `count` parameters from `first` on by their gradient.
  void operator()(Index first, Index count, const Scalar* g) const {
    Scalar* state[max_state_arrays] = {};
    for (std::size_t k = 0; k < arrays.size(); ++k) state[k] = arrays[k].data() + first;
    optimizer.update(step, parameters + first, g, state, count);
  }
};

/// Updates each slice of the parameters as soon as its gradient is complete. A gradient is stored only where it has
/// several contributions.
template <class Scalar>
class FusedUpdateSink final : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;
  FusedUpdateSink(const GradientRules<Scalar>& rules, const OptimizerUpdate<Scalar>& update)
      : rules_(rules), update_(update) {}

  GradientSlice open(ContributionOrder order, Index block, Index first, Index count, Buffer<Scalar>& scratch) override {
    const bool accumulates = rules_.accumulates(order, block);
    if ((order == ContributionOrder::only && !accumulates) || !rules_.needs(block))
      return {scratch.ensure_size(count), false};
    return {rules_.stored(block) + first, accumulates};
  }
  void close(ContributionOrder order, Index block, Index first, Index count, Scalar* g) override {
    if (!rules_.completes(order) || !rules_.needs(block)) return;
    rules_.finish(block, first, count, g);
    update_(rules_.layout.block(block).offset + first, count, g);
  }
  bool needs(Index block) const override { return rules_.needs(block); }

 private:
  const GradientRules<Scalar>& rules_;
  const OptimizerUpdate<Scalar>& update_;
};

/// Updates all parameters that are not frozen from the stored gradient, which is first scaled down to the norm
/// `clip_norm` (0: it is not).
template <class Scalar>
[[gnu::noinline]] void update_all(const GradientRules<Scalar>& rules, const OptimizerUpdate<Scalar>& update,
                                  double clip_norm, int team) {
  constexpr Index tile = 65536;
  double factor = 1;
  if (clip_norm > 0) {
    double sum = 0;
    for (const auto& block : rules.layout.blocks())
      if (!block.frozen) sum += squared_norm(rules.gradients + block.offset, block.size());
    factor = global_norm_factor(std::sqrt(sum), clip_norm);
  }
  for (const auto& block : rules.layout.blocks()) {
    if (block.frozen) continue;
    parallel_tiles(block.size(), tile, block.size() > tile ? team : 1, [&](Index first, Index count, int) {
      Scalar* g = rules.gradients + block.offset + first;
      if (factor != 1)
        for (Index i = 0; i < count; ++i) g[i] *= static_cast<Scalar>(factor);
      update(block.offset + first, count, g);
    });
  }
}

}  // namespace eigencoder::detail
