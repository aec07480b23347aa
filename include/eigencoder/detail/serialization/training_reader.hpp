#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/serialization/state_reader.hpp>
#include <eigencoder/detail/serialization/training_state.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// What training remembers beside the model's values, on its way out of a checkpoint.
namespace eigencoder::detail {

/// Takes what `write_training` wrote out of a file. Whatever could not have been written so is refused; but what the
/// optimizer's own values mean only the optimizer knows: see training/optimizer_state.hpp.
template <class Scalar>
class TrainingReader {
 public:
  TrainingReader(const SafetensorsFile& file, const std::string& path, bool allow_non_finite)
      : file_(file), path_(path), allow_non_finite_(allow_non_finite) {}

  /// But for the model's values, for a model with these terms, of so many sums, and these parameters and statistics.
  /// @throws FileError
  [[gnu::cold]] TrainingState<Scalar> read(const std::vector<Term>& terms, std::size_t sums,
                                           const ParameterLayout& layout) {
    if (text("training.format") != checkpoint_format)
      fail("it is a checkpoint of format " + shown(text("training.format")) + ", this library reads '" +
           std::string(checkpoint_format) + "'");
    if (text("training.terms") != joined(terms))
      fail("it was written by a model with other policies: its reports had the terms " +
           shown(text("training.terms")) + ", the model's have " + shown(joined(terms)));
    TrainingState<Scalar> state;
    auto& progress = state.progress;
    state.optimizer.type = text("training.optimizer");
    state.optimizer.file = path_;
    take("counts", DType::I64, counts_of(state));
    take("numbers", DType::F64, numbers_of(state));
    const std::int64_t arrays = read_flags(state);
    progress.sums = numbers("sums");
    require_length("sums", progress.sums.size(), progress.open ? sums : progress.sums.size());
    read_history(terms, state.epochs);
    for (std::int64_t k = 0; k < arrays; ++k)
      state.optimizer.arrays.push_back(buffer("optimizer." + std::to_string(k), layout.parameters()));
    if (has_best_) {
      progress.best_parameters = buffer("best.parameters", layout.parameters());
      progress.best_statistics = buffer("best.statistics", layout.statistics());
      require_ranges("best.statistics", progress.best_statistics, layout);
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

  /// Refuses a value of a tensor that has to be something else.
  void require_value(bool holds, const char* tensor, double value, std::size_t i, const char* what) const {
    if (!holds) fail(not_in_range(std::string("training.") + tensor, value, i, what));
  }

  /// Returns how many arrays the optimizer had.
  std::int64_t read_flags(TrainingState<Scalar>& state) {
    auto& progress = state.progress;
    std::int64_t open = 0, shuffle = 0, pairs = 0, keeps_best = 0, has_best = 0, arrays = 0, seed = 0, checksum = 0;
    take("flags", DType::I64, std::tie(open, shuffle, pairs, keeps_best, has_best, arrays, seed, checksum));
    if (checksum != metadata_checksum(state.optimizer.type, text("training.terms")))
      fail("its metadata are damaged: they do not go with its data");
    const std::int64_t flags[] = {open, shuffle, pairs, keeps_best, has_best};
    for (std::size_t i = 0; i < std::size(flags); ++i)
      require_value(flags[i] == 0 || flags[i] == 1, "flags", static_cast<double>(flags[i]), i, "0 or 1");
    require_value(arrays >= 0 && arrays <= 8, "flags", static_cast<double>(arrays), 5, "at least 0 and at most 8");
    progress.open = open != 0;
    progress.run.shuffle = shuffle != 0;
    progress.run.has_targets = pairs != 0;
    progress.run.keeps_best = keeps_best != 0;
    progress.run.seed = std::bit_cast<std::uint64_t>(seed);
    has_best_ = has_best != 0;
    return arrays;
  }

  /// Refuses what contradicts itself, and such as no run would reach.
  void require_sound(const TrainingState<Scalar>& state) const {
    const auto& p = state.progress;
    const auto epochs = static_cast<Index>(state.epochs.size());
    std::size_t i = 0;
    const auto in_range = [&](auto count) {
      require_value(count >= 0 && count <= (std::int64_t{1} << 53), "counts", static_cast<double>(count), i,
              "at least 0 and at most 2^53");
      ++i;
    };
    std::apply([&](const auto&... n) { (in_range(n), ...); }, counts_of(state));
    require_value(std::isfinite(p.sum), "numbers", p.sum, 0, "finite");
    require_value(p.learning_rate >= 0 && std::isfinite(p.learning_rate), "numbers", p.learning_rate, 1,
            "finite and at least 0");
    require_value(p.run.validation_split >= 0 && p.run.validation_split < 1, "numbers", p.run.validation_split, 3,
            "at least 0 and below 1");
    for (i = 0; i < p.sums.size(); ++i) require_value(std::isfinite(p.sums[i]), "sums", p.sums[i], i, "finite");

    // Every epoch takes a step at least, and so does every batch of the one under way.
    bool sound = state.optimizer.steps <= state.steps && epochs + p.batches <= state.steps && p.begin <= epochs &&
                 p.seen <= p.run.samples && p.batches <= p.seen && (p.seen == 0) == (p.batches == 0) &&
                 (p.best_epoch == 0 || (p.best_epoch > p.begin && p.best_epoch <= epochs)) &&
                 has_best_ == (p.open && p.run.keeps_best && p.best_epoch > 0) &&
                 (!state.optimizer.type.empty() || (state.optimizer.steps == 0 && state.optimizer.arrays.empty()));
    if (p.open) sound = sound && p.run.samples > 0 && p.run.batch_size > 0 && (p.best_epoch > 0) == (epochs > p.begin);
    if (!sound) fail("its counts of steps, samples and epochs contradict each other");
    const double best = p.best_epoch > 0 ? state.epochs[static_cast<std::size_t>(p.best_epoch - 1)].watched_loss()
                                         : std::numeric_limits<double>::infinity();
    require_value(p.best_loss == best, "numbers", p.best_loss, 2, "the loss of the best epoch");
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
    const auto put = [&](auto& to) {
      using To = std::remove_cvref_t<decltype(to)>;
      if constexpr (std::integral<To>)
        require_value(std::in_range<To>(values[i]), name, static_cast<double>(values[i]), i,
                "in the range of this program's Eigen::Index");
      to = static_cast<To>(values[i++]);
    };
    std::apply([&](auto&... to) { (put(to), ...); }, into);
  }

  Buffer<Scalar> buffer(const std::string& name, Index length) {
    const auto from = bytes(name, dtype_of<Scalar>);
    require_length(name, from.size() / sizeof(Scalar), static_cast<std::size_t>(length));
    Buffer<Scalar> copy(length);
    if (!from.empty()) std::memcpy(copy.data(), from.data(), from.size());
    for (Index i = 0; i < length; ++i)
      if (!allow_non_finite_ && !std::isfinite(copy.data()[i]))
        fail("its tensor " + shown("training." + name) + " holds NaN or infinity, at value " + std::to_string(i) +
             " (LoadOptions::allow_non_finite takes it)");
    return copy;
  }

  void require_ranges(const char* name, const Buffer<Scalar>& statistics, const ParameterLayout& layout) const {
    for (const StatisticsBlock& block : layout.statistics_blocks())
      for (Index i = 0; i < block.size; ++i)
        if (const double value = statistics.data()[block.offset + i]; !block.range(i).holds(value))
          require_value(false, name, value, static_cast<std::size_t>(block.offset + i), block.range(i).text().c_str());
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
      const auto require_cell = [&](std::size_t column, bool holds, const char* what) {
        require_value(holds, "history", row[column], at + column, what);
      };
      EpochReport& report = epochs.emplace_back();
      report.epoch = static_cast<Index>(epochs.size());
      require_cell(0, row[0] >= static_cast<double>(report.epoch) && row[0] <= 0x1p53 && row[0] == std::floor(row[0]),
                   "a number of epochs, of this one at least");
      require_cell(1, std::isfinite(row[1]), "a finite loss");
      require_cell(2, !std::isinf(row[2]), "a finite loss, or NaN for none");
      require_cell(3, row[3] >= 0 && std::isfinite(row[3]), "a learning rate, finite and at least 0");
      require_cell(4, std::isfinite(row[4]), "a finite time");
      constexpr Index most = (std::numeric_limits<Index>::max)();
      report.epochs = row[0] < static_cast<double>(most) ? static_cast<Index>(row[0]) : most;
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
  std::size_t taken_ = 0;  ///< tensors
};

}  // namespace eigencoder::detail
