#pragma once

#include <eigencoder/io/model_file.hpp>
#include <eigencoder/io/training_state.hpp>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Checkpoints: model files (see io/model_file.hpp, `load` reads them as such) that hold, beside the model, all that
/// training goes on from: the optimizer's state, the step and batch, the history, the best epoch and its weights.
namespace eigencoder {

namespace detail {

/// What the reports of a model tell, with no values.
template <class Model>
std::vector<Term> term_list(const Model& model) {
  const auto& network = Inside::network(model);
  const std::vector<double> sums(std::remove_cvref_t<decltype(network)>::Set::term_count + 1);
  return network.terms(Inside::state(model), sums.data(), 1);
}

}  // namespace detail

/// Writes a model and the state of its training to a file, wholly or not at all; also in the middle of an epoch, from an
/// observer. @throws OptionError for a reserved key, FileError
template <class Model>
void save_checkpoint(const Model& model, const std::string& path, const Metadata& own = {}) {
  Metadata metadata = detail::model_metadata(model, own);
  std::vector<detail::OwnedTensor> tensors = detail::model_tensors(model);
  detail::write_training(detail::Inside::state(model), detail::term_list(model), tensors, metadata);
  detail::write_safetensors(path, detail::to_write(tensors), metadata);
}

/// Puts a model of the same composition back to where it was when the checkpoint was written. The next `fit` with the
/// same data, optimizer and options goes on from there and ends with the same bits as if it had never stopped; other
/// data sizes, batch sizes or seeds are refused. `FitOptions::epochs` counts from where the interrupted `fit` began.
/// A failed load leaves the model as it was. Returns the user's metadata.
/// @throws FileError naming the file and the cause; OptionError while the model is being trained
template <class Model>
Metadata load_checkpoint(Model& model, const std::string& path, const LoadOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  auto& state = detail::Inside::state(model, "loaded into");
  const detail::SafetensorsFile file = detail::read_safetensors(path, options.most_header_bytes);
  const detail::Resumable<Scalar> values = detail::take_model(file, model, path, options);
  detail::TrainingState<Scalar> training = detail::TrainingReader<Scalar>(file, path).read(
      detail::term_list(model), values.parameters.size(), values.statistics.size());
  Metadata own;
  for (const auto& entry : file.metadata)
    if (!detail::is_reserved(entry.first)) own.push_back(entry);
  state.parameters = values.parameters;  // of the same size: nothing can fail from here on, and nothing moves
  state.statistics = values.statistics;
  state.optimizer = std::move(training.optimizer);
  state.steps = training.steps;
  state.epochs = std::move(training.epochs);
  state.progress = std::move(training.progress);
  return own;
}

}  // namespace eigencoder
