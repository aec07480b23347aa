#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/crc32.hpp>
#include <eigencoder/detail/serialization/state_values.hpp>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// What training remembers beside the model's values, on its way into a checkpoint: tensors "training.*" and, in the
/// metadata, the optimizer's type and the names of the reports' terms. io/training_reader.hpp is the way out of it.
namespace eigencoder::detail {

inline constexpr std::string_view checkpoint_format = "1";

/// The whole numbers of a state and their order in "training.counts"; the others are in "training.numbers".
template <class State>
auto counts_of(State& state) {
  auto& p = state.progress;
  return std::tie(state.steps, state.optimizer.steps, state.optimizer.layout, p.begin, p.batches, p.seen, p.best_epoch,
                  p.run.samples, p.run.batch_size, p.run.shuffle_window);
}
template <class State>
auto numbers_of(State& state) {
  auto& p = state.progress;
  return std::tie(p.sum, p.learning_rate, p.best_loss, p.run.validation_split);
}

/// What the metadata tell, bound to the data, which have a checksum.
inline std::int64_t metadata_checksum(std::string_view optimizer, std::string_view terms) {
  const auto bytes = [](std::string_view text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  return crc32(bytes(terms), crc32(bytes(optimizer)));
}

/// The columns of "training.history" but for the terms, which follow.
inline constexpr std::size_t history_columns = 5;

inline std::vector<double> history_row(const EpochReport& report) {
  const double epochs = (std::min)(static_cast<double>(report.epochs), 0x1p53);  // some train until they are stopped
  std::vector<double> row{epochs, report.train_loss, report.validation_loss,
                          report.learning_rate, report.seconds};
  for (const Term& term : report.terms) row.push_back(term.value);
  return row;
}

template <class T>
OwnedTensor raw_tensor(std::string name, DType type, std::vector<std::uint64_t> shape, std::span<const T> values) {
  OwnedTensor tensor{std::move(name), type, std::move(shape), {}};
  tensor.bytes.resize(values.size_bytes());
  if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
  return tensor;
}

inline std::string joined(const std::vector<Term>& terms) {
  std::string names;
  for (const Term& term : terms) (names += term.name) += '\n';
  return names;
}

/// Everything but the model's values. `terms` are those that this model reports.
template <class Scalar>
[[gnu::cold]] void write_training(const TrainingState<Scalar>& state, const std::vector<Term>& terms,
                                  std::vector<OwnedTensor>& tensors, Metadata& metadata) {
  const auto numbers = [&]<class T>(const char* name, DType type, const std::vector<T>& values) {
    tensors.push_back(raw_tensor<T>(std::string("training.") + name, type, {values.size()}, values));
  };
  const auto values = [&](const std::string& name, const Buffer<Scalar>& buffer) {
    tensors.push_back(raw_tensor<Scalar>("training." + name, dtype_of<Scalar>, {std::uint64_t(buffer.size())},
                                         {buffer.data(), static_cast<std::size_t>(buffer.size())}));
  };
  std::apply([&](const auto&... n) { numbers("counts", DType::I64, std::vector<std::int64_t>{n...}); },
             counts_of(state));
  std::apply([&](const auto&... n) { numbers("numbers", DType::F64, std::vector<double>{n...}); }, numbers_of(state));
  numbers("flags", DType::I64,
          std::vector<std::int64_t>{state.progress.open || state.progress.running, state.progress.run.shuffle,
                                    state.progress.run.has_targets, state.progress.run.keeps_best,
                                    state.progress.best_parameters.size() > 0,
                                    static_cast<std::int64_t>(state.optimizer.arrays.size()),
                                    std::bit_cast<std::int64_t>(state.progress.run.seed),
                                    metadata_checksum(state.optimizer.type, joined(terms))});
  numbers("sums", DType::F64, state.progress.sums);
  std::vector<double> history;
  for (const EpochReport& report : state.epochs)
    for (const double value : history_row(report)) history.push_back(value);
  tensors.push_back(raw_tensor<double>("training.history", DType::F64,
                                       {state.epochs.size(), history_columns + terms.size()}, history));
  for (std::size_t k = 0; k < state.optimizer.arrays.size(); ++k)
    values("optimizer." + std::to_string(k), state.optimizer.arrays[k]);
  if (state.progress.best_parameters.size() > 0) {
    values("best.parameters", state.progress.best_parameters);
    values("best.statistics", state.progress.best_statistics);
  }
  metadata.emplace_back("training.format", checkpoint_format);
  metadata.emplace_back("training.optimizer", state.optimizer.type);
  metadata.emplace_back("training.terms", joined(terms));
}

}  // namespace eigencoder::detail
