#pragma once

#include <string_view>

namespace eigencoder {

/// The library's version; the package has it from here.
inline constexpr std::string_view version = "0.1.0";

}  // namespace eigencoder
