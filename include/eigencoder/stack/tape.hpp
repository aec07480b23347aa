#pragma once

#include <array>
#include <eigencoder/core/parameters.hpp>

namespace eigencoder {

namespace detail {

/// The model's arrays as a pass sees them. `updated` is null where running statistics must not move.
template <class Scalar>
struct Learned {
  const ParameterLayout& layout;
  const Scalar* parameters;
  const Scalar* statistics;
  Scalar* updated = nullptr;

  const Scalar* block(Index i) const { return i < 0 ? nullptr : parameters + layout.block(i).offset; }
};

/// Where each layer's output and cache lie during a pass.
template <class Scalar, std::size_t N>
struct Tape {
  const Scalar* input = nullptr;
  std::array<Scalar*, N> output{};
  std::array<Scalar*, N> cache{};
  std::array<Scalar*, N> held{};   ///< of a layer that reads another one: the gradient of what it read
  std::array<Scalar*, 2> delta{};  ///< the gradient on its way down, and the next one

  const Scalar* into(std::size_t i, std::size_t first) const { return i == first || i == 0 ? input : output[i - 1]; }
};

}  // namespace detail

}  // namespace eigencoder
