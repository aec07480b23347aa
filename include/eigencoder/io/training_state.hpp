#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <eigencoder/io/state_values.hpp>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// What training remembers beside the model's values, on its way into a checkpoint and out of it: tensors "training.*"
/// and, in the metadata, the optimizer's type and the names of the reports' terms.
namespace eigencoder::detail {

inline constexpr std::string_view checkpoint_format = "1";

/// The whole numbers of a state and their order in "training.counts"; the others are in "training.numbers".
template <class State>
auto counts_of(State& state) {
  auto& p = state.progress;
  return std::tie(state.steps, state.optimizer.steps, state.optimizer.layout, p.begin, p.batches, p.seen, p.best_epoch,
                  p.run.samples, p.run.batch_size, p.run.window);
}
template <class State>
auto numbers_of(State& state) {
  auto& p = state.progress;
  return std::tie(p.sum, p.learning_rate, p.best_loss, p.run.validation_split);
}

/// The columns of "training.history" but for the terms, which follow.
inline constexpr std::size_t history_columns = 5;

inline std::vector<double> history_row(const EpochReport& report) {
  std::vector<double> row{static_cast<double>(report.epochs), report.train_loss, report.validation_loss,
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
          std::vector<std::int64_t>{state.progress.open, state.progress.run.shuffle,
                                    std::bit_cast<std::int64_t>(state.progress.run.seed)});
  numbers("sums", DType::F64, state.progress.sums);
  std::vector<double> history;
  for (const EpochReport& report : state.epochs)
    for (const double value : history_row(report)) history.push_back(value);
  tensors.push_back(raw_tensor<double>("training.history", DType::F64,
                                       {state.epochs.size(), history_columns + terms.size()}, history));
  for (std::size_t k = 0; k < state.optimizer.slots.size(); ++k)
    values("optimizer." + std::to_string(k), state.optimizer.slots[k]);
  if (state.progress.best_parameters.size() > 0) {
    values("best.parameters", state.progress.best_parameters);
    values("best.statistics", state.progress.best_statistics);
  }
  metadata.emplace_back("training.format", checkpoint_format);
  metadata.emplace_back("training.optimizer", state.optimizer.type);
  metadata.emplace_back("training.terms", joined(terms));
}

/// Takes what `write_training` wrote out of a file, for a model with these terms and lengths of its vectors.
template <class Scalar>
class TrainingReader {
 public:
  TrainingReader(const SafetensorsFile& file, const std::string& path) : file_(file), path_(path) {}

  /// But for the model's values. @throws FileError
  [[gnu::cold]] TrainingState<Scalar> read(const std::vector<Term>& terms, Index parameters, Index statistics) const {
    if (text("training.format") != checkpoint_format)
      fail("it is a checkpoint of format " + shown(text("training.format")) + ", this library reads '" +
           std::string(checkpoint_format) + "'");
    if (text("training.terms") != joined(terms))
      fail("it was written by a model with other policies: its reports had the terms " +
           shown(text("training.terms")) + ", the model's have " + shown(joined(terms)));
    TrainingState<Scalar> state;
    state.optimizer.type = text("training.optimizer");
    take("counts", DType::I64, counts_of(state));
    take("numbers", DType::F64, numbers_of(state));
    auto& progress = state.progress;
    std::int64_t open = 0, shuffle = 0, seed = 0;
    take("flags", DType::I64, std::tie(open, shuffle, seed));
    progress.open = open != 0;
    progress.run.shuffle = shuffle != 0;
    progress.run.seed = std::bit_cast<std::uint64_t>(seed);
    if (has("sums")) progress.sums = vector<double>("sums", DType::F64);
    read_history(terms, state.epochs);
    for (std::size_t k = 0; has("optimizer." + std::to_string(k)); ++k)
      state.optimizer.slots.push_back(buffer("optimizer." + std::to_string(k), parameters));
    if (has("best.parameters")) {
      progress.best_parameters = buffer("best.parameters", parameters);
      progress.best_statistics = buffer("best.statistics", statistics);
    }
    const auto epochs = static_cast<Index>(state.epochs.size());
    const bool sound = state.steps >= 0 && state.optimizer.steps >= 0 && progress.begin >= 0 &&
                       progress.begin <= epochs && progress.batches >= 0 && progress.seen >= 0 &&
                       progress.best_epoch >= 0 && progress.best_epoch <= epochs;
    if (!sound) fail("its counts of steps and epochs contradict each other");
    return state;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("resume from", path_, reason); }

  std::string text(std::string_view key) const {
    for (const auto& [name, value] : file_.metadata)
      if (name == key) return value;
    fail("it is no checkpoint: its metadata lack " + shown(key));
  }
  bool has(const std::string& name) const { return file_.find("training." + name) != nullptr; }

  template <class T>
  std::vector<T> vector(const std::string& name, DType type) const {
    const TensorInfo* info = file_.find("training." + name);
    if (!info) fail("it lacks the tensor " + shown("training." + name));
    if (info->type != type)
      fail("its tensor " + shown(info->name) + " is " + std::string(dtype_name(info->type)) + ", not " +
           std::string(dtype_name(type)));
    const auto bytes = file_.payload(*info);
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }

  template <class... T>
  void take(const char* name, DType type, std::tuple<T&...> into) const {
    using First = std::conditional_t<(std::same_as<T, double> && ...), double, std::int64_t>;
    const auto values = vector<First>(name, type);
    require_length(name, values.size(), sizeof...(T));
    std::size_t i = 0;
    std::apply([&](auto&... n) { ((n = static_cast<T>(values[i++])), ...); }, into);
  }

  Buffer<Scalar> buffer(const std::string& name, Index length) const {
    const auto values = vector<Scalar>(name, dtype_of<Scalar>);
    require_length(name, values.size(), static_cast<std::size_t>(length));
    Buffer<Scalar> copy(length);
    std::copy(values.begin(), values.end(), copy.data());
    return copy;
  }

  void require_length(const std::string& name, std::size_t got, std::size_t wanted) const {
    if (got != wanted)
      fail("its tensor " + shown("training." + name) + " has " + std::to_string(got) + " values, not " +
           std::to_string(wanted));
  }

  void read_history(const std::vector<Term>& terms, std::vector<EpochReport>& epochs) const {
    const std::vector<double> values = vector<double>("history", DType::F64);
    const std::size_t columns = history_columns + terms.size();
    if (values.size() % columns != 0) fail("the rows of its tensor 'training.history' are of another length");
    for (std::size_t at = 0; at < values.size(); at += columns) {
      const double* row = values.data() + at;
      EpochReport& report = epochs.emplace_back();
      report.epoch = static_cast<Index>(epochs.size());
      report.epochs = row[0] >= 0 && row[0] < 0x1p53 ? static_cast<Index>(row[0]) : 0;
      report.train_loss = row[1];
      report.validation_loss = row[2];
      report.learning_rate = row[3];
      report.seconds = row[4];
      report.terms = terms;
      for (std::size_t k = 0; k < terms.size(); ++k) report.terms[k].value = row[history_columns + k];
    }
  }

  const SafetensorsFile& file_;
  const std::string& path_;
};

}  // namespace eigencoder::detail
