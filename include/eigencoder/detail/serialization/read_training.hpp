#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/serialization/read_state_dict.hpp>
#include <eigencoder/detail/serialization/write_training.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// Reads what a checkpoint holds besides the model's values.
namespace eigencoder::detail {

/// Reads what `write_training` wrote. The values of the optimizer's arrays are checked by the optimizer, when training
/// continues (detail/training/run_start.hpp).
template <class Scalar>
class TrainingReader {
 public:
  TrainingReader(const SafetensorsFile& file, const std::string& path, bool allow_non_finite)
      : file_(file), path_(path), allow_non_finite_(allow_non_finite) {}

  /// A state without the model's values, for a model whose reports have these terms and whose epochs `sum_count` sums.
  /// @throws FileError for a file that is no checkpoint, or one of another model, or damaged
  [[gnu::cold]] TrainingState<Scalar> read(const std::vector<Term>& terms, std::size_t sum_count,
                                           const ParameterLayout& layout) {
    if (metadata("training.format") != checkpoint_format)
      fail("it is a checkpoint of format " + shown(metadata("training.format")) + ", this library reads '" +
           std::string(checkpoint_format) + "'");
    if (metadata("training.terms") != term_names(terms))
      fail("it was written by a model with other policies: its reports had the terms " +
           shown(metadata("training.terms")) + ", the model's have " + shown(term_names(terms)));
    TrainingState<Scalar> state;
    auto& progress = state.progress;
    state.optimizer.type = metadata("training.optimizer");
    state.optimizer.file = path_;
    read_into("counts", DType::I64, counts_of(state));
    read_into("numbers", DType::F64, numbers_of(state));
    const std::int64_t arrays = read_flags(state);
    progress.sums = read_numbers("sums");
    require_length("sums", progress.sums.size(), progress.open ? sum_count : progress.sums.size());
    read_history(terms, state.epochs);
    for (std::int64_t k = 0; k < arrays; ++k)
      state.optimizer.arrays.push_back(read_buffer("optimizer." + std::to_string(k), layout.parameters()));
    if (has_best_) {
      progress.best_parameters = read_buffer("best.parameters", layout.parameters());
      progress.best_statistics = read_buffer("best.statistics", layout.statistics());
      require_ranges("best.statistics", progress.best_statistics, layout);
    }
    require_consistent(state);
    if (static_cast<std::size_t>(std::count_if(file_.tensors.begin(), file_.tensors.end(), [](const TensorInfo& info) {
          return info.name.starts_with("training.");
        })) != tensors_read_)
      fail("it has tensors 'training.*' that do not belong to a checkpoint");
    return state;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("resume from", path_, reason); }

  /// `range`: the values that are valid, in words. @throws FileError unless value i of the tensor is `valid`.
  void require_value(bool valid, const char* tensor, double value, std::size_t i, const char* range) const {
    if (!valid) fail(out_of_range(std::string("training.") + tensor, value, i, range));
  }

  /// Reads "training.flags". @returns the number of the optimizer's arrays
  std::int64_t read_flags(TrainingState<Scalar>& state) {
    auto& progress = state.progress;
    std::int64_t open = 0, shuffle = 0, has_targets = 0, keeps_best = 0, has_best = 0, arrays = 0, seed = 0;
    std::int64_t checksum = 0;
    read_into("flags", DType::I64, std::tie(open, shuffle, has_targets, keeps_best, has_best, arrays, seed, checksum));
    if (checksum != metadata_checksum(state.optimizer.type, metadata("training.terms")))
      fail("its metadata are damaged: they do not go with its data");
    const std::int64_t flags[] = {open, shuffle, has_targets, keeps_best, has_best};
    for (std::size_t i = 0; i < std::size(flags); ++i)
      require_value(flags[i] == 0 || flags[i] == 1, "flags", static_cast<double>(flags[i]), i, "0 or 1");
    require_value(arrays >= 0 && arrays <= max_state_arrays, "flags", static_cast<double>(arrays), 5,
                  ("at least 0 and at most " + std::to_string(max_state_arrays)).c_str());
    progress.open = open != 0;
    progress.run.shuffle = shuffle != 0;
    progress.run.has_targets = has_targets != 0;
    progress.run.keeps_best = keeps_best != 0;
    progress.run.seed = std::bit_cast<std::uint64_t>(seed);
    has_best_ = has_best != 0;
    return arrays;
  }

