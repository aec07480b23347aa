#include <eigencoder/datasets/csv.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  fuzz([&] { eigencoder::parse_csv(file, input_name); });
  fuzz([&] {
    eigencoder::parse_csv<double>(file, input_name,
                                  {.header = false, .label = 0, .missing = {"", "NA"}, .missing_value = 0.5});
  });
  fuzz([&] { eigencoder::parse_csv(file, input_name, {.separator = ';', .columns = {"b", "a"}, .label = "label"}); });
  fuzz([&] {
    eigencoder::parse_csv(file, input_name, {.separator = ';', .decimal = ',', .comment = '#', .missing = {"?"}});
  });
  return 0;
}
