#pragma once

#include <cstdint>
#include <cstdlib>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <string_view>

// What libFuzzer calls, with one input after another.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

inline constexpr const char* input_name = "the input";

/// Reads a file in one way. It may refuse it, by a FileError that names it; whatever else it throws ends the program,
/// as does a sanitizer.
template <class Read>
void fuzz(const Read& read) {
  try {
    read();
  } catch (const eigencoder::FileError& error) {
    if (std::string_view(error.what()).find(input_name) == std::string_view::npos) std::abort();
  }
}
