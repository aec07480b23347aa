#pragma once

#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// No corruption at all: what to compare with, and the template for writing your own.
struct NoCorruption {
  static constexpr std::string_view name = "NoCorruption";

  void validate() const {}

  template <class Scalar>
  void corrupt(Scalar*, Shape, Random&) const {}
};

}  // namespace eigencoder
