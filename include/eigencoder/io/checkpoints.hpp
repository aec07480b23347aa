#pragma once

#include <algorithm>
#include <eigencoder/core/clock.hpp>
#include <eigencoder/io/checkpoint.hpp>
#include <eigencoder/training/observer.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// A folder of checkpoints, written while a model trains.
namespace eigencoder {

/// When checkpoints are written, and how many stay.
struct CheckpointOptions {
  Index every_epochs = 1;    ///< 0: not at the end of epochs
  double every_minutes = 0;  ///< after the first batch that ends so long after the last checkpoint; 0: not by time
  Index every_steps = 0;     ///< 0: not by steps
  Index keep = 3;            ///< the last so many

  /// Throws `OptionError` for values outside their range, and where none would ever be written.
  void validate() const {
    if (every_epochs < 0 || every_steps < 0 || !(every_minutes >= 0))
      throw OptionError("eigencoder: CheckpointOptions: every_epochs, every_steps and every_minutes must be at least 0");
    if (every_epochs == 0 && every_steps == 0 && every_minutes == 0)
      throw OptionError("eigencoder: CheckpointOptions: one of every_epochs, every_steps and every_minutes must be "
                        "above 0");
    if (keep < 1) throw OptionError("eigencoder: CheckpointOptions.keep must be at least 1");
  }
};

namespace detail {

inline constexpr std::string_view checkpoint_prefix = "checkpoint-", checkpoint_suffix = ".safetensors";

inline std::string checkpoint_name(std::int64_t steps) {
  const std::string number = std::to_string(steps);
  return std::string(checkpoint_prefix) + std::string(number.size() < 12 ? 12 - number.size() : 0, '0') + number +
         std::string(checkpoint_suffix);
}

/// The names of the checkpoints in a folder, the latest first; what killed writers left there is removed. A folder that
/// is not there has none. @throws FileError
inline std::vector<std::string> checkpoints_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code error;
  if (!fs::exists(folder, error)) return found;
  const auto is_ours = [](std::string_view name) {
    return name.size() >= checkpoint_prefix.size() + 12 + checkpoint_suffix.size() &&
           name.starts_with(checkpoint_prefix) && name.ends_with(checkpoint_suffix);
  };
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_ours(name)) found.push_back(name);
    else if (is_ours(target_of_part(name))) remove_if_stale(entry->path().string());
  }
  if (error) fail_file("read the folder", folder, error.message());
  std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a > b;
  });
  return found;
}

}  // namespace detail

/// An observer that writes checkpoints of the model that is trained:
///
///     resume(model, "run");  // goes on where an earlier call of this program was stopped
///     model.fit(samples, Adam{}, {.epochs = 100, .observer = Checkpoints(model, "run")});
///
/// The folder is made where it is missing. An error while writing ends training (`ObserverError`); the checkpoints that
/// are there stay whole. The model must stay where it is until training ends.
template <class Model>
class Checkpoints {
 public:
  /// @throws OptionError
  Checkpoints(const Model& model, std::string folder, const CheckpointOptions& options = {})
      : model_(&model), folder_(std::move(folder)), options_(options), last_(detail::now()) {
    options_.validate();
  }

  void operator()(const EpochReport& report) {
    if (options_.every_epochs > 0 && (report.epoch % options_.every_epochs == 0 || report.epoch == report.epochs))
      write();
  }
  void on_batch(const BatchReport&) {
    const auto steps = detail::Inside::state(*model_).steps;
    const bool by_steps = options_.every_steps > 0 && steps % options_.every_steps == 0;
    if (by_steps || (options_.every_minutes > 0 && detail::now() - last_ >= 60 * options_.every_minutes)) write();
  }

 private:
  void write() {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) detail::fail_file("make the folder", folder_, error.message());
    const std::int64_t steps = detail::Inside::state(*model_).steps;
    std::vector<std::string> kept = detail::checkpoints_in(folder_);
    const std::string name = detail::checkpoint_name(steps);
    if (!began_ && !kept.empty() && kept.front().size() >= name.size() && kept.front() > name)
      detail::fail_file("write checkpoints into", folder_,
                        "it holds '" + kept.front() + "' of a later step than this training's, " +
                            std::to_string(steps) + ": resume from it first, or take another folder");
    save_checkpoint(*model_, (fs::path(folder_) / name).string());
    began_ = true;
    last_ = detail::now();
    std::erase(kept, name);
    for (std::size_t i = static_cast<std::size_t>(options_.keep) - 1; i < kept.size(); ++i)
      fs::remove(fs::path(folder_) / kept[i], error);
  }

  const Model* model_;
  std::string folder_;
  CheckpointOptions options_;
  double last_;
  bool began_ = false;
};

/// What `resume` found.
struct Resumed {
  std::string path;                  ///< of the checkpoint; empty where there was none
  std::vector<std::string> damaged;  ///< later ones that could not be used, each with the reason
  Metadata metadata;                 ///< the user's own
  explicit operator bool() const { return !path.empty(); }
};

/// Puts a model back to the latest whole checkpoint in a folder, see `load_checkpoint`; where there is none, or no such
/// folder, the model stays as it is. @throws FileError where there are checkpoints, but none that can be used
template <class Model>
Resumed resume(Model& model, const std::string& folder, const LoadOptions& options = {}) {
  Resumed resumed;
  for (const std::string& name : detail::checkpoints_in(folder)) {
    const std::string path = (std::filesystem::path(folder) / name).string();
    try {
      resumed.metadata = load_checkpoint(model, path, options);
      resumed.path = path;
      return resumed;
    } catch (const FileError& error) {
      resumed.damaged.emplace_back(error.what());
    }
  }
  if (!resumed.damaged.empty()) throw FileError(resumed.damaged.front());
  return resumed;
}

}  // namespace eigencoder
