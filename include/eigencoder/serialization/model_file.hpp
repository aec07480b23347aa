#pragma once

#include <eigencoder/detail/serialization/model_contents.hpp>
#include <eigencoder/detail/serialization/read_state_dict.hpp>
#include <eigencoder/detail/serialization/read_training.hpp>
#include <eigencoder/serialization/options.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Model files are safetensors files (https://github.com/huggingface/safetensors) that hold the parameters and the
/// running statistics of a model.
///
/// **Tensors** are named and laid out as in PyTorch's `state_dict` (detail/serialization/channel_order.hpp says which
/// values are permuted). `encoder.<i>.weight` and the like count every layer of a half, as `nn.Sequential` does; the
/// layers and the sum of a residual count one by one. Other tensors are `bottleneck.log_variance.*`,
/// `bottleneck.codebook` and its statistics, `loss.log_variance`, and `scaling.*`. Tied weights are written twice and
/// must be equal. `num_batches_tracked` is the number of training steps since the parameters were initialized or
/// loaded.
///
/// **Metadata** are `eigencoder.version` (the library's), `eigencoder.format`, `eigencoder.architecture` (a line for
/// each part), `eigencoder.checksum`, and the user's own. A file that has only some of the library's four keys is
/// damaged. A file that has none comes from another program: it may lack what PyTorch does not write (counts of firing,
/// thresholds of `BatchTopK`, statistics of a codebook, a learned variance), which then gets its initial value, and one
/// of two tied weights.
///
/// A checkpoint is a model file (`load` reads it as one) that also holds what training continues from: the optimizer's
/// state, the step and batch, the history, and the best epoch with its parameters.
namespace eigencoder {

/// What a file contained besides the model, and which tensors were converted or skipped.
template <class Scalar = float>
struct Loaded {
  Metadata metadata;                       ///< the user's own
  std::optional<Scaling<Scalar>> scaling;  ///< of the data, if the file has one
  /// Names of the tensors whose values were converted, with their types in the file ("BF16"), see
  /// `LoadOptions::convert`.
  std::vector<std::pair<std::string, std::string>> converted = {};
  std::vector<std::string> skipped = {};  ///< names of the ignored tensors, see `LoadOptions::skip_unexpected`

  /// The text of a key of the metadata; null if there is none.
  const std::string* find(std::string_view key) const { return detail::find_metadata(metadata, key); }
};

/// What the user wrote beside a model: see `read_metadata`.
struct ModelMetadata {
  Metadata metadata;  ///< the user's own