  /// @throws FileError for values that contradict each other, and for values that no run reaches.
  void require_consistent(const TrainingState<Scalar>& state) const {
    const auto& p = state.progress;
    const auto epochs = static_cast<Index>(state.epochs.size());
    std::size_t i = 0;
    const auto require_count = [&](auto count) {
      require_value(count >= 0 && count <= (std::int64_t{1} << 53), "counts", static_cast<double>(count), i,
                    "at least 0 and at most 2^53");
      ++i;
    };
    std::apply([&](const auto&... n) { (require_count(n), ...); }, counts_of(state));
    require_value(std::isfinite(p.sum), "numbers", p.sum, 0, "finite");
    require_value(p.learning_rate >= 0 && std::isfinite(p.learning_rate), "numbers", p.learning_rate, 1,
                  "finite and at least 0");
    require_value(p.run.validation_split >= 0 && p.run.validation_split < 1, "numbers", p.run.validation_split, 3,
                  "at least 0 and below 1");
    for (i = 0; i < p.sums.size(); ++i) require_value(std::isfinite(p.sums[i]), "sums", p.sums[i], i, "finite");

    // Each completed epoch, and each completed batch of the current epoch, takes at least one step.
    bool consistent =
        state.optimizer.steps <= state.steps && p.begin <= p.begin_steps && p.begin <= epochs &&
        epochs - p.begin + p.batches <= state.steps - p.begin_steps &&
        p.seen <= p.run.samples && p.batches <= p.seen && (p.seen == 0) == (p.batches == 0) &&
        (p.best_epoch == 0 || (p.best_epoch > p.begin && p.best_epoch <= epochs)) &&
        has_best_ == (p.open && p.run.keeps_best && p.best_epoch > 0) &&
        (!state.optimizer.type.empty() || (state.optimizer.steps == 0 && state.optimizer.arrays.empty()));
    if (p.open)
      consistent = consistent && p.run.samples > 0 && p.run.batch_size > 0 && (p.best_epoch > 0) == (epochs > p.begin);
    if (!consistent) fail("its counts of steps, samples and epochs contradict each other");
    const double best = p.best_epoch > 0 ? state.epochs[static_cast<std::size_t>(p.best_epoch - 1)].watched_loss()
                                         : std::numeric_limits<double>::infinity();
    require_value(p.best_loss == best, "numbers", p.best_loss, 2, "the loss of the best epoch");
  }

  std::string metadata(std::string_view key) const {
    if (const std::string* text = find_metadata(file_.metadata, key)) return *text;
    fail("it is no checkpoint: its metadata lack " + shown(key));
  }

  std::span<const std::uint8_t> bytes(const std::string& name, DType type) {
    const TensorInfo* info = file_.find("training." + name);
    if (!info) fail("it lacks the tensor " + shown("training." + name));
    if (info->type != type)
      fail("its tensor " + shown(info->name) + " is " + std::string(dtype_name(info->type)) + ", not " +
           std::string(dtype_name(type)));
    ++tensors_read_;
    return file_.payload(*info);
  }

  std::vector<double> read_numbers(const std::string& name) {
    const auto from = bytes(name, DType::F64);
    std::vector<double> values(from.size() / sizeof(double));
    if (!values.empty()) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }

