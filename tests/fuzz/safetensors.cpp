#include <cstdlib>
#include <eigencoder/io/safetensors.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz([&] {
    const auto file = eigencoder::detail::parse_safetensors({data, data + size}, input_name);
    std::size_t bytes = 0;  // every byte of the data belongs to one tensor
    for (const auto& tensor : file.tensors) bytes += file.payload(tensor).size();
    if (bytes != file.bytes.size() - file.data) std::abort();
  });
  return 0;
}