  /// The text of a key; null if there is none.
  const std::string* find(std::string_view key) const { return detail::find_metadata(metadata, key); }
};

/// Writes a model's parameters and running statistics to a file, wholly or not at all.
/// @throws OptionError for a reserved or repeated key of the metadata
/// @throws ShapeError for a scaling of other samples than the model's
/// @throws FileError if the file cannot be written
template <class Model>
requires requires(const Model& model) { model.input_shape(); }  // not a detector, which has options of its own
void save(const Model& model, const std::string& path, const SaveOptions<typename Model::Scalar>& options = {}) {
  const detail::FileContents contents = detail::model_contents(model, options);
  detail::write_safetensors(path, contents.tensors, contents.metadata);
}

/// Reads the parameters and running statistics of a model of the same architecture: from a file of `save`, a
/// checkpoint, or a file of PyTorch. The model's history and optimizer state are cleared. A failed load leaves the
/// model as it was, bit for bit. The options accept files of other programs with other types, prefixed names, or
/// further tensors:
///
///     const auto file = load(model, "theirs.safetensors", {.convert = true, .prefix = "module."});
///     file.converted                     which tensors were converted, and their types
///
/// @throws FileError naming the file and the cause: it cannot be read, is damaged, has another architecture (the first
///         difference is quoted) or scalar, or holds NaN, infinity, or a value that its layer cannot have, such as a
///         negative variance (see `ParameterLayout::add_statistics`)
/// @throws OptionError while the model is being trained
template <class Model>
Loaded<typename Model::Scalar> load(Model& model, const std::string& path, const LoadOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  auto& state = detail::ModelAccess::state(model, "loaded into");
  const detail::ModelSchema schema = detail::model_schema(model);
  const detail::SafetensorsFile file = detail::read_model_file(path, schema, options);
  const detail::StateDictReader<Scalar> reader(file, path, schema, options);
  const detail::ModelState<Scalar> values = reader.read();
  Loaded<Scalar> loaded{detail::user_metadata(file), reader.read_scaling(), reader.converted(), reader.unexpected()};
  detail::assign_values(state, values);
  state.forget();
  return loaded;
}

/// The architecture stored in a model file, a line for each part.
/// @throws FileError if the file cannot be read or stores no architecture
inline std::string read_architecture(const std::string& path) {
  const detail::SafetensorsFile file = detail::read_safetensors(path);
  const std::string* text = detail::find_metadata(file.metadata, "eigencoder.architecture");
  if (!text) detail::fail_file("read", path, "it has no architecture metadata");
  return *text;
}

/// The user's own metadata in a model file, a checkpoint or a detector's file, without a model: for what it takes to
/// construct one that `load` fills, such as the text of a `TableEncoder`.
/// @throws FileError if the file cannot be read
inline ModelMetadata read_metadata(const std::string& path) {
  return {detail::user_metadata(detail::read_safetensors(path))};
}

/// Writes a model and the state of its training to a file, wholly or not at all. An observer may call it, also in the
/// middle of an epoch.
/// @throws OptionError, ShapeError, FileError as `save`
template <class Model>
void save_checkpoint(const Model& model, const std::string& path,
                     const SaveOptions<typename Model::Scalar>& options = {}) {
  detail::FileContents contents = detail::model_contents(model, options);
  detail::write_training(detail::ModelAccess::state(model), detail::term_list(model), contents.tensors,
                         contents.metadata);
  detail::write_safetensors(path, contents.tensors, contents.metadata);
}

/// Restores a model of the same composition to its state when the checkpoint was written. The next `fit` continues from
/// there and ends with the same bits as an uninterrupted one, given the same data, optimizer and options. It refuses
/// other sizes, batch sizes, seeds or optimizer types; learning rates, schedules, clipping, trimming and the values of
/// policies may change. The samples and their weights are not checked. `FitOptions::epochs` and `FitOptions::max_steps`
/// count from the beginning of the interrupted `fit`, `FitOptions::max_seconds` from that of the next. A failed load
/// leaves the model as it was. The ranges of the optimizer's values are checked by `fit`, which throws `FileError`
/// before it changes anything.
/// @throws FileError naming the file and the cause
/// @throws OptionError while the model is being trained, and for options that are for `load` alone
template <class Model>
Loaded<typename Model::Scalar> load_checkpoint(Model& model, const std::string& path, const LoadOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  if (options.convert || options.skip_unexpected || !options.prefix.empty())
    throw OptionError("eigencoder: LoadOptions: convert, prefix and skip_unexpected are for load, not for "
                      "load_checkpoint");
  auto& state = detail::ModelAccess::state(model, "loaded into");
  const detail::ModelSchema schema = detail::model_schema(model);
  const detail::SafetensorsFile file = detail::read_model_file(path, schema, options);
  const detail::StateDictReader<Scalar> reader(file, path, schema, options);
  const detail::ModelState<Scalar> values = reader.read();
  detail::TrainingState<Scalar> training =
      detail::TrainingReader<Scalar>(file, path, options.allow_non_finite)
          .read(detail::term_list(model), detail::sum_count(model), schema.layout);
  Loaded<Scalar> loaded{detail::user_metadata(file), reader.read_scaling()};
  detail::assign_values(state, values);
  state.optimizer = std::move(training.optimizer);
  state.steps = training.steps;
  state.epochs = std::move(training.epochs);
  state.progress = std::move(training.progress);
  return loaded;
}

}  // namespace eigencoder
