#pragma once

#include <eigencoder/extend/types.hpp>
#include <optional>

namespace examples {

/// What an experiment does where the command line says nothing.
struct Recipe {
  eigencoder::Index epochs;
  eigencoder::Index batch_size;
  double learning_rate;
  std::optional<double> clip_norm = {};  ///< as `FitOptions::clip_norm`; for networks that the first steps lead astray
};

}  // namespace examples
