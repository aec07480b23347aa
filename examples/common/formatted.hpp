#pragma once

#include <cstdio>
#include <string>

namespace examples {

/// What `printf` would print, up to 511 characters.
template <class... Values>
std::string formatted(const char* format, const Values&... values) {
  char text[512];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace examples
