#pragma once

#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder {

/// What every layer of a model knows of the batch that passes through it.
template <class Scalar>
struct Pass {
  Workspace<Scalar>& workspace;            ///< the memory of this pass
  Index batch = 0;                         ///< columns of every matrix: the samples, after the code times `draws`
  bool training = false;                   ///< dropout drops values, batch normalization normalizes by the batch
  std::uint64_t seed = 0;                  ///< the seed of the model's training
  std::uint64_t step = 0;                  ///< the number of the training step
  const std::uint32_t* indices = nullptr;  ///< in training the index of each sample of the batch in the data set
  Index draws = 1;                         ///< adjacent columns of a sample; above 1 after a code drawn several times
  bool single_threaded = false;            ///< run on the calling thread, whatever the work

  /// The random numbers of a column, for one purpose at one position of the model; in training.
  Random random(Purpose purpose, Index position, Index column) const {
    return Random(seed, purpose, static_cast<std::uint32_t>(position), step, indices[column / draws],
                  static_cast<std::uint32_t>(column % draws));
  }

  /// Scalar operations below which one thread is faster: some tens of microseconds, as long as it takes to wake others.
  static constexpr Index min_parallel_work = Index{1} << 19;
  /// The number of threads for `work` scalar operations.
  int team(Index work) const { return single_threaded || work < min_parallel_work ? 1 : workspace.team(); }
};

}  // namespace eigencoder
