#pragma once

#include <string_view>

namespace eigencoder::detail {

/// A function (or type) of a written header, as text: there once, if a layer of the model calls it. C++17 that needs
/// <array>, <cmath> and <cstddef>.
struct KernelText {
  std::string_view name;
  std::string_view needs;  ///< names of others that it uses, which stand before it, each between blanks
  std::string_view text;
};

}  // namespace eigencoder::detail
