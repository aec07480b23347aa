#pragma once

#include <string_view>

namespace eigencoder {

/// A hyperparameter besides the sizes that inference depends on: a layer tells it, so that a file can.
struct Setting {
  std::string_view name;
  double value;
};

}  // namespace eigencoder
