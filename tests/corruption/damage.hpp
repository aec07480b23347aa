#pragma once

#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

// Corrupted samples as flat vectors.
namespace damage {

/// Values uniform in [0, 1), that are representable as float.
template <class Scalar = double>
std::vector<Scalar> image(eigencoder::Shape shape, std::uint32_t index = 0) {
  eigencoder::Random random(5, eigencoder::Purpose::user, 0, 0, index);
  std::vector<Scalar> values(static_cast<std::size_t>(shape.size()));
  for (Scalar& value : values) value = static_cast<Scalar>(random.uniform_float());
  return values;
}

/// A sample after its corruption, with the draws of sample `index`.
template <class C, class Scalar>
std::vector<Scalar> damaged(const C& corruption, std::vector<Scalar> sample, eigencoder::Shape shape,
                            std::uint32_t index = 0) {
  eigencoder::Random random(7, eigencoder::Purpose::corruption, 0, 0, index);
  eigencoder::corrupt_with(corruption, sample.data(), shape, random);
  return sample;
}

/// The largest difference of two samples' values.
inline double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = (std::max)(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace damage
