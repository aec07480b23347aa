#pragma once

#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// The model's arrays as a pass sees them. `updated` is null where running statistics must not move.
template <class Scalar>
struct ParameterView {
  const ParameterLayout& layout;
  const Scalar* parameters;
  const Scalar* statistics;
  Scalar* updated = nullptr;

  const Scalar* block(Index i) const { return i < 0 ? nullptr : parameters + layout.block(i).offset; }
};

}  // namespace eigencoder
