#pragma once

#include <string>

namespace examples {

/// Replaces the contents of a file by a text. On an error the old contents stay. @throws eigencoder::FileError
void write_text(const std::string& path, const std::string& text);

}  // namespace examples
