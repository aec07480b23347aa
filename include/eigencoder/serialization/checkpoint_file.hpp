#pragma once

#include <eigencoder/detail/serialization/read_training.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <string>
#include <utility>

/// @file
/// A checkpoint is a model file (`load` reads it as one) that also holds what training continues from: the optimizer's
/// state, the step and batch, the history, and the best epoch with its parameters.
namespace eigencoder {

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
/// other sizes, batch sizes, seeds or optimizer types; learning rates, schedules, clipping and the values of policies
/// may change. `FitOptions::epochs` counts from the beginning of the interrupted `fit`. A failed load leaves the model
/// as it was. The ranges of the optimizer's values are checked by `fit`, which throws `FileError` before it changes
/// anything.
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
          .read(detail::term_list(model), detail::sum_count<Model>, schema.layout);
  Loaded<Scalar> loaded{detail::user_metadata(file), reader.read_scaling()};
  detail::assign_values(state, values);
  state.optimizer = std::move(training.optimizer);
  state.steps = training.steps;
  state.epochs = std::move(training.epochs);
  state.progress = std::move(training.progress);
  return loaded;
}

}  // namespace eigencoder
