#pragma once

#include <algorithm>
#include <cstring>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/serialization/read_state_dict.hpp>
#include <eigencoder/detail/serialization/state_dict.hpp>
#include <eigencoder/detail/serialization/stored_layers.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Which layers of a model a file's tensors fit, by name and shape.
namespace eigencoder::detail {

/// "encoder.0" of "encoder.0.weight".
inline std::string layer_of_tensor(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return std::string(name.substr(0, dot == name.npos ? 0 : dot));
}

using RenamePairs = std::vector<std::pair<std::string, std::string>>;

/// A tensor's or layer's name after renaming.
inline std::string renamed(std::string name, const RenamePairs& pairs) {
  for (const auto& [from, to] : pairs)
    if (name.starts_with(from) && (name.size() == from.size() || name[from.size()] == '.'))
      return to + name.substr(from.size());
  return name;
}

/// Renames the tensors of a file, each by the first pair (from, to) whose `from` is its name or the beginning of it up
/// to a dot. @throws FileError where two tensors get one name
[[gnu::cold]] inline void rename_tensors(SafetensorsFile& file, const std::string& path, const std::string& prefix,
                                         const RenamePairs& pairs) {
  for (TensorInfo& info : file.tensors)
    if (info.name.starts_with(prefix)) info.name = prefix + renamed(info.name.substr(prefix.size()), pairs);
  for (std::size_t i = 0; i < file.tensors.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (file.tensors[i].name == file.tensors[j].name)
        fail_file("load", path, "two of its tensors are called " + shown(file.tensors[i].name) + " after renaming");
}

/// The layers of a model that a file fits, and why it does not fit the others.
struct FittingLayers {
  std::vector<StateTensor> tensors;  ///< of the layers that fit, as far as the file has them
  std::vector<std::string> taken;    ///< the layers that fit, "encoder.0"
  std::vector<std::pair<std::string, std::string>> refused = {};  ///< the others with parameters, and the reason
};

/// Why a layer's tensor cannot be read; empty if it can.
template <class Scalar>
std::string misfit(const StateTensor& tensor, const TensorInfo* info, const LoadOptions& options) {
  if (!info) return tensor.required ? "the file has no tensor " + shown(options.prefix + tensor.name) : "";
  if (tensor.source == StateTensor::Source::step_count) return "";
  if (info->shape != tensor.shape)
    return "its tensor " + shown(info->name) + " is " + shape_text(info->shape) + ", the model has " +
           shape_text(tensor.shape);
  if (info->type != dtype_of<Scalar> && !(options.convert && is_floating(info->type)))
    return "its tensor " + shown(info->name) + " is " + std::string(dtype_name(info->type)) + ", the model has " +
           std::string(dtype_name(dtype_of<Scalar>));
  return "";
}

/// Why a tied weight cannot be that of the encoder's layer in the file; empty if it can.
template <class Scalar>
std::string tied_misfit(const SafetensorsFile& file, const std::vector<StateTensor>& all, const StateTensor& tensor,
                        const std::string& prefix) {
  const TensorInfo *info = file.find(prefix + tensor.name), *source = file.find(prefix + tensor.tied_to);
  const std::string shared = "its weight is that of " + layer_of_tensor(tensor.tied_to) + ", which is taken; ";
  if (!info) return shared + "the file has no tensor " + shown(prefix + tensor.name);
  std::vector<Scalar> values[2];
  const auto read = [&](const StateTensor& from, const TensorInfo& stored, std::vector<Scalar>& to) {
    std::size_t count = 1, i = 0;
    for (const Axis& axis : from.axes) count *= static_cast<std::size_t>(axis.size);
    to.resize(count);
    const std::uint8_t* bytes = file.payload(stored).data();
    for_each_index(from.axes, 0, [&](Index index) {
      to[static_cast<std::size_t>(index)] = value_at<Scalar>(stored.type, bytes, i++);
    });
  };
  read(tensor, *info, values[0]);
  read(tensor_named(all, tensor.tied_to), *source, values[1]);
  const bool same = std::memcmp(values[0].data(), values[1].data(), values[0].size() * sizeof(Scalar)) == 0;
  return same ? "" : shared + "the file's " + shown(info->name) + " differs from it";
}

/// A tensor of the file below a layer's name that the model's layer lacks; null if there is none. PyTorch counts
/// batches, which no value depends on.
inline const TensorInfo* surplus(const SafetensorsFile& file, const std::vector<StateTensor>& all,
                                 const std::string& layer, const std::string& prefix) {
  for (const TensorInfo& info : file.tensors) {
    if (!info.name.starts_with(prefix + layer + '.') || info.name.ends_with(".num_batches_tracked")) continue;
    if (std::ranges::none_of(all, [&](const StateTensor& tensor) { return prefix + tensor.name == info.name; }))
      return &info;
  }
  return nullptr;
}

/// Why layer i cannot have the values of the file's layer of its name, by the architecture in the file's metadata.
[[gnu::cold]] inline std::string other_meaning(const StoredLayers& stored, const StoredLayers& model,
                                               const ModelSchema& schema, std::size_t i, const RenamePairs& pairs) {
  std::size_t j = 0;
  while (j < stored.labels.size() && renamed(stored.labels[j], pairs) != model.labels[i]) ++j;
  if (j == stored.labels.size()) return "the file's architecture has no layer of this name";
  return other_meaning(stored, j, model, i, schema.layers[i]);
}

/// Finds the layers all of whose tensors the file has, with the model's shapes, and no other. `architecture`: that in
/// the file, if the library wrote it.
template <class Scalar>
[[gnu::cold]] FittingLayers fitting_layers(const SafetensorsFile& file, const ModelSchema& schema,
                                           const LoadOptions& options, const std::string& architecture,
                                           const RenamePairs& pairs) {
  const std::vector<StateTensor> all = state_tensors(schema);
  const StoredLayers stored(architecture), model(architecture_text(schema));
  FittingLayers found;
  for (std::size_t i = 0; i < schema.layers.size(); ++i) {
    const std::string layer = layer_label(schema, i);
    std::vector<StateTensor> tensors;
    std::string reason;
    bool has_tensors = false;
    for (const StateTensor& tensor : all) {
      if (layer_of_tensor(tensor.name) != layer) continue;
      has_tensors = true;
      const TensorInfo* info = file.find(options.prefix + tensor.name);
      if (reason.empty() && (info || tensor.tied_to.empty())) reason = misfit<Scalar>(tensor, info, options);
      const std::string source = layer_of_tensor(tensor.tied_to);
      if (reason.empty() && !source.empty() && std::ranges::find(found.taken, source) == found.taken.end())
        reason = "its weight is that of " + source + ", which does not fit";
      if (reason.empty() && !source.empty()) reason = tied_misfit<Scalar>(file, all, tensor, options.prefix);
      if (info && tensor.source != StateTensor::Source::step_count) tensors.push_back(tensor);
    }
    if (!has_tensors) continue;
    if (const TensorInfo* info = surplus(file, all, layer, options.prefix); info && reason.empty())
      reason = "the model has no place for its tensor " + shown(info->name);
    if (reason.empty() && !architecture.empty()) reason = other_meaning(stored, model, schema, i, pairs);
    if (!reason.empty()) {
      found.refused.emplace_back(layer, reason);
    } else {
      found.taken.push_back(layer);
      found.tensors.insert(found.tensors.end(), tensors.begin(), tensors.end());
    }
  }
  return found;
}

/// The values of these tensors, in the places that they have in the model.
/// @throws FileError for a value that a tensor cannot have
template <class Scalar>
[[gnu::cold]] ModelState<Scalar> read_layers(const SafetensorsFile& file, const std::string& path, ModelSchema schema,
                                             const std::vector<StateTensor>& tensors, const LoadOptions& options) {
  schema.bottleneck = ModelSchema::Bottleneck::none;  // a codebook is no layer's
  return StateDictReader<Scalar>(file, path, schema, options, tensors).read();
}

/// Whether a tensor of the file belongs to one of these layers.
inline bool is_of_layers(std::string_view name, std::string_view prefix, const std::vector<std::string>& layers) {
  if (!name.starts_with(prefix)) return false;
  return std::ranges::find(layers, layer_of_tensor(name.substr(prefix.size()))) != layers.end();
}

/// Copies the values of these tensors into a model of the same sizes. This cannot fail.
template <class Scalar>
void assign_tensors(ModelState<Scalar>& model, const ModelState<Scalar>& values,
                    const std::vector<StateTensor>& tensors) {
  for (const StateTensor& tensor : tensors) {
    const bool is_parameter = tensor.source == StateTensor::Source::parameters;
    const Scalar* from = (is_parameter ? values.parameters : values.statistics).data();
    Scalar* to = (is_parameter ? model.parameters : model.statistics).data();
    for_each_index(tensor.axes, tensor.offset, [&](Index index) { to[index] = from[index]; });
  }
}

}  // namespace eigencoder::detail
