#pragma once

#include <cstdint>
#include <cstdlib>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <string_view>

// libFuzzer calls this with one input after another.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

inline constexpr const char* input_name = "the input";

/// Runs a reader. It may throw a FileError that names the input; any other exception ends the program, as does a
/// sanitizer.
template <class Read>
void fuzz(const Read& read) {
  try {
    read();
  } catch (const eigencoder::FileError& error) {
    if (std::string_view(error.what()).find(input_name) == std::string_view::npos) std::abort();
  }
}
