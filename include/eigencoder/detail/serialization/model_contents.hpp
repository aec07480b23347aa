#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/model_schema.hpp>
#include <eigencoder/detail/serialization/state_dict.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/version.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// What a model file holds: the tensors of the model's state dict and of a scaling, the library's metadata, and the
/// user's.
namespace eigencoder::detail {

/// A tensor of the values `value(index)`, in the order of the axes.
template <class Scalar, class Value>
OwnedTensor tensor_of_values(std::string name, std::vector<std::uint64_t> shape, std::span<const Axis> axes,
                             const Value& value) {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= static_cast<std::size_t>(axis.size);
  OwnedTensor tensor{std::move(name), dtype_of<Scalar>, std::move(shape), {}};
  tensor.bytes.resize(count * sizeof(Scalar));
  std::uint8_t* to = tensor.bytes.data();
  for_each_index(axes, 0, [&](Index index) {
    const Scalar scalar = value(index);
    std::memcpy(to, &scalar, sizeof(Scalar));
    to += sizeof(Scalar);
  });
  return tensor;
}

/// The tensor of this name, which must exist.
inline const StateTensor& tensor_named(const std::vector<StateTensor>& tensors, std::string_view name) {
  std::size_t i = 0;
  while (tensors[i].name != name) ++i;
  return tensors[i];
}

/// All tensors of a model with their values. `num_batches_tracked` is the number of training steps since the parameters
/// were initialized or loaded.
template <class Scalar>
[[gnu::cold]] std::vector<OwnedTensor> write_state_dict(const ModelSchema& schema, const ModelState<Scalar>& state) {
  const std::vector<StateTensor> tensors = state_tensors(schema);
  std::vector<OwnedTensor> written;
  for (const StateTensor& tensor : tensors) {
    if (tensor.source == StateTensor::Source::step_count) {
      const std::int64_t steps = state.steps;
      OwnedTensor& owned = written.emplace_back(OwnedTensor{tensor.name, DType::I64, {}, {}});
      owned.bytes.resize(sizeof steps);
      std::memcpy(owned.bytes.data(), &steps, sizeof steps);
    } else if (tensor.source == StateTensor::Source::codebook) {
      const ModelCodebook<Scalar> codebook(schema.layout, state.statistics.data());
      written.push_back(tensor_of_values<Scalar>(tensor.name, tensor.shape, tensor.axes,
                                                 [&](Index index) { return codebook.value(index); }));
    } else {
      const bool is_parameter = tensor.source == StateTensor::Source::parameters;
      const Scalar* values = (is_parameter ? state.parameters.data() : state.statistics.data()) + tensor.offset;
      written.push_back(tensor_of_values<Scalar>(tensor.name, tensor.shape, tensor.axes,
                                                 [=](Index index) { return values[index]; }));
    }
  }
  return written;
}

/// The shape of a scaling's two tensors: channels x height x width, or the size of a vector.
inline std::vector<std::uint64_t> scaling_shape(Shape input) {
  const auto size = [](Index n) { return static_cast<std::uint64_t>(n); };
  if (input.is_flat()) return {size(input.size())};
  return {size(input.channels), size(input.height), size(input.width)};
}

/// Appends the two tensors of a scaling. @throws ShapeError if its size is not that of the model's input
template <class Scalar>
void write_scaling(const Scaling<Scalar>& scaling, Shape input, std::vector<OwnedTensor>& tensors) {
  for (const auto& [name, values] :
       {std::pair("scaling.offset", &scaling.offset), std::pair("scaling.scale", &scaling.scale)}) {
    if (static_cast<Index>(values->size()) != input.size())
      throw ShapeError(
          message({"SaveOptions.", name, " has ", values->size(), " values, the model's samples have ", input.size()}));
    tensors.push_back(tensor_of_values<Scalar>(
        name, scaling_shape(input), image_axes(input, 1),
        [&source = *values](Index index) { return source[static_cast<std::size_t>(index)]; }));
  }
}

inline constexpr std::string_view model_format = "2";  // in format 1, the checksum covered the data alone
inline constexpr std::string_view detector_format = "1", detector_key = "eigencoder.detector.format";

/// The tensors and metadata of a file to write.
struct FileContents {
  std::vector<OwnedTensor> tensors;
  Metadata metadata;
};

inline bool is_reserved_key(std::string_view key) {
  return key.starts_with(library_prefix) || key.starts_with("training.");
}

/// The metadata of a file without those of the library.
inline Metadata user_metadata(const SafetensorsFile& file) {
  Metadata metadata;
  for (const auto& entry : file.metadata)
    if (!is_reserved_key(entry.first)) metadata.push_back(entry);
  return metadata;
}

/// @throws OptionError for a key that is reserved or repeated
inline void require_user_keys(const Metadata& metadata) {
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const std::string& key = metadata[i].first;
    if (is_reserved_key(key))
      throw OptionError(message({"SaveOptions.metadata: the key ", shown(key),
                                 " is reserved: no key of yours may begin with 'eigencoder.' or 'training.'"}));
    if (find_metadata(metadata, key) != &metadata[i].second)
      throw OptionError(message({"SaveOptions.metadata: the key ", shown(key), " is given twice"}));
  }
}