  /// Reads a tensor of one value for each variable.
  template <class... T>
  void read_into(const char* name, DType type, std::tuple<T&...> into) {
    using Stored = std::conditional_t<(std::same_as<T, double> && ...), double, std::int64_t>;
    const auto from = bytes(name, type);
    require_length(name, from.size() / sizeof(Stored), sizeof...(T));
    Stored values[sizeof...(T)];
    std::memcpy(values, from.data(), sizeof values);
    std::size_t i = 0;
    const auto assign = [&](auto& to) {
      using To = std::remove_cvref_t<decltype(to)>;
      if constexpr (std::integral<To>)
        require_value(std::in_range<To>(values[i]), name, static_cast<double>(values[i]), i,
                      "in the range of this program's Eigen::Index");
      to = static_cast<To>(values[i++]);
    };
    std::apply([&](auto&... to) { (assign(to), ...); }, into);
  }

  Buffer<Scalar> read_buffer(const std::string& name, Index length) {
    const auto from = bytes(name, dtype_of<Scalar>);
    require_length(name, from.size() / sizeof(Scalar), static_cast<std::size_t>(length));
    Buffer<Scalar> buffer(length);
    if (!from.empty()) std::memcpy(buffer.data(), from.data(), from.size());
    for (Index i = 0; i < length; ++i)
      if (!allow_non_finite_ && !std::isfinite(buffer.data()[i]))
        fail("its tensor " + shown("training." + name) + " holds NaN or infinity, at value " + std::to_string(i) +
             " (LoadOptions::allow_non_finite allows it)");
    return buffer;
  }

  void require_ranges(const char* name, const Buffer<Scalar>& statistics, const ParameterLayout& layout) const {
    for (const StatisticsBlock& block : layout.statistics_blocks())
      for (Index i = 0; i < block.size; ++i)
        if (const double value = statistics.data()[block.offset + i]; !block.range(i).contains(value))
          require_value(false, name, value, static_cast<std::size_t>(block.offset + i), block.range(i).text().c_str());
  }

  void require_length(const std::string& name, std::size_t length, std::size_t expected) const {
    if (length != expected)
      fail("its tensor " + shown("training." + name) + " has " + std::to_string(length) + " values, not " +
           std::to_string(expected));
  }

  void read_history(const std::vector<Term>& terms, std::vector<EpochReport>& epochs) {
    const std::vector<double> values = read_numbers("history");
    const std::size_t columns = history_columns + terms.size();
    if (values.size() % columns != 0) fail("the rows of its tensor 'training.history' are of another length");
    for (std::size_t first = 0; first < values.size(); first += columns) {
      const double* row = values.data() + first;
      const auto require_cell = [&](std::size_t column, bool valid, const char* range) {
        require_value(valid, "history", row[column], first + column, range);
      };
      EpochReport& report = epochs.emplace_back();
      report.epoch = static_cast<Index>(epochs.size());
      require_cell(0, row[0] >= static_cast<double>(report.epoch) && row[0] <= 0x1p53 && row[0] == std::floor(row[0]),
                   "a number of epochs, of this one at least");
      require_cell(1, std::isfinite(row[1]), "a finite loss");
      require_cell(2, !std::isinf(row[2]), "a finite loss, or NaN for none");
      require_cell(3, row[3] >= 0 && std::isfinite(row[3]), "a learning rate, finite and at least 0");
      require_cell(4, std::isfinite(row[4]), "a finite time");
      constexpr Index largest = (std::numeric_limits<Index>::max)();
      report.epochs = row[0] < static_cast<double>(largest) ? static_cast<Index>(row[0]) : largest;
      report.train_loss = row[1];
      report.validation_loss = row[2];
      report.learning_rate = row[3];
      report.seconds = row[4];
      report.terms = terms;
      for (std::size_t k = 0; k < terms.size(); ++k) {
        const double value = report.terms[k].value = row[history_columns + k];
        require_cell(history_columns + k, !terms[k].in_objective || std::isfinite(value), "a finite term of the loss");
      }
    }
  }

  const SafetensorsFile& file_;
  const std::string& path_;
  bool allow_non_finite_;
  bool has_best_ = false;
  std::size_t tensors_read_ = 0;
};

}  // namespace eigencoder::detail
