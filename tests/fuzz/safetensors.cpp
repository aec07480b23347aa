#include <cmath>
#include <cstdlib>
#include <eigencoder/detail/serialization/state_reader.hpp>

#include "fuzz.hpp"
#include "tiny_models.hpp"

using namespace eigencoder;

namespace {

/// Whether the values of a file are such as the model can have.
template <class Scalar>
bool are_sound(const detail::ModelState<Scalar>& values, const ParameterLayout& layout, bool allow_non_finite) {
  bool sound = true;
  for (const Scalar value : values.parameters.span()) sound = sound && (allow_non_finite || std::isfinite(value));
  for (const StatisticsBlock& block : layout.statistics_blocks())
    for (Index i = 0; i < block.size; ++i) {
      const double value = values.statistics.data()[block.offset + i];
      sound = sound && block.range(i).holds(value) && (allow_non_finite || std::isfinite(value));
    }
  return sound;
}

/// Takes a model's values out of the file, with all options one after another.
template <class Model>
void read_model(const detail::SafetensorsFile& file) {
  using Scalar = typename Model::Scalar;
  static const detail::ModelSchema form = detail::model_form(Model());
  const std::string name = input_name;
  for (unsigned choice = 0; choice < 16; ++choice)
    fuzz([&] {
      const LoadOptions options{.allow_non_finite = (choice & 1) != 0,
                                .convert = (choice & 2) != 0,
                                .prefix = (choice & 4) != 0 ? tiny_prefix : "",
                                .skip_unexpected = (choice & 8) != 0};
      detail::require_same(file, form, name);
      const detail::StateReader<Scalar> reader(file, name, form, options);
      const auto values = reader.read();
      const auto scaling = reader.read_scaling();
      if (!are_sound(values, form.layout, options.allow_non_finite)) std::abort();
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
