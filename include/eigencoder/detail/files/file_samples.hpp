#pragma once

#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <new>
#include <string>

namespace eigencoder::detail {

/// A matrix for the samples of a file: `count` columns of `values` each.
/// @throws FileError where they do not fit into the memory, or are more values than `Index` counts
template <class Scalar>
MatrixX<Scalar> make_samples(std::uint64_t values, std::uint64_t count, const std::string& name) {
  constexpr std::uint64_t most = (std::numeric_limits<Index>::max)();
  const std::string what = std::to_string(count) + " samples of " + std::to_string(values) + " values";
  MatrixX<Scalar> samples;
  take_memory(name, what, [&] {
    if (values > most || (values > 0 && count > most / values)) throw std::bad_alloc();
    samples.resize(static_cast<Index>(values), static_cast<Index>(count));
  });
  return samples;
}

}  // namespace eigencoder::detail
