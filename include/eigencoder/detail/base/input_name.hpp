#pragma once

#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// "Image<40, 40, 3>", or with braces where sizes are values.
template <class... Sizes>
constexpr Text input_name(const char* name, bool by_value, Sizes... sizes) {
  Text text = Text::of(name, by_value ? "{" : "<");
  const char* comma = "";
  for (const Index size : {sizes...}) {
    text.append(comma);
    size == Dynamic ? text.append("Dynamic") : text.append(static_cast<long long>(size));
    comma = ", ";
  }
  return text.append(by_value ? "}" : ">");
}

}  // namespace eigencoder::detail
