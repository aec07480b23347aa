#include "options.hpp"

#include <filesystem>

namespace examples {

std::string Options::result(const std::string& name) const { return (std::filesystem::path(out) / name).string(); }

}  // namespace examples
