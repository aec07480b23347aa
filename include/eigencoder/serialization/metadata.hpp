#pragma once

#include <string>
#include <utility>
#include <vector>

namespace eigencoder {

/// Texts by key that a file carries, in its order.
using Metadata = std::vector<std::pair<std::string, std::string>>;

}  // namespace eigencoder
