#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <eigencoder/detail/files/folder_lock.hpp>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/serialization/checkpoint_file.hpp>
#include <eigencoder/training/observer.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
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
      throw OptionError("eigencoder: CheckpointOptions: every_epochs, every_steps and every_minutes must be at least "
                        "0");
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

inline bool is_checkpoint(std::string_view name) {
  if (!name.starts_with(checkpoint_prefix) || !name.ends_with(checkpoint_suffix)) return false;
  name.remove_prefix(checkpoint_prefix.size());
  name.remove_suffix((std::min)(checkpoint_suffix.size(), name.size()));
  return name.size() >= 12 && name.find_first_not_of("0123456789") == name.npos;
}

/// Gives a file another name, so that it is a checkpoint no longer; where that cannot be, it stays.
inline void set_aside(const std::filesystem::path& path, const char* as) {
  std::error_code ignored;
  std::filesystem::rename(path, path.string() + as, ignored);
}

/// The names of the checkpoints in a folder, the latest first; what killed writers left there is removed. A folder that
/// is not there has none. @throws FileError
inline std::vector<std::string> checkpoints_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code error;
  const fs::file_type type = fs::status(folder, error).type();
  if (type == fs::file_type::not_found) return found;
  if (error) fail_file("look into the folder", folder, error.message());
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_checkpoint(name)) found.push_back(name);
    else if (is_checkpoint(stem_of_part(name))) remove_if_stale(folder, name);
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
///     const auto found = resume(model, "run");  // where an earlier call of this program was stopped
///     model.fit(samples, Adam{}, {.epochs = 100, .observer = Checkpoints(model, "run")});
///
/// The folder is made where it is missing. An error while writing ends training (`ObserverError`); the checkpoints that
/// are there stay whole. A training from the beginning does not begin (`FileError` from `fit`) with a folder that holds
/// checkpoints; one that went on from earlier epochs renames later ones, "....abandoned". A training that an observer
/// stopped goes on when it is resumed. The model must stay where it is until training ends; with other observers beside
/// it, use `Observers`.
///
/// One training at a time writes into a folder: from its beginning to its end it holds a lock on the file
/// "eigencoder.lock" there, and another one, of this program or any other, does not begin (`FileError` from `fit`). The
/// file is removed when training ends. One that a killed program left is free to be taken, and can be deleted, once all
/// children that it forked have ended as well. Where the file cannot be locked, say because it is another user's,
/// training does not begin either. On file systems without locks nothing keeps two apart.
template <class Model>
class Checkpoints {
 public:
  using Saved = SaveOptions<typename Model::Scalar>;

  /// `with` goes into every checkpoint. @throws OptionError; FileError where the folder cannot be made or written into
  Checkpoints(const Model& model, std::string folder, const CheckpointOptions& options = {}, Saved with = {})
      : model_(&model), folder_(std::move(folder)), options_(options), with_(std::move(with)), last_(detail::now()) {
    options_.validate();
    make_folder();
    if (const int error = detail::try_part(std::filesystem::path(folder_) / detail::checkpoint_name(0)))
      detail::fail_file("write into the folder", folder_, std::strerror(error));
  }
  Checkpoints(const Model&&, std::string, const CheckpointOptions& = {}, Saved = {}) = delete;  // it would be gone

  void on_begin() {
    lock();
    look();
    last_ = detail::now();
  }
  void on_end() { lock_.reset(); }
  void operator()(const EpochReport& report) {
    if (options_.every_epochs > 0 && (report.epoch % options_.every_epochs == 0 || report.epoch == report.epochs))
      write();
  }
  void on_batch(const BatchReport&) {
    const auto steps = detail::ModelAccess::state(*model_).steps;
    const bool by_steps = options_.every_steps > 0 && steps % options_.every_steps == 0;
    if (by_steps || (options_.every_minutes > 0 && detail::now() - last_ >= 60 * options_.every_minutes)) write();
  }

