#pragma once

#include <eigencoder/extend/types.hpp>

namespace examples {

/// What an experiment does where the command line says nothing.
struct Recipe {
  eigencoder::Index epochs;
  eigencoder::Index batch_size;
  double learning_rate;
};

}  // namespace examples
