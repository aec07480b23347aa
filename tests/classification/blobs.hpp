#pragma once

#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>

#include <cmath>
#include <vector>

/// Points of three classes around centers of their own.
struct Blobs {
  eigencoder::MatrixX<float> samples;  ///< 5 x count
  std::vector<int> labels;
};

/// @param distance  of the centers, in units of about 12 standard deviations
inline Blobs blobs(eigencoder::Index count, std::uint64_t seed, double distance = 1) {
  eigencoder::Random random(seed, eigencoder::Purpose::user);
  Blobs drawn{eigencoder::MatrixX<float>(5, count), {}};
  for (eigencoder::Index j = 0; j < count; ++j) {
    const int label = static_cast<int>(3 * random.uniform());
    for (eigencoder::Index i = 0; i < 5; ++i)
      drawn.samples(i, j) = static_cast<float>(distance * std::sin(2.5 * label + static_cast<double>(i)) +
                                               0.1 * random.normal());
    drawn.labels.push_back(label);
  }
  return drawn;
}
