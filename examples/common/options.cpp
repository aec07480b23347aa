#include "options.hpp"

#include <filesystem>
#include <string_view>

namespace examples {

std::string Options::result(const std::string& name) const { return (std::filesystem::path(out) / name).string(); }

void require_batches_of_two(const Options& options) {
  if (options.batch_size == 1)
    throw UsageError("--batch-size: the model normalizes over a batch, which has to hold at least 2 samples");
}

std::string one_line(std::string message) {
  constexpr std::string_view library = "eigencoder: ";
  if (message.starts_with(library)) message.erase(0, library.size());
  for (char& c : message)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return message;
}

}  // namespace examples
