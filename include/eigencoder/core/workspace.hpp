#pragma once

#include <cstdint>
#include <eigencoder/core/buffer.hpp>
#include <eigencoder/core/gemm.hpp>
#include <eigencoder/core/parallel.hpp>
#include <eigencoder/core/types.hpp>
#include <functional>
#include <vector>

namespace eigencoder {

/// All memory a pass through a model needs besides the model itself: activations, caches, packed panels.
/// It grows to what the largest batch so far needed and is then reused without allocating. One thread
/// of yours at a time uses a workspace; a model can serve any number of them at once.
template <class Scalar>
class Workspace {
 public:
  /// `team` is how many threads one pass may use; 0 asks `eigencoder::threads()`.
  explicit Workspace(int team = 0)
      : team_(team > 0 ? team : threads()), scratch_(static_cast<std::size_t>(team_)) {}

  int team() const { return team_; }

  /// What one thread of the team works with.
  struct Scratch {
    detail::GemmScratch<Scalar> gemm;
    Buffer<Scalar> tile;
  };
  Scratch& scratch(int thread) { return scratch_[static_cast<std::size_t>(thread)]; }

  /// Gives every thread as much scratch as any has needed, so that the next pass allocates nothing whichever
  /// thread gets which task.
  void level() {
    for (const Scratch& from : scratch_)
      for (Scratch& to : scratch_) {
        to.gemm.a.require(from.gemm.a.size());
        to.gemm.b.require(from.gemm.b.size());
        to.gemm.factor.require(from.gemm.factor.size());
        to.tile.require(from.tile.size());
      }
  }

  /// The arena that a pass cuts into activations and caches.
  Scalar* arena(Index size) { return arena_.require(size); }
  /// Whether these values are a result of an earlier pass, which the next one would overwrite.
  bool holds(const Scalar* values) const {
    return !std::less<>()(values, arena_.data()) && std::less<>()(values, arena_.data() + arena_.size());
  }
  /// A batch on its way in: inputs, targets, and room to change them.
  Scalar* inputs(Index size) { return inputs_.require(size); }
  Scalar* targets(Index size) { return targets_.require(size); }
  Scalar* spare(Index size) { return spare_.require(size); }
  /// One loss a sample.
  double* losses(Index size) { return losses_.require(size); }

 private:
  int team_;
  std::vector<Scratch> scratch_;
  Buffer<Scalar> arena_, inputs_, targets_, spare_;
  Buffer<double> losses_;
};

/// What every layer is told about the pass it takes part in.
template <class Scalar>
struct Pass {
  Workspace<Scalar>& workspace;
  Index batch = 0;
  bool training = false;               ///< dropout drops, batch normalization looks at the batch
  std::uint64_t seed = 0;              ///< random draws are keyed by (seed, layer, step, sample)
  std::uint64_t step = 0;
  const std::uint32_t* samples = nullptr;  ///< for each column its index in the data set, when training

  /// The team for `work` scalar operations: below some tens of microseconds, waking threads costs more
  /// than it brings.
  int team(Index work) const { return work < Index{1} << 19 ? 1 : workspace.team(); }
};

}  // namespace eigencoder
