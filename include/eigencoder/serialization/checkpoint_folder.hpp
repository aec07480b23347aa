#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/detail/serialization/checkpoint_files.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <eigencoder/training/reports.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

/// @file
/// A folder of checkpoints: an observer writes them while a model trains, and `resume` continues from the latest.
namespace eigencoder {

/// When checkpoints are written, and how many are kept.
struct CheckpointOptions {
  Index every_epochs = 1;    ///< epochs from one checkpoint to the next; 0: none at the end of epochs
  double every_minutes = 0;  ///< minutes after which the next batch ends with a checkpoint; 0: none by time
  Index every_steps = 0;     ///< steps from one checkpoint to the next; 0: none by steps
  Index keep = 3;            ///< number of latest checkpoints to keep

  /// @throws OptionError for a value outside its range, or if no checkpoint would ever be written
  void validate() const {
    if (every_epochs < 0 || every_steps < 0 || !(every_minutes >= 0))
      throw OptionError("eigencoder: CheckpointOptions: every_epochs, every_steps and every_minutes must be at "
                        "least 0");
    if (every_epochs == 0 && every_steps == 0 && every_minutes == 0)
      throw OptionError("eigencoder: CheckpointOptions: one of every_epochs, every_steps and every_minutes must be "
                        "above 0");
    if (keep < 1) throw OptionError("eigencoder: CheckpointOptions.keep must be at least 1");
  }
};

/// An observer that writes checkpoints of the model being trained:
///
///     const auto found = resume(model, "run");  // continues where an earlier run of this program was stopped
///     model.fit(samples, Adam{}, {.epochs = 100, .observer = Checkpoints(model, "run")});
///
/// It creates the folder if necessary. An error while writing ends training (`ObserverError`); existing checkpoints
/// stay intact. If the folder holds checkpoints, a training that was not resumed from one is refused (`FileError` from
/// `fit`); one that continues from an earlier epoch renames later checkpoints to "....abandoned". A training that an
/// observer stopped can be resumed. The model must not be moved until training ends. To combine it with other
/// observers, use `Observers`.
///
/// Only one training at a time can write into a folder: it holds a lock on the file "eigencoder.lock" there until it
/// ends, and `fit` refuses a second one, in this program or another, with `FileError`. The file is removed when
/// training ends. If the program is killed, the file remains, but its lock ends with the program and all children that
/// it forked; the next training takes it over. If the file cannot be locked, for example because it belongs to another
/// user, training is refused too. File systems without locks give no protection.
template <class Model>
class Checkpoints {
 public:
  /// Observes `model`. Every checkpoint also holds the metadata and the scaling of `contents`.
  /// @throws OptionError for invalid options
  /// @throws FileError if the folder cannot be created or written into
  Checkpoints(const Model& model, std::string folder, const CheckpointOptions& options = {},
              SaveOptions<typename Model::Scalar> contents = {})
      : model_(&model),
        folder_(std::move(folder)),
        options_(options),
        contents_(std::move(contents)),
        last_time_(detail::now()) {
    options_.validate();
    create_folder();
    if (const int error = detail::try_temporary(std::filesystem::path(folder_) / detail::checkpoint_name(0)))
      detail::fail_file("write into the folder", folder_, std::strerror(error));
  }
  /// A temporary model would be gone before training.
  Checkpoints(const Model&&, std::string, const CheckpointOptions& = {},
              SaveOptions<typename Model::Scalar> = {}) = delete;

  /// As every observer, see `Observer`.
  ///@{
  void on_begin() {
    lock();
    find_checkpoints();
    last_time_ = detail::now();
  }
  void on_end() { lock_.reset(); }
  void on_batch(const BatchReport&) {
    const auto steps = detail::ModelAccess::state(*model_).steps;
    const bool by_steps = options_.every_steps > 0 && steps % options_.every_steps == 0;
    if (by_steps || (options_.every_minutes > 0 && detail::now() - last_time_ >= 60 * options_.every_minutes)) write();
  }
  void operator()(const EpochReport& report) {
    if (options_.every_epochs > 0 && (report.epoch % options_.every_epochs == 0 || report.epoch == report.epochs))
      write();
  }
  ///@}

