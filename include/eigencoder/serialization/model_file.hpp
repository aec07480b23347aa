#pragma once

#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/serialization/state_reader.hpp>
#include <eigencoder/version.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Model files: safetensors that hold what a model learned, named and laid out as PyTorch's `state_dict` would have it
/// (io/boundary.hpp says which values change their order). `encoder.<i>.weight` and its like count every layer of that
/// half, as `nn.Sequential` does (a residual's layers and sum one by one); the rest is `bottleneck.log_variance.*`,
/// `bottleneck.codebook` and its statistics, `loss.log_variance`, and `scaling.*`. Tied weights are written twice and
/// have to be equal. `num_batches_tracked` tells the steps of training since the weights were drawn or loaded.
///
/// The metadata tell `eigencoder.version` (the library's), `eigencoder.format`, `eigencoder.architecture` (a line a
/// part), `eigencoder.checksum`, and the user's own keys; a file with only some of our four is damaged. One without any
/// is PyTorch's: what PyTorch would not write (counts of firing, thresholds of `BatchTopK`, statistics of a codebook, a
/// learned variance) may be missing from it and begins anew; of two tied weights one is enough.
/// Format: https://github.com/huggingface/safetensors
namespace eigencoder {

/// What goes into a model file with the model.
template <class Scalar = float>
struct SaveOptions {
  /// The user's own; no key may begin with "eigencoder." or "training.". All together may have about 50 kB, more where
  /// the file is more than a dozen times as large.
  Metadata metadata = {};
  std::optional<Scaling<Scalar>> scaling = {};  ///< of the data, in the order of the model's values
};

/// What came with a model.
template <class Scalar = float>
struct Loaded {
  Metadata metadata;  ///< the user's own
  std::optional<Scaling<Scalar>> scaling;
  /// Tensors by name, whose values were converted, and their type in the file ("BF16"); see `LoadOptions::convert`.
  std::vector<std::pair<std::string, std::string>> converted = {};
  std::vector<std::string> skipped = {};  ///< names of tensors passed over, see `LoadOptions::skip_unexpected`

