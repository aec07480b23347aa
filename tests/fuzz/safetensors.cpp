#include <cmath>
#include <cstdlib>
#include <eigencoder/detail/serialization/read_state_dict.hpp>

#include "fuzz.hpp"
#include "tiny_models.hpp"

using namespace eigencoder;

namespace {

/// Whether a model can have these values.
template <class Scalar>
bool are_valid(const detail::ModelState<Scalar>& values, const ParameterLayout& layout, bool allow_non_finite) {
  bool valid = true;
  for (const Scalar value : values.parameters.span()) valid = valid && (allow_non_finite || std::isfinite(value));
  for (const StatisticsBlock& block : layout.statistics_blocks())
    for (Index i = 0; i < block.size; ++i) {
      const double value = values.statistics.data()[block.offset + i];
      valid = valid && block.range(i).contains(value) && (allow_non_finite || std::isfinite(value));
    }
  return valid;
}

/// Reads a model from the file with every combination of options.
template <class Model>
void read_model(const detail::SafetensorsFile& file) {
  using Scalar = typename Model::Scalar;
  static const detail::ModelSchema schema = detail::model_schema(Model());
  const std::string name = input_name;
  for (unsigned bits = 0; bits < 16; ++bits)
    fuzz([&] {
      const LoadOptions options{.allow_non_finite = (bits & 1) != 0,
                                .convert = (bits & 2) != 0,
                                .prefix = (bits & 4) != 0 ? tiny_prefix : "",
                                .skip_unexpected = (bits & 8) != 0};
      detail::require_compatible(file, schema, name);
      const detail::StateDictReader<Scalar> reader(file, name, schema, options);
      const auto values = reader.read();
      const auto scaling = reader.read_scaling();
      if (!are_valid(values, schema.layout, options.allow_non_finite)) std::abort();
      if (!options.convert && !reader.converted().empty()) std::abort();
      if (!options.skip_unexpected && !reader.unexpected().empty()) std::abort();
      for (std::size_t i = 0; scaling && i < scaling->scale.size(); ++i)
        if (scaling->scale[i] == 0) std::abort();
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz([&] {
    const auto file = detail::parse_safetensors({data, data + size}, input_name);
    std::size_t bytes = 0;  // every byte of the data belongs to one tensor
    for (const auto& tensor : file.tensors) bytes += file.payload(tensor).size();
    if (bytes != file.bytes.size() - file.data) std::abort();
    read_model<TinySelection>(file);
    read_model<TinyCodebook>(file);
  });
  return 0;
}
