#pragma once

#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/serialization/architecture.hpp>
#include <eigencoder/detail/serialization/write_state_dict.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/version.hpp>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// What a model file holds: the tensors of the model and of a scaling, the library's metadata, and the user's.
namespace eigencoder::detail {

inline constexpr std::string_view model_format = "2";  // in format 1, the checksum covered the data alone

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

/// @throws FileError if the library wrote the file, but in another format, for another architecture, or the metadata
///         are incomplete
inline void require_compatible(const SafetensorsFile& file, const ModelSchema& schema, const std::string& path) {
  if (!is_library_file(file.metadata)) return;
  const auto stored = [&](std::string_view key) {
    const std::string* text = find_metadata(file.metadata, key);
    if (!text) fail_file("load", path, "its metadata have no " + shown(key) + ", the file is damaged");
    return *text;
  };
  if (const std::string format = stored("eigencoder.format"); format != model_format)
    fail_file("load", path,
              "it is of format " + shown(format) + ", this library reads '" + std::string(model_format) + "'");
  stored("eigencoder.version");
  require_architecture(stored("eigencoder.architecture"), architecture_text(schema), path);
}

/// A safetensors file that `require_compatible` accepts. @throws FileError
inline SafetensorsFile read_model_file(const std::string& path, const ModelSchema& schema,
                                       const LoadOptions& options) {
  SafetensorsFile file = read_safetensors(path, options.max_header_bytes);
  require_compatible(file, schema, path);
  return file;
}

}  // namespace eigencoder::detail
