#pragma once

// For tests of whole models.
#include <cstddef>
#include <eigencoder/eigencoder.hpp>
#include <utility>
#include <vector>

#include "laws/samples.hpp"

namespace eigencoder {

// A model with everything that training updates or draws: normalization, dropout, random flips and shifts.
using Busy = Autoencoder<Encoder<Image<4, 5, 2>, Dense<12>, BatchNorm, LeakyRelu, Dropout, Dense<3>>,
                         Decoder<Mirror>, SquaredError, Augmented<HorizontalFlip, Shift>, WeightDecay<>>;

/// Samples with values in (0, 1).
inline MatrixX<float> unit_samples(Index rows, Index cols, std::uint64_t seed = 1) {
  return laws::samples<float>(rows, cols, false, seed);
}

/// The bits of a model's parameters and running statistics.
template <class Model>
std::vector<std::byte> bits(const Model& model) {
  const auto parameters = std::as_bytes(model.parameters()), statistics = std::as_bytes(model.statistics());
  std::vector<std::byte> all(parameters.begin(), parameters.end());
  all.insert(all.end(), statistics.begin(), statistics.end());
  return all;
}

/// Whether two epochs are equal bit for bit, except in times; a validation loss may be missing in both.
inline bool same(const EpochReport& a, const EpochReport& b) {
  const bool validation = a.has_validation() ? a.validation_loss == b.validation_loss : !b.has_validation();
  return a.epoch == b.epoch && a.train_loss == b.train_loss && validation &&
         a.learning_rate == b.learning_rate;
}

}  // namespace eigencoder
