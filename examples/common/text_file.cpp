#include "text_file.hpp"

#include <cerrno>
#include <cstring>
#include <eigencoder/extend/errors.hpp>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace examples {

void write_text(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  std::error_code error;
  const auto fail = [&](const std::string& reason) {
    std::filesystem::remove(temporary, error);
    throw eigencoder::FileError("cannot write '" + path + "': " + reason);
  };
  errno = 0;
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (!file) fail(errno != 0 ? std::strerror(errno) : "the stream failed");
  std::filesystem::rename(temporary, path, error);
  if (error) fail(error.message());
}

}  // namespace examples
