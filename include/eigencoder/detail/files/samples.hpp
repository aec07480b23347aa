#pragma once

#include <cmath>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <new>
#include <optional>
#include <string>

/// @file
/// Samples and labels as readers of data files make them.
namespace eigencoder::detail {

/// A matrix for the samples of a file: `count` columns of `values` rows.
/// @throws FileError where it does not fit into the memory, or has more entries than `Index` counts
template <class Scalar>
MatrixX<Scalar> allocate_samples(std::uint64_t values, std::uint64_t count, const std::string& name) {
  constexpr std::uint64_t limit = (std::numeric_limits<Index>::max)();
  const std::string what = std::to_string(count) + " samples of " + std::to_string(values) + " values";
  MatrixX<Scalar> samples;
  allocate_for_file(name, what, [&] {
    if (values > limit || (values > 0 && count > limit / values)) throw std::bad_alloc();
    samples.resize(static_cast<Index>(values), static_cast<Index>(count));
  });
  return samples;
}

/// This number as a label; empty unless it is a whole number of 32 bits.
inline std::optional<int> to_label(double value) {
  constexpr auto lowest = (std::numeric_limits<int>::min)(), highest = (std::numeric_limits<int>::max)();
  if (!(value >= lowest && value <= highest) || value != std::floor(value)) return std::nullopt;
  return static_cast<int>(value);
}

}  // namespace eigencoder::detail