 private:
  void create_folder() const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) detail::fail_file("create the folder", folder_, error.message());
  }

  /// Takes the folder's lock, unless it is held already. A folder that was deleted is created again.
  void lock() {
    create_folder();
    if (!lock_) lock_ = std::make_shared<detail::FolderLock>(folder_);
    const detail::Locking locking = lock_->take();
    if (locking == detail::Locking::by_another)
      detail::fail_file("write checkpoints into", folder_,
                        "another training, of this program or another, is writing its checkpoints there: wait until it "
                        "ends, or take another folder");
    if (locking == detail::Locking::unknown)
      detail::fail_file("write checkpoints into", folder_,
                        std::string("its file 'eigencoder.lock' cannot be locked (") + std::strerror(errno) +
                            "), so another user's training may be writing there: delete that file if none is, or take "
                            "another folder");
  }

  struct FoundCheckpoints {
    std::vector<std::string> names;  ///< the latest first
    std::size_t later;               ///< how many are of later steps than the model's
  };
  /// @throws FileError if there are later checkpoints and this training was not resumed
  /// @throws OptionError if another model is being trained
  FoundCheckpoints find_checkpoints() const {
    if (!detail::ModelAccess::in_training(*model_))
      throw OptionError("eigencoder: Checkpoints: the model being trained is not the one they were made for");
    const auto& state = detail::ModelAccess::state(*model_);
    FoundCheckpoints found{detail::checkpoints_in(folder_), 0};
    const std::string current = detail::checkpoint_name(state.steps);
    while (found.later < found.names.size() && detail::is_later_checkpoint(found.names[found.later], current))
      ++found.later;
    if (found.later > 0 && state.progress.begin == 0 && !state.progress.resumed)
      detail::fail_file("write checkpoints into", folder_,
                        "it holds '" + found.names.front() + "' of a later step than this training's, " +
                            std::to_string(state.steps) + ": resume from it first, or take another folder");
    return found;
  }

  /// Writes a checkpoint, sets later ones aside, and removes the oldest.
  void write() {
    namespace fs = std::filesystem;
    lock();
    auto [names, later] = find_checkpoints();
    for (; later > 0; --later, names.erase(names.begin()))
      detail::set_aside(fs::path(folder_) / names.front(), ".abandoned");
    const std::string name = detail::checkpoint_name(detail::ModelAccess::state(*model_).steps);
    save_checkpoint(*model_, (fs::path(folder_) / name).string(), contents_);
    last_time_ = detail::now();
    std::erase(names, name);
    std::error_code error;
    for (std::size_t i = static_cast<std::size_t>(options_.keep) - 1; i < names.size(); ++i)
      fs::remove(fs::path(folder_) / names[i], error);
  }

  const Model* model_;
  std::string folder_;
  CheckpointOptions options_;
  SaveOptions<typename Model::Scalar> contents_;
  double last_time_;                          ///< when the last checkpoint was written
  std::shared_ptr<detail::FolderLock> lock_;  ///< while training; copies of this observer share it
};

/// The checkpoint that `resume` loaded, if any.
template <class Scalar = float>
struct Resumed : Loaded<Scalar> {
  std::string path = {};                  ///< of the checkpoint; empty if there was none
  std::vector<std::string> damaged = {};  ///< the reasons why later checkpoints could not be loaded
  /// Whether a checkpoint was loaded.
  explicit operator bool() const { return !path.empty(); }
};

/// Loads the latest usable checkpoint of a folder (see `load_checkpoint`), from which the next `fit` continues. Without
/// a checkpoint or a folder, the model stays as it is. Later checkpoints that are damaged are renamed to "....damaged",
/// but only under the folder's lock (see `Checkpoints`): while a training is under way, or without locks, no file is
/// changed.
/// @throws FileError if the folder cannot be read, or holds checkpoints of which none can be used
/// @throws OptionError as `load_checkpoint`
template <class Model>
[[nodiscard]] Resumed<typename Model::Scalar> resume(Model& model, const std::string& folder,
                                                     const LoadOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  std::vector<std::string> damaged_paths;
  const auto load_latest = [&] {
    Resumed<Scalar> resumed;
    damaged_paths.clear();
    for (const std::string& name : detail::checkpoints_in(folder)) {
      const std::string path = (std::filesystem::path(folder) / name).string();
      try {
        static_cast<Loaded<Scalar>&>(resumed) = load_checkpoint(model, path, options);
        resumed.path = path;
        break;
      } catch (const FileError& error) {
        resumed.damaged.emplace_back(error.what());
        damaged_paths.push_back(path);
      }
    }
    return resumed;
  };
  auto resumed = load_latest();
  detail::FolderLock lock(folder);
  if (!damaged_paths.empty() && lock.take() == detail::Locking::held) {
    // Before the lock was taken, another training may have replaced a damaged checkpoint: load again before renaming.
    resumed = load_latest();
    if (resumed)
      for (const std::string& path : damaged_paths) detail::set_aside(path, ".damaged");
  }
  if (!resumed && !resumed.damaged.empty()) throw FileError(resumed.damaged.front());
  return resumed;
}

}  // namespace eigencoder
