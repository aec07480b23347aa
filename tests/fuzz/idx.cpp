#include <eigencoder/datasets/idx.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  fuzz([&] { eigencoder::parse_idx_images(file, input_name); });
  fuzz([&] { eigencoder::parse_idx_images<double>(file, input_name); });
  fuzz([&] { eigencoder::parse_idx_labels(file, input_name); });
  return 0;
}
