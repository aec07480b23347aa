#pragma once

#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/training/any_optimizer.hpp>
#include <eigencoder/detail/training/clipping.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <vector>

namespace eigencoder::detail {

/// What becomes of a gradient between the layer and the optimizer: the penalties' share is added, then
/// values are clipped. `gradients` is as long as the parameters; the fused sink uses it for shared blocks alone.
template <class Scalar>
struct GradientRules {
  const ParameterLayout& layout;
  const Scalar* parameters;
  Scalar* gradients;
  std::vector<double> decay;  ///< lambda of each block
  std::vector<bool> early;    ///< whether early contributions come to a block: its gradient begins at zero, stored
  double clip_value = 0;      ///< 0: no clipping

  [[gnu::cold]] void begin() const {
    for (std::size_t i = 0; i < early.size(); ++i)
      if (early[i]) std::fill_n(stored(static_cast<Index>(i)), layout.block(static_cast<Index>(i)).size(), Scalar(0));
  }
  Scalar* stored(Index block) const { return gradients + layout.block(block).offset; }
  /// Whether what is stored is to be added to at this turn.
  bool adds(ContributionOrder turn, Index block) const {
    return turn == ContributionOrder::early || turn == ContributionOrder::last || early[static_cast<std::size_t>(block)];
  }
  /// Whether a gradient is complete after this turn.
  static bool completes(ContributionOrder turn) { return turn == ContributionOrder::only || turn == ContributionOrder::last; }

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
class StoringSink final : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;
  explicit StoringSink(const GradientRules<Scalar>& rules) : rules_(rules) { rules.begin(); }

  GradientSlice open(ContributionOrder turn, Index block, Index first, Index, Buffer<Scalar>&) override {
    return {rules_.stored(block) + first, rules_.adds(turn, block)};
  }
  void close(ContributionOrder turn, Index block, Index first, Index count, Scalar* g) override {
    if (rules_.completes(turn)) rules_.finish(block, first, count, g);
  }

 private:
  const GradientRules<Scalar>& rules_;
};

/// One step of an optimizer on some of the parameters.
template <class Scalar>
struct Update {
  const AnyOptimizer<Scalar>& optimizer;
  OptimizerStep step;
  Scalar* parameters;
  std::vector<Buffer<Scalar>>& arrays;

  static constexpr std::size_t max_arrays = 8;

  void operator()(Index first, Index count, const Scalar* g) const {
    Scalar* state[max_arrays] = {};
    for (std::size_t k = 0; k < arrays.size(); ++k) state[k] = arrays[k].data() + first;
    optimizer.update(step, parameters + first, g, state, count);
  }
};

/// Updates each stretch of parameters as soon as its gradient is complete; only a gradient with several
/// contributions is ever stored.
template <class Scalar>
class UpdatingSink final : public GradientSink<Scalar> {
 public:
  using GradientSlice = typename GradientSink<Scalar>::GradientSlice;
  UpdatingSink(const GradientRules<Scalar>& rules, const Update<Scalar>& update) : rules_(rules), update_(update) {
    rules.begin();
  }

  GradientSlice open(ContributionOrder turn, Index block, Index first, Index count, Buffer<Scalar>& scratch) override {
    const bool adds = rules_.adds(turn, block);
    if (turn == ContributionOrder::only && !adds) return {scratch.ensure_size(count), false};
    return {rules_.stored(block) + first, adds};
  }
  void close(ContributionOrder turn, Index block, Index first, Index count, Scalar* g) override {
    if (!rules_.completes(turn)) return;
    rules_.finish(block, first, count, g);
    update_(rules_.layout.block(block).offset + first, count, g);
  }

 private:
  const GradientRules<Scalar>& rules_;
  const Update<Scalar>& update_;
};

/// Updates everything from the stored gradient, first scaled down to the norm `clip_norm` (0: as it is).
template <class Scalar>
[[gnu::noinline]] void update_all(const GradientRules<Scalar>& rules, const Update<Scalar>& update, double clip_norm,
                                  int team) {
  constexpr Index tile = 65536;
  double factor = 1;
  if (clip_norm > 0) {
    double sum = 0;
    for (const auto& block : rules.layout.blocks()) sum += squared_norm(rules.gradients + block.offset, block.size());
    factor = global_norm_factor(std::sqrt(sum), clip_norm);
  }
  for (const auto& block : rules.layout.blocks())
    parallel_tiles(block.size(), tile, block.size() > tile ? team : 1, [&](Index first, Index count, int) {
      Scalar* g = rules.gradients + block.offset + first;
      if (factor != 1)
        for (Index i = 0; i < count; ++i) g[i] *= static_cast<Scalar>(factor);
      update(block.offset + first, count, g);
    });
}

}  // namespace eigencoder::detail
