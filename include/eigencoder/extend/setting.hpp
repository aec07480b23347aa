#pragma once

#include <string_view>

namespace eigencoder {

/// A hyperparameter, not a size, that inference depends on. A layer with one returns it from `setting()`: model files
/// store it, and loading compares it.
struct Setting {
  std::string_view name;  ///< the member's name
  double value;           ///< its value
};

}  // namespace eigencoder