 private:
  void make_folder() const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) detail::fail_file("make the folder", folder_, error.message());
  }

  /// Holds the folder's lock until training ends, also where the folder was deleted and has to be made again.
  void lock() {
    make_folder();
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

  struct Found {
    std::vector<std::string> names;  ///< of the checkpoints in the folder, the latest first
    std::size_t later;               ///< so many are of later steps than this training's
  };
  /// @throws FileError for later ones where training did not go on from any; OptionError where another model is trained
  Found look() const {
    if (!detail::ModelAccess::in_training(*model_))
      throw OptionError("eigencoder: Checkpoints: the model whose training they observe is another than theirs");
    const auto& state = detail::ModelAccess::state(*model_);
    Found found{detail::checkpoints_in(folder_), 0};
    const std::string now = detail::checkpoint_name(state.steps);
    const auto later = [&](const std::string& name) {
      return name.size() != now.size() ? name.size() > now.size() : name > now;
    };
    while (found.later < found.names.size() && later(found.names[found.later])) ++found.later;
    if (found.later > 0 && state.progress.begin == 0 && !state.progress.resumed)
      detail::fail_file("write checkpoints into", folder_,
                        "it holds '" + found.names.front() + "' of a later step than this training's, " +
                            std::to_string(state.steps) + ": resume from it first, or take another folder");
    return found;
  }

  void write() {
    namespace fs = std::filesystem;
    lock();
    auto [kept, later] = look();
    for (; later > 0; --later, kept.erase(kept.begin()))
      detail::set_aside(fs::path(folder_) / kept.front(), ".abandoned");
    const std::string name = detail::checkpoint_name(detail::ModelAccess::state(*model_).steps);
    save_checkpoint(*model_, (fs::path(folder_) / name).string(), with_);
    last_ = detail::now();
    std::erase(kept, name);
    std::error_code error;
    for (std::size_t i = static_cast<std::size_t>(options_.keep) - 1; i < kept.size(); ++i)
      fs::remove(fs::path(folder_) / kept[i], error);
  }

  const Model* model_;
  std::string folder_;
  CheckpointOptions options_;
  Saved with_;
  double last_;                               ///< when the last was written
  std::shared_ptr<detail::FolderLock> lock_;  ///< of the folder, while training; copies share it
};

/// What `resume` found.
template <class Scalar = float>
struct Resumed : Loaded<Scalar> {
  std::string path = {};                  ///< of the checkpoint; empty where there was none
  std::vector<std::string> damaged = {};  ///< later ones that could not be used, each with the reason
  explicit operator bool() const { return !path.empty(); }
};

namespace detail {

/// Loads the latest checkpoint of a folder that can be used, and collects the paths of those after it.
template <class Model>
Resumed<typename Model::Scalar> load_latest(Model& model, const std::string& folder, const LoadOptions& options,
                                            std::vector<std::string>& passed_over) {
  Resumed<typename Model::Scalar> resumed;
  passed_over.clear();
  for (const std::string& name : checkpoints_in(folder)) {
    const std::string path = (std::filesystem::path(folder) / name).string();
    try {
      static_cast<Loaded<typename Model::Scalar>&>(resumed) = load_checkpoint(model, path, options);
      resumed.path = path;
      break;
    } catch (const FileError& error) {
      resumed.damaged.emplace_back(error.what());
      passed_over.push_back(path);
    }
  }
  return resumed;
}

}  // namespace detail

/// Puts a model back to the latest whole checkpoint in a folder, see `load_checkpoint`, for the next `fit` to go on
/// from; where there is none, or no such folder, the model stays as it is. Damaged ones after it are renamed,
/// "....damaged", but only under the folder's lock (see `Checkpoints`): where a training is under way, or locks are
/// impossible, nothing is touched.
/// @throws FileError where the folder cannot be looked into, and where it holds checkpoints, but none that can be used
template <class Model>
[[nodiscard]] Resumed<typename Model::Scalar> resume(Model& model, const std::string& folder,
                                                     const LoadOptions& options = {}) {
  std::vector<std::string> passed_over;
  auto resumed = detail::load_latest(model, folder, options, passed_over);
  detail::FolderLock lock(folder);
  if (!passed_over.empty() && lock.take() == detail::Locking::held) {
    // Until now a training may have been under way, and written a damaged one anew: compute_loss again before renaming.
    resumed = detail::load_latest(model, folder, options, passed_over);
    if (resumed)
      for (const std::string& damaged : passed_over) detail::set_aside(damaged, ".damaged");
  }
  if (!resumed && !resumed.damaged.empty()) throw FileError(resumed.damaged.front());
  return resumed;
}

}  // namespace eigencoder
