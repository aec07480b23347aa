#include <eigencoder/datasets/npy.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  fuzz([&] { eigencoder::parse_npy(file, input_name); });
  fuzz([&] {
    eigencoder::parse_npy<double>(file, input_name, {.samples_last = true, .channels_first = true, .allow_nan = true});
  });
  fuzz([&] { eigencoder::parse_npy_labels(file, input_name); });
  return 0;
}
