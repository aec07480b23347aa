#pragma once

/// @file
/// A few numbers for the parameters of small models after 20 steps. Refactoring must not change them.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace golden {

/// An array by its length, its products with two fixed vectors, and its norm.
struct Projections {
  std::ptrdiff_t count = 0;
  double cosines = 0, double_cosines = 0, norm = 0;

  template <class Scalar>
  void append(std::span<const Scalar> values) {
    double squares = norm * norm;
    for (const Scalar scalar : values) {
      const auto value = static_cast<double>(scalar), place = static_cast<double>(count++);
      cosines += std::cos(place) * value;
      double_cosines += std::cos(2 * place + 1) * value;
      squares += value * value;
    }
    norm = std::sqrt(squares);
  }
};

struct LearnedValues {
  std::string name;
  double loss = 0;                               ///< of training, in the last epoch
  Projections parameters = {}, statistics = {};  ///< padding left out
  std::uint64_t checksum = 0;                    ///< of all bytes, padding included
};

/// Of all models, in a fixed order.
template <class Scalar>
std::vector<LearnedValues> train_all();

extern template std::vector<LearnedValues> train_all<float>();
extern template std::vector<LearnedValues> train_all<double>();

}  // namespace golden
