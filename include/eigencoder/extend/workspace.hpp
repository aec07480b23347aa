#pragma once

#include <algorithm>
#include <array>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <span>
#include <vector>

namespace eigencoder {

/// The memory of one thread's matrix products and convolutions. It grows to what they need and is then reused.
template <class Scalar>
struct KernelScratch {
  Buffer<Scalar> panels;  ///< a block of a factor, packed for the kernel
  Buffer<Scalar> images;  ///< images, padded
  Buffer<Index> begins;   ///< offsets of the rows of patches in these images
};

/// All memory that a pass through a model needs besides the model itself: activations, caches, packed panels. It grows
/// to what the largest batch so far needed and is then reused without allocating. One thread of yours at a time uses a
/// workspace; a model can serve any number of workspaces at once.
template <class Scalar>
class Workspace {
 public:
  /// @param team  how many threads one pass may use; 0 for as many as `eigencoder::threads()` says when it begins
  explicit Workspace(int team = 0) : chosen_team_((std::min)(team, max_threads)) {
    if (team > 0) update_team();
  }

  /// How many threads the current pass may use, or the last one did.
  int team() const { return team_; }

  /// The memory of one thread of the team.
  struct Scratch {
    KernelScratch<Scalar> gemm;  ///< for matrix products and convolutions
    Buffer<Scalar> tile;         ///< for a slice of a gradient
  };
  /// The memory of a thread, counted from 0.
  Scratch& scratch(int thread) { return scratch_[static_cast<std::size_t>(thread)]; }

  /// Gives every thread as much scratch memory as any has, so that the next pass allocates nothing whichever thread
  /// gets which task.
  void equalize_scratch() {
    for (const Scratch& from : scratch_)
      for (Scratch& to : scratch_) {
        to.gemm.panels.ensure_size(from.gemm.panels.size());
        to.gemm.images.ensure_size(from.gemm.images.size());
        to.gemm.begins.ensure_size(from.gemm.begins.size());
        to.tile.ensure_size(from.tile.size());
      }
  }

  /// What an arena serves: `pass` the layers' activations and caches, `noisy_pass` those of a second pass at noisy
  /// inputs, `penalty` the temporaries of a penalty that computes through layers.
  enum Arena : std::size_t { pass, noisy_pass, penalty };
  /// One block of memory, for its user to divide: all that it has, and at least `size` values.
  /// @throws OptionError as `eigencoder::threads()` does, unless this workspace has a team of its own
  std::span<Scalar> arena(Index size, Arena which) {
    update_team();
    arenas_[which].ensure_size(size);
    return arenas_[which].span();
  }
  /// Whether `values` lie in the arena `pass`, as a result of an earlier pass does, which the next pass overwrites.
  bool owns(const Scalar* values) const {
    const auto& arena = arenas_[pass];
    return !std::less<>()(values, arena.data()) && std::less<>()(values, arena.data() + arena.size());
  }

  /// At least `size` values each, lost at the next call with the same name: a batch's inputs and targets, and temporary
  /// values.
  ///@{
  Scalar* inputs(Index size) { return inputs_.ensure_size(size); }
  Scalar* targets(Index size) { return targets_.ensure_size(size); }
  Scalar* temporary(Index size) { return temporary_.ensure_size(size); }
  ///@}
  /// Memory for the losses of a batch's columns, at least `size`.
  double* losses(Index size) { return losses_.ensure_size(size); }
  /// Partial sums, one group per task; at least `size` values.
  double* partial_sums(Index size) { return partial_sums_.ensure_size(size); }
  /// Partial weight gradients, one group per task; at least `size` values.
  Scalar* partial_gradients(Index size) { return partial_gradients_.ensure_size(size); }

 private:
  void update_team() {
    team_ = chosen_team_ > 0 ? chosen_team_ : threads();
    const auto team = static_cast<std::size_t>(team_);
    if (scratch_.size() < team) scratch_.resize(team);  // also when this workspace was moved from
  }

  int chosen_team_, team_ = 1;
  std::vector<Scratch> scratch_ = std::vector<Scratch>(1);
  std::array<Buffer<Scalar>, 3> arenas_;
  Buffer<Scalar> inputs_, targets_, temporary_, partial_gradients_;
  Buffer<double> losses_, partial_sums_;
};

}  // namespace eigencoder
