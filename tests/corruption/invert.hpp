#pragma once

#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>

// A corruption that is a lambda.
inline constexpr auto invert = [](auto* sample, eigencoder::Shape shape, eigencoder::Random&) {
  for (eigencoder::Index i = 0; i < shape.size(); ++i) sample[i] = 1 - sample[i];
};
