#pragma once

#include <array>
#include <cstdint>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <span>
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
    KernelScratch<Scalar> gemm;
    Buffer<Scalar> tile;
  };
  Scratch& scratch(int thread) { return scratch_[static_cast<std::size_t>(thread)]; }

  /// Gives every thread as much scratch as any has needed, so that the next pass allocates nothing whichever
  /// thread gets which task.
  void level() {
    for (const Scratch& from : scratch_)
      for (Scratch& to : scratch_) {
        to.gemm.panels.ensure_size(from.gemm.panels.size());
        to.gemm.images.ensure_size(from.gemm.images.size());
        to.gemm.begins.ensure_size(from.gemm.begins.size());
        to.tile.ensure_size(from.tile.size());
      }
  }

  /// What a part of a step works in: the pass through the layers, one at noisy inputs beside it, a sweep on top.
  enum Arena : std::size_t { pass, noisy_pass, sweep };
  /// The memory that a pass cuts into activations and caches: all there is, and at least `size` values.
  std::span<Scalar> room(Index size, Arena which) {
    if (scratch_.empty()) scratch_.resize(static_cast<std::size_t>(team_));  // it was moved from: it begins anew
    arenas_[which].ensure_size(size);
    return arenas_[which].span();
  }
  Scalar* arena(Index size, Arena which) { return room(size, which).data(); }
  /// Whether these values are a result of an earlier pass, which the next one would overwrite.
  bool holds(const Scalar* values) const {
    const auto& arena = arenas_[pass];
    return !std::less<>()(values, arena.data()) && std::less<>()(values, arena.data() + arena.size());
  }
  /// A batch on its way in: inputs, targets, and room to change them.
  Scalar* inputs(Index size) { return inputs_.ensure_size(size); }
  Scalar* targets(Index size) { return targets_.ensure_size(size); }
  Scalar* spare(Index size) { return spare_.ensure_size(size); }
  /// One loss a sample.
  double* losses(Index size) { return losses_.ensure_size(size); }
  /// What tasks leave to be added up.
  double* sums(Index size) { return sums_.ensure_size(size); }
  Scalar* partial(Index size) { return partial_.ensure_size(size); }

 private:
  int team_;
  std::vector<Scratch> scratch_;
  std::array<Buffer<Scalar>, 3> arenas_;
  Buffer<Scalar> inputs_, targets_, spare_, partial_;
  Buffer<double> losses_, sums_;
};

/// What every layer is told about the pass it takes part in.
template <class Scalar>
struct Pass {
  Workspace<Scalar>& workspace;
  Index batch = 0;
  bool training = false;               ///< dropout drops, batch normalization looks at the batch
  std::uint64_t seed = 0;              ///< random draws are keyed by (seed, layer, step, sample)
  std::uint64_t step = 0;
  const std::uint32_t* samples = nullptr;  ///< for each sample of the batch its index in the data set, when training
  Index draws = 1;  ///< columns a sample, side by side: behind the code of a model that draws several codes
  bool single_threaded = false;  ///< on the calling thread, whatever the work

  /// The random numbers of a column for one purpose at one place of the model.
  Random random(Purpose purpose, Index position, Index column) const {
    return Random(seed, purpose, static_cast<std::uint32_t>(position), step, samples[column / draws],
                  static_cast<std::uint32_t>(column % draws));
  }

  /// The team for `work` scalar operations: below some tens of microseconds, waking threads costs more
  /// than it brings.
  static constexpr Index min_parallel_work = Index{1} << 19;
  int team(Index work) const { return single_threaded || work < min_parallel_work ? 1 : workspace.team(); }
};

}  // namespace eigencoder