  /// The text of this key among the metadata; null where there is none.
  const std::string* find(std::string_view key) const { return detail::find_metadata(metadata, key); }
};

namespace detail {

inline constexpr std::string_view model_format = "2";  // 1: the checksum was of the data alone

inline bool is_reserved(std::string_view key) { return key.starts_with(our_prefix) || key.starts_with("training."); }

/// The user's own.
inline Metadata own_metadata(const SafetensorsFile& file) {
  Metadata own;
  for (const auto& entry : file.metadata)
    if (!is_reserved(entry.first)) own.push_back(entry);
  return own;
}

/// @throws OptionError for a key that is reserved, or given twice
inline void require_own_keys(const Metadata& metadata) {
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const std::string& key = metadata[i].first;
    if (is_reserved(key))
      throw OptionError(message({"SaveOptions.metadata: the key ", shown(key),
                                 " is reserved: no key of yours may begin "
                                 "with 'eigencoder.' or 'training.'"}));
    if (find_metadata(metadata, key) != &metadata[i].second)
      throw OptionError(message({"SaveOptions.metadata: the key ", shown(key), " stands there twice"}));
  }
}

/// What a file of this model says of it, and then the user's own.
template <class Model>
Metadata model_metadata(const Model& model, const Metadata& own = {}) {
  require_own_keys(own);
  Metadata all{{"eigencoder.version", std::string(version)},
               {"eigencoder.format", std::string(model_format)},
               {"eigencoder.architecture", architecture_text(model_form(model))}};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

/// Everything of a model that a file holds.
template <class Model>
std::vector<OwnedTensor> model_tensors(const Model& model) {
  return write_state<typename Model::Scalar>(model_form(model), ModelAccess::state(model));
}

/// @throws FileError where a file of ours is of another format or architecture, or does not tell all that ours do
inline void require_same(const SafetensorsFile& file, const ModelSchema& form, const std::string& path) {
  if (!is_ours(file.metadata)) return;
  const auto told = [&](std::string_view key) {
    const std::string* text = find_metadata(file.metadata, key);
    if (!text) fail_file("load", path, "its metadata have no " + shown(key) + ", the file is damaged");
    return *text;
  };
  if (const std::string format = told("eigencoder.format"); format != model_format)
    fail_file("load", path,
              "it is of format " + shown(format) + ", this library reads '" + std::string(model_format) + "'");
  told("eigencoder.version");
  require_architecture(told("eigencoder.architecture"), architecture_text(form), path);
}

/// @throws ShapeError for a scaling of other samples than the model's
template <class Scalar>
void add_scaling(const Scaling<Scalar>& scaling, Shape input, std::vector<OwnedTensor>& tensors) {
  for (const auto& [name, values] :
       {std::pair("scaling.offset", &scaling.offset), std::pair("scaling.scale", &scaling.scale)}) {
    if (static_cast<Index>(values->size()) != input.size())
      throw ShapeError(
          message({"SaveOptions.", name, " has ", values->size(), " values, the model's samples have ", input.size()}));
    tensors.push_back(written<Scalar>(name, scaling_shape(input), image_axes(input, 1),
                                      [&of = *values](Index place) { return of[static_cast<std::size_t>(place)]; }));
  }
}

}  // namespace detail

/// Writes all that a model has learned to a file, wholly or not at all.
/// @throws OptionError for a reserved key, ShapeError for a scaling of other samples, FileError
template <class Model>
void save(const Model& model, const std::string& path, const SaveOptions<typename Model::Scalar>& options = {}) {
  const Metadata metadata = detail::model_metadata(model, options.metadata);
  std::vector<detail::OwnedTensor> tensors = detail::model_tensors(model);
  if (options.scaling) detail::add_scaling(*options.scaling, model.input_shape(), tensors);
  detail::write_safetensors(path, detail::to_write(tensors), metadata);
}

/// Reads what a model of the same architecture has learned, from `save`, a checkpoint, or PyTorch, and forgets the
/// training so far. A failed load leaves the model as it was, bit for bit. Where a file from elsewhere has other types,
/// names that begin with a prefix, or tensors beside the model's, the options tell what to do with them:
///
///     const auto file = load(model, "theirs.safetensors", {.convert = true, .prefix = "module."});
///     file.converted                     which tensors were, and their types
///
/// @throws FileError naming the file and the cause: it cannot be read, is damaged, of another architecture (its first
///         difference) or scalar, or holds NaN, infinity, or a value that its layer cannot have, as a negative variance
///         (see `ParameterLayout::add_statistics`); OptionError while the model is being trained
template <class Model>
Loaded<typename Model::Scalar> load(Model& model, const std::string& path, const LoadOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  auto& state = detail::ModelAccess::state(model, "loaded into");
  const detail::ModelSchema form = detail::model_form(model);
  const detail::SafetensorsFile file = detail::read_safetensors(path, options.max_header_bytes);
  detail::require_same(file, form, path);
  const detail::StateReader<Scalar> reader(file, path, form, options);
  const detail::ModelState<Scalar> values = reader.read();
  Loaded<Scalar> loaded{detail::own_metadata(file), reader.read_scaling(), reader.converted(), reader.unexpected()};
  state.parameters = values.parameters;  // of the same size: nothing can fail from here on, and nothing moves
  state.statistics = values.statistics;
  state.forget();
  return loaded;
}

/// The architecture in a model file, a line for each part. @throws FileError also where the file tells none
inline std::string read_architecture(const std::string& path) {
  const detail::SafetensorsFile file = detail::read_safetensors(path);
  const std::string* text = detail::find_metadata(file.metadata, "eigencoder.architecture");
  if (!text) detail::fail_file("read", path, "it does not tell the architecture of its model");
  return *text;
}

}  // namespace eigencoder
