#include <eigencoder/datasets/table_csv.hpp>
#include <eigencoder/detail/files/write_csv.hpp>
#include <eigencoder/serialization/table_encoder_text.hpp>

#include "fuzz.hpp"

namespace {

using namespace eigencoder;

/// A table that was written is read as it was.
void write_and_read(const Table& table, const TableCsvOptions& options) {
  const std::string text = detail::csv_text(table, options);
  const Table again =
      parse_table({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, "the copy", options);
  if (again != table) std::abort();
}

/// What was learned of a table encodes it, gives it back, and can be written.
void learn(const Table& table, const TableEncoderOptions& options) {
  try {
    const TableEncoder encoder(table, options);
    const Table back = encoder.inverse_transform(encoder.transform<double>(table));
    if (back.rows() != table.rows()) std::abort();
    if (table_encoder_from_text(to_text(encoder)) != encoder) std::abort();
  } catch (const DataError&) {  // nothing known, numbers without bounds, words that are not UTF-8
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  const TableCsvOptions escaped{.escaped_formulas = true};
  fuzz([&] {
    const Table table = parse_table(file, input_name, escaped);
    write_and_read(table, escaped);
    learn(table, {.scaling = NumberScaling::quantile, .max_words = 2, .hash_values = 3});
  });
  const TableCsvOptions european{
      .separator = ';', .decimal = ',', .comment = '#', .missing = {"-"}, .escaped_formulas = true};
  fuzz([&] {
    const Table table = parse_table(file, input_name, european);
    write_and_read(table, european);
    learn(table, {.scaling = NumberScaling::robust, .min_count = 2});
  });
  fuzz([&] { parse_table(file, input_name, {.header = false, .numbers = {"column 0"}}); });
  try {
    table_encoder_from_text({reinterpret_cast<const char*>(data), size});
  } catch (const DataError&) {
  }
  return 0;
}
