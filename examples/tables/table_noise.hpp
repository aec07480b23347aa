#pragma once

#include <algorithm>
#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>
#include <vector>

namespace examples {

/// Noise for rows of numbers and words: numbers get `OutlierNoise`, and a word becomes another one, any of its column,
/// as often as a number becomes an outlier. The values of words are 0 and 1, as a `TableEncoder` gives them.
struct TableNoise {
  eigencoder::OutlierNoise numbers = {};
  /// The values of each column: 1 for a number, more for the words of a category; beyond them all are numbers.
  std::vector<eigencoder::Index> columns = {};

  static constexpr std::string_view name = "TableNoise";
  void validate() const { numbers.validate(); }

  template <class Scalar>
  void corrupt(Scalar* sample, eigencoder::Shape shape, eigencoder::Random& random) const {
    using eigencoder::Index, eigencoder::Shape;
    Index first = 0;
    for (const Index size : columns) {
      if (size == 1) {
        numbers.corrupt(sample + first, Shape::flat(1), random);
      } else if (random.bernoulli(numbers.rate)) {
        std::fill_n(sample + first, size, Scalar{0});
        sample[first + static_cast<Index>(random.below(static_cast<std::uint32_t>(size)))] = 1;
      }
      first += size;
    }
    if (first < shape.size()) numbers.corrupt(sample + first, Shape::flat(shape.size() - first), random);
  }
};

}  // namespace examples
