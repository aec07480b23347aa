#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <eigencoder/io/crc32.hpp>
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
                                    state.progress.run.pairs, state.progress.run.keeps_best,
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

/// Takes what `write_training` wrote out of a file. Whatever could not have been written so is refused.
template <class Scalar>
class TrainingReader {
 public:
  TrainingReader(const SafetensorsFile& file, const std::string& path, bool allow_non_finite)
      : file_(file), path_(path), allow_non_finite_(allow_non_finite) {}

  /// But for the model's values, for a model with these terms, of so many sums, and lengths of its vectors.
  /// @throws FileError
  [[gnu::cold]] TrainingState<Scalar> read(const std::vector<Term>& terms, std::size_t sums, Index parameters,
                                           Index statistics) {
    if (text("training.format") != checkpoint_format)
      fail("it is a checkpoint of format " + shown(text("training.format")) + ", this library reads '" +
           std::string(checkpoint_format) + "'");
    if (text("training.terms") != joined(terms))
      fail("it was written by a model with other policies: its reports had the terms " +
           shown(text("training.terms")) + ", the model's have " + shown(joined(terms)));
    TrainingState<Scalar> state;
    auto& progress = state.progress;
    state.optimizer.type = text("training.optimizer");
    take("counts", DType::I64, counts_of(state));
    take("numbers", DType::F64, numbers_of(state));
    std::int64_t open = 0, shuffle = 0, pairs = 0, keeps_best = 0, has_best = 0, arrays = 0, seed = 0, checksum = 0;
    take("flags", DType::I64, std::tie(open, shuffle, pairs, keeps_best, has_best, arrays, seed, checksum));
    if (checksum != metadata_checksum(state.optimizer.type, text("training.terms")))
      fail("its metadata are damaged: they do not go with its data");
    progress.open = open != 0;
    progress.run.shuffle = shuffle != 0;
    progress.run.pairs = pairs != 0;
    progress.run.keeps_best = keeps_best != 0;
    progress.run.seed = std::bit_cast<std::uint64_t>(seed);
    progress.sums = numbers("sums");
    require_length("sums", progress.sums.size(), progress.open ? sums : progress.sums.size());
    read_history(terms, state.epochs);
    if (arrays < 0 || arrays > 8) fail("it claims " + std::to_string(arrays) + " state arrays of its optimizer");
    for (std::int64_t k = 0; k < arrays; ++k)
      state.optimizer.arrays.push_back(buffer("optimizer." + std::to_string(k), parameters));
    if (has_best != 0) {
      progress.best_parameters = buffer("best.parameters", parameters);
      progress.best_statistics = buffer("best.statistics", statistics);
    }
    require_sound(state);
    if (static_cast<std::size_t>(std::count_if(file_.tensors.begin(), file_.tensors.end(), [](const TensorInfo& info) {
          return info.name.starts_with("training.");
        })) != taken_)
      fail("it has tensors 'training.*' that are none of a checkpoint's");
    return state;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("resume from", path_, reason); }

  /// Refuses counts that contradict each other, and such as no run would reach.
  void require_sound(const TrainingState<Scalar>& state) const {
    const auto& p = state.progress;
    const auto epochs = static_cast<Index>(state.epochs.size());
    const auto in_range = [](auto count) { return count >= 0 && count <= (std::int64_t{1} << 53); };
    const bool counts = std::apply([&](const auto&... n) { return (in_range(n) && ...); }, counts_of(state));
    const bool sound = counts && state.optimizer.steps <= state.steps && p.begin <= epochs &&
                       p.seen <= p.run.samples && (p.seen == 0) == (p.batches == 0) &&
                       (p.best_epoch == 0 || (p.best_epoch > p.begin && p.best_epoch <= epochs)) &&
                       (p.best_parameters.size() > 0) == (p.open && p.run.keeps_best && p.best_epoch > 0);
    if (!sound) fail("its counts of steps, samples and epochs contradict each other");
    bool finite = std::isfinite(p.sum) && std::isfinite(p.learning_rate) && !std::isnan(p.best_loss) &&
                  p.run.validation_split >= 0 && p.run.validation_split < 1;
    for (const double sum : p.sums) finite = finite && std::isfinite(sum);
    if (!finite) fail("its sums of losses are not finite");
  }

  std::string text(std::string_view key) const {
    for (const auto& [name, value] : file_.metadata)
      if (name == key) return value;
    fail("it is no checkpoint: its metadata lack " + shown(key));
  }

  std::span<const std::uint8_t> bytes(const std::string& name, DType type) {
    const TensorInfo* info = file_.find("training." + name);
    if (!info) fail("it lacks the tensor " + shown("training." + name));
    if (info->type != type)
      fail("its tensor " + shown(info->name) + " is " + std::string(dtype_name(info->type)) + ", not " +
           std::string(dtype_name(type)));
    ++taken_;
    return file_.payload(*info);
  }

  std::vector<double> numbers(const std::string& name) {
    const auto from = bytes(name, DType::F64);
    std::vector<double> values(from.size() / sizeof(double));
    if (!values.empty()) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }

  template <class... T>
  void take(const char* name, DType type, std::tuple<T&...> into) {
    using Stored = std::conditional_t<(std::same_as<T, double> && ...), double, std::int64_t>;
    const auto from = bytes(name, type);
    require_length(name, from.size() / sizeof(Stored), sizeof...(T));
    Stored values[sizeof...(T)];
    std::memcpy(values, from.data(), sizeof values);
    std::size_t i = 0;
    std::apply([&](auto&... n) { ((n = static_cast<T>(values[i++])), ...); }, into);
  }

  Buffer<Scalar> buffer(const std::string& name, Index length) {
    const auto from = bytes(name, dtype_of<Scalar>);
    require_length(name, from.size() / sizeof(Scalar), static_cast<std::size_t>(length));
    Buffer<Scalar> copy(length);
    if (!from.empty()) std::memcpy(copy.data(), from.data(), from.size());
    for (const Scalar value : copy.span())
      if (!allow_non_finite_ && !std::isfinite(value))
        fail("its tensor " + shown("training." + name) +
             " holds NaN or infinity (LoadOptions::allow_non_finite takes it)");
    return copy;
  }

  void require_length(const std::string& name, std::size_t got, std::size_t wanted) const {
    if (got != wanted)
      fail("its tensor " + shown("training." + name) + " has " + std::to_string(got) + " values, not " +
           std::to_string(wanted));
  }

  void read_history(const std::vector<Term>& terms, std::vector<EpochReport>& epochs) {
    const std::vector<double> values = numbers("history");
    const std::size_t columns = history_columns + terms.size();
    if (values.size() % columns != 0) fail("the rows of its tensor 'training.history' are of another length");
    for (std::size_t at = 0; at < values.size(); at += columns) {
      const double* row = values.data() + at;
      EpochReport& report = epochs.emplace_back();
      report.epoch = static_cast<Index>(epochs.size());
      if (!(row[0] >= 0 && row[0] <= 0x1p53)) fail("its tensor 'training.history' holds no number of epochs");
      report.epochs = static_cast<Index>(row[0]);
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
  bool allow_non_finite_;
  std::size_t taken_ = 0;  ///< tensors
};

}  // namespace eigencoder::detail
