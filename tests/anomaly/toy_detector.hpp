#pragma once

// Detectors and data that several files of the room share.
#include <cmath>
#include <cstdint>
#include <eigencoder/anomaly.hpp>
#include <eigencoder/eigencoder.hpp>
#include <vector>

namespace eigencoder {

using ToyModel = Autoencoder<Encoder<Input<Dynamic>, Dense<Dynamic>, Silu, Dense<Dynamic>>, Decoder<Mirror>,
                             SquaredError, Denoising<GaussianNoise>>;

inline ToyModel toy_model(Index values, Index code = 2) {
  return ToyModel{Encoder{Input{values}, Dense{16}, Silu{}, Dense{code}}, Denoising{GaussianNoise{.stddev = 0.2}}};
}

/// The scores that read reconstructions, together.
using ToyDetector = AnomalyDetector<ToyModel, SquaredErrorScore, MahalanobisScore, NearestReconstructionScore>;

/// Samples near a curve: each value follows from the first two, up to a little noise, in units of its own.
inline MatrixX<float> curve_samples(Index values, Index count, std::uint64_t seed) {
  MatrixX<float> samples(values, count);
  for (Index j = 0; j < count; ++j) {
    Random random(seed, Purpose::user, 0, 0, static_cast<std::uint32_t>(j));
    const double a = random.normal(), b = random.normal();
    for (Index i = 0; i < values; ++i) {
      const auto k = static_cast<double>(i);
      const double value = i == 0 ? a : i == 1 ? b : a * std::cos(k) + b * std::sin(k) + 0.1 * random.normal();
      samples(i, j) = static_cast<float>((value + k) * std::pow(3.0, k - 2));
    }
  }
  return samples;
}

}  // namespace eigencoder
