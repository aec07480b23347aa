#pragma once

#include <cstdint>
#include <eigencoder/core/buffer.hpp>
#include <eigencoder/training/history.hpp>
#include <vector>

namespace eigencoder::detail {

/// All that training changes and a failed epoch must give back.
template <class Scalar>
struct Resumable {
  Buffer<Scalar> parameters;
  Buffer<Scalar> statistics;
  std::vector<Buffer<Scalar>> slots;  ///< the optimizer's memory, one array a slot
  const void* optimizer = nullptr;    ///< the type that filled the slots
  std::int64_t steps = 0;             ///< steps completed: keys the random streams, drives schedules
  std::int64_t optimizer_steps = 0;   ///< steps of this optimizer type
};

/// What the model learned, and what a further `fit` goes on from.
template <class Scalar>
struct TrainingState : Resumable<Scalar> {
  std::vector<EpochReport> epochs;  ///< reports of all completed epochs
};

}  // namespace eigencoder::detail
