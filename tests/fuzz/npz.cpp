#include <eigencoder/datasets/npy.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  fuzz([&] {
    int read = 0;
    for (const std::string& array : eigencoder::parse_npz_names(file, input_name)) {
      fuzz([&] { eigencoder::parse_npz(file, input_name, array); });
      if (++read == 4) break;  // thousands of arrays would only take time
    }
  });
  return 0;
}
