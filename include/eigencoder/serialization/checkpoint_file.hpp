#pragma once

#include <eigencoder/detail/serialization/training_reader.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Checkpoints: model files (see io/model_file.hpp, `load` reads them as such) that hold, beside the model, all that
/// training goes on from: the optimizer's state, the step and batch, the history, the best epoch and its weights.
namespace eigencoder {

namespace detail {

/// How many sums of terms a model adds up in an epoch.
template <class Model>
inline constexpr std::size_t sum_count =
    std::remove_cvref_t<decltype(ModelAccess::network(std::declval<const Model&>()))>::Policies::term_count;

/// What the reports of a model tell, with no values.
template <class Model>
std::vector<Term> term_list(const Model& model) {
  const std::vector<double> sums(sum_count<Model> + 1);
  return ModelAccess::network(model).terms(ModelAccess::state(model), sums.data(), 1);
}

}  // namespace detail

/// Writes a model and the state of its training to a file, wholly or not at all; also in the middle of an epoch, from
/// an observer. @throws as `save`
template <class Model>
void save_checkpoint(const Model& model, const std::string& path,
                     const SaveOptions<typename Model::Scalar>& options = {}) {
  Metadata metadata = detail::model_metadata(model, options.metadata);
  std::vector<detail::OwnedTensor> tensors = detail::model_tensors(model);
  if (options.scaling) detail::add_scaling(*options.scaling, model.input_shape(), tensors);
  detail::write_training(detail::ModelAccess::state(model), detail::term_list(model), tensors, metadata);
  detail::write_safetensors(path, detail::to_write(tensors), metadata);
}

/// Puts a model of the same composition back to where it was when the checkpoint was written. The next `fit` goes on
/// from there and ends with the same bits as if it had never stopped, given the same data, optimizer and options:
/// other sizes, batch sizes, seeds or optimizers are refused; learning rates, schedules, clipping and the values of
/// policies are yours to keep. `FitOptions::epochs` counts from where the interrupted `fit` began. A failed load leaves
/// the model as it was. What only the optimizer knows of its values (no mean of squares is negative) that `fit` checks,
/// before it changes anything (`FileError`).
/// @throws FileError naming the file and the cause; OptionError while the model is being trained, and for options that
///         `load` alone has: a run goes on with exactly what it left
template <class Model>
Loaded<typename Model::Scalar> load_checkpoint(Model& model, const std::string& path, const LoadOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  if (options.convert || options.skip_unexpected || !options.prefix.empty())
    throw OptionError("eigencoder: LoadOptions: convert, prefix and skip_unexpected are for load, not for a checkpoint "
                      "to go on from");
  auto& state = detail::ModelAccess::state(model, "loaded into");
  const detail::ModelSchema form = detail::model_form(model);
  const detail::SafetensorsFile file = detail::read_safetensors(path, options.max_header_bytes);
  detail::require_same(file, form, path);
  const detail::StateReader<Scalar> reader(file, path, form, options);
  const detail::ModelState<Scalar> values = reader.read();
  const auto terms = detail::term_list(model);
  detail::TrainingState<Scalar> training =
      detail::TrainingReader<Scalar>(file, path, options.allow_non_finite)
          .read(terms, detail::sum_count<Model>, form.layout);
  Loaded<Scalar> loaded{detail::own_metadata(file), reader.read_scaling()};
  state.parameters = values.parameters;  // of the same size: nothing can fail from here on, and nothing moves
  state.statistics = values.statistics;
  state.optimizer = std::move(training.optimizer);
  state.steps = training.steps;
  state.epochs = std::move(training.epochs);
  state.progress = std::move(training.progress);
  return loaded;
}

}  // namespace eigencoder
