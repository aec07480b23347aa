#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/files/crc32.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// Writes what a checkpoint holds beside the model's values: tensors "training.*" and, in the metadata, the optimizer's
/// type and the names of the reports' terms. `TrainingReader` reads it.
namespace eigencoder::detail {

inline constexpr std::string_view checkpoint_format = "2";

/// The integers of a state, in the order of the tensor "training.counts".
template <class State>
auto counts_of(State& state) {
  auto& p = state.progress;
  return std::tie(state.steps, state.optimizer.steps, state.optimizer.layout, p.begin, p.batches, p.seen, p.best_epoch,
                  p.run.samples, p.run.batch_size, p.run.shuffle_window, p.begin_steps);
}
/// The floating-point numbers of a state, in the order of the tensor "training.numbers".
template <class State>
auto numbers_of(State& state) {
  auto& p = state.progress;
  return std::tie(p.sum, p.learning_rate, p.best_loss, p.run.validation_split);
}

/// The number of sums that a model accumulates in an epoch.
template <class Model>
std::size_t sum_count(const Model& model) {
  return ModelAccess::network(model).term_count();
}

/// The terms that a model's reports have, with meaningless values.
template <class Model>
std::vector<Term> term_list(const Model& model) {
  const std::vector<double> sums(sum_count(model) + 1);
  return ModelAccess::network(model).terms(ModelAccess::state(model), sums.data(), 1);
}

/// The terms' names as the metadata store them, each with a line end.
inline std::string term_names(const std::vector<Term>& terms) {
  std::string names;
  for (const Term& term : terms) (names += escaped(term.name)) += '\n';
  return names;
}

/// Stored in "training.flags", so that metadata and data of different files cannot be mixed unnoticed.
inline std::int64_t metadata_checksum(std::string_view optimizer, std::string_view names) {
  const auto bytes = [](std::string_view text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  return crc32(bytes(names), crc32(bytes(optimizer)));
}

/// The columns of "training.history" before those of the terms.
inline constexpr std::size_t history_columns = 5;

inline std::vector<double> history_row(const EpochReport& report) {
  const double epochs = (std::min)(static_cast<double>(report.epochs), 0x1p53);  // may be the largest `Index`
  std::vector<double> row{epochs, report.train_loss, report.validation_loss, report.learning_rate, report.seconds};
  for (const Term& term : report.terms) row.push_back(term.value);
  return row;
}

/// Appends all of a state but the model's values. `terms` are those of the model's reports.
template <class Scalar>
[[gnu::cold]] void write_training(const TrainingState<Scalar>& state, const std::vector<Term>& terms,
                                  std::vector<OwnedTensor>& tensors, Metadata& metadata) {
  const auto add_vector = [&]<class T>(const char* name, DType type, const std::vector<T>& values) {
    tensors.push_back(copied_tensor<T>(std::string("training.") + name, type, {values.size()}, values));
  };
  const auto add_buffer = [&](const std::string& name, const Buffer<Scalar>& buffer) {
    tensors.push_back(copied_tensor<Scalar>("training." + name, dtype_of<Scalar>, {std::uint64_t(buffer.size())},
                                            {buffer.data(), static_cast<std::size_t>(buffer.size())}));
  };
  std::apply([&](const auto&... n) { add_vector("counts", DType::I64, std::vector<std::int64_t>{n...}); },
             counts_of(state));
  std::apply([&](const auto&... n) { add_vector("numbers", DType::F64, std::vector<double>{n...}); },
             numbers_of(state));
  add_vector("flags", DType::I64,
             std::vector<std::int64_t>{state.progress.open || state.progress.running, state.progress.run.shuffle,
                                       state.progress.run.has_targets, state.progress.run.keeps_best,
                                       state.progress.best_parameters.size() > 0,
                                       static_cast<std::int64_t>(state.optimizer.arrays.size()),
                                       std::bit_cast<std::int64_t>(state.progress.run.seed),
                                       metadata_checksum(state.optimizer.type, term_names(terms))});
  add_vector("sums", DType::F64, state.progress.sums);
  std::vector<double> history;
  for (const EpochReport& report : state.epochs)
    for (const double value : history_row(report)) history.push_back(value);
  tensors.push_back(copied_tensor<double>("training.history", DType::F64,
                                          {state.epochs.size(), history_columns + terms.size()}, history));
  for (std::size_t k = 0; k < state.optimizer.arrays.size(); ++k)
    add_buffer("optimizer." + std::to_string(k), state.optimizer.arrays[k]);
  if (state.progress.best_parameters.size() > 0) {
    add_buffer("best.parameters", state.progress.best_parameters);
    add_buffer("best.statistics", state.progress.best_statistics);
  }
  metadata.emplace_back("training.format", checkpoint_format);
  metadata.emplace_back("training.optimizer", state.optimizer.type);
  metadata.emplace_back("training.terms", term_names(terms));
}

}  // namespace eigencoder::detail