/// The library's metadata about a model, then the user's. @throws OptionError for a reserved or repeated key of these
[[gnu::cold]] inline Metadata model_metadata(const ModelSchema& schema, const Metadata& user = {}) {
  require_user_keys(user);
  Metadata metadata{{"eigencoder.version", std::string(version)},
                    {"eigencoder.format", std::string(model_format)},
                    {"eigencoder.architecture", architecture_text(schema)}};
  metadata.insert(metadata.end(), user.begin(), user.end());
  return metadata;
}

/// @throws OptionError for a reserved or repeated key, ShapeError for a scaling of other samples
template <class Model>
FileContents model_contents(const Model& model, const SaveOptions<typename Model::Scalar>& options) {
  const ModelSchema schema = model_schema(model);
  Metadata metadata = model_metadata(schema, options.metadata);
  FileContents contents{write_state_dict(schema, ModelAccess::state(model)), std::move(metadata)};
  if (options.scaling) write_scaling(*options.scaling, model.input_shape(), contents.tensors);
  return contents;
}

/// Where the metadata have the architecture of a model whose tensors have this prefix: a detector's file holds several.
inline std::string architecture_key(const std::string& prefix) {
  return std::string(library_prefix) + prefix + "architecture";
}

/// Whether a file holds a detector.
inline bool is_detector_file(const Metadata& metadata) { return find_metadata(metadata, detector_key) != nullptr; }

/// The architecture of the model with this prefix in a file of the library; empty for a file of another program.
/// @throws FileError if the library wrote the file, but in another format, or the metadata are incomplete
inline std::string stored_architecture(const SafetensorsFile& file, const std::string& path,
                                       const std::string& prefix = {}) {
  if (!is_library_file(file.metadata)) return "";
  const bool is_detector = is_detector_file(file.metadata);
  const std::string architecture = architecture_key(is_detector ? prefix : "");
  if (is_detector && !find_metadata(file.metadata, architecture))
    fail_file("load", path, "it holds a detector, whose models have the prefixes 'model.0.' and so on, see "
                            "LoadOptions::prefix");
  const auto stored = [&](std::string_view key) {
    const std::string* text = find_metadata(file.metadata, key);
    if (!text) fail_file("load", path, "its metadata have no " + shown(key) + ", the file is damaged");
    return *text;
  };
  if (const std::string format = stored("eigencoder.format"); format != model_format)
    fail_file("load", path,
              "it is of format " + shown(format) + ", this library reads '" + std::string(model_format) + "'");
  stored("eigencoder.version");
  return stored(architecture);
}

/// @throws FileError if the library wrote the file, but in another format, for another architecture, or the metadata
///         are incomplete
inline void require_compatible(const SafetensorsFile& file, const ModelSchema& schema, const std::string& path,
                               const std::string& prefix = {}) {
  if (!is_library_file(file.metadata)) return;
  require_architecture(stored_architecture(file, path, prefix), architecture_text(schema), path);
}

/// A safetensors file that `require_compatible` accepts. @throws FileError
inline SafetensorsFile read_model_file(const std::string& path, const ModelSchema& schema,
                                       const LoadOptions& options) {
  SafetensorsFile file = read_safetensors(path, options.max_header_bytes);
  require_compatible(file, schema, path, options.prefix);
  return file;
}

}  // namespace eigencoder::detail
