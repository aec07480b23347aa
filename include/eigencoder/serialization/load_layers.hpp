#pragma once

#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/read_layers.hpp>
#include <eigencoder/serialization/options.hpp>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Takes over those layers of another model, from a file, that fit.
namespace eigencoder {

/// Which tensors of a file `load_layers` takes for which layers.
struct LoadLayersOptions {
  bool allow_non_finite = false;                            ///< accepts NaN and infinity
  std::uint64_t max_header_bytes = std::uint64_t{1} << 20;  ///< largest header accepted; at most 100,000,000
  bool convert = true;      ///< converts tensors of type F16, BF16, F32 and F64, see `LoadOptions::convert`
  std::string prefix = {};  ///< removed from the tensors' names, see `LoadOptions::prefix`
  /// The layers' names in the file, each with the model's, as model files name them (serialization/model_file.hpp),
  /// each half counted from 0: {{"0", "encoder.0"}, {"2", "encoder.2"}} for a `nn.Sequential`. A tensor is renamed by
  /// the first pair that fits.
  std::vector<std::pair<std::string, std::string>> rename = {};
};

/// What `load_layers` took from a file, and what not.
struct LoadedLayers {
  std::vector<std::string> taken;  ///< layers that have the file's values now: "encoder.0", "decoder.2"
  /// Layers with parameters that stayed as they were, and why: "its tensor 'encoder.4.weight' is 10x30, the model has
  /// 20x30".
  std::vector<std::pair<std::string, std::string>> kept;
  std::vector<std::string> unused;  ///< tensors of the file, after renaming, that belong to no layer taken
};

/// Takes over the parameters and running statistics of those layers of a file that fit a model by name and shape: all
/// tensors of the layer are there, with the model's sizes, and no others. The file is one of `save`, a checkpoint, or a
/// `state_dict` of PyTorch as safetensors; the rest of its architecture does not matter. What a bottleneck or the loss
/// learned is not taken. A tied layer whose weight the file lacks, or has with other values than the encoder's, counts
/// as kept, though it follows the encoder's weight.
///
/// A file of this library says what its layers are: one that has another type, or the values of an image where the
/// model has those of a vector, is kept. A file of another program does not say it: a `Dense` of the model that reads
/// an image takes the weight's inputs for that image, channel first.
///
///     const LoadedLayers loaded = load_layers(classifier, "autoencoder.safetensors");
///     load_layers(model, "theirs.safetensors", {.rename = {{"features.0", "encoder.0"}}});
///
/// The model keeps its epochs, but its next `fit` begins with a new state of the optimizer. A failed call leaves it as
/// it was, bit for bit.
/// @throws FileError naming the file and the cause: it cannot be read, is damaged or of another format, no layer fits,
/// or a tensor of a
///         layer that fits holds NaN, infinity, or a value that the layer cannot have
/// @throws OptionError while the model is being trained
template <class Model>
LoadedLayers load_layers(Model& model, const std::string& path, const LoadLayersOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  auto& state = detail::ModelAccess::state(model, "loaded into");
  const LoadOptions accepted{options.allow_non_finite, options.max_header_bytes, options.convert, options.prefix, true};
  detail::SafetensorsFile file = detail::read_safetensors(path, options.max_header_bytes);
  const std::string architecture = detail::stored_architecture(file, path, options.prefix);
  detail::rename_tensors(file, path, options.prefix, options.rename);
  const detail::ModelSchema schema = detail::model_schema(model);
  detail::FittingLayers layers = detail::fitting_layers<Scalar>(file, schema, accepted, architecture, options.rename);
  if (layers.taken.empty())
    detail::fail_file("load", path,
                      layers.refused.empty() ? "the model has no layer with parameters"
                                             : "no layer of the model fits: " + layers.refused.front().first + ": " +
                                                   layers.refused.front().second);
  const auto values = detail::read_layers<Scalar>(file, path, schema, layers.tensors, accepted);

  LoadedLayers loaded{layers.taken, layers.refused, {}};
  for (const auto& info : file.tensors)
    if (!detail::is_of_layers(info.name, options.prefix, layers.taken)) loaded.unused.push_back(info.name);
  detail::assign_tensors(state, values, layers.tensors);
  state.optimizer = {};
  state.progress = {};  // the best parameters of a run that was stopped are older
  return loaded;
}

}  // namespace eigencoder
