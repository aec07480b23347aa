#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/atomic_write.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <stdlib.h>
#include <sys/stat.h>
#endif

/// @file
/// The files of a checkpoint folder: "checkpoint-000000000042.safetensors" after 42 training steps, and a lock.
///
/// The lock is a file "eigencoder.lock", which one holder at a time has open and locked, also among several in one
/// process. The lock of a killed process ends once the process and all children that it forked meanwhile have ended
/// (`exec` closes their copies of the file); the next holder takes over the file that was left.
namespace eigencoder::detail {

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

/// Whether the first checkpoint is of more steps than the second.
inline bool is_later_checkpoint(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

/// Appends `ending` to a file's name, so that it is no longer found as a checkpoint. An error is ignored.
inline void set_aside(const std::filesystem::path& path, const char* ending) {
  std::error_code ignored;
  std::filesystem::rename(path, path.string() + ending, ignored);
}

/// The names of a folder's checkpoints, the latest first; empty if there is no such folder. Removes temporary files of
/// writers that were killed. @throws FileError if the folder cannot be read
inline std::vector<std::string> checkpoints_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  const fs::file_type type = fs::status(folder, error).type();
  if (type == fs::file_type::not_found) return names;
  if (error) fail_file("read the folder", folder, error.message());
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_checkpoint(name)) names.push_back(name);
    else if (is_checkpoint(stem_of_temporary(name))) remove_if_stale(folder, name);
  }
  if (error) fail_file("read the folder", folder, error.message());
  std::sort(names.begin(), names.end(), is_later_checkpoint);
  return names;
}

/// The outcome of an attempt to lock a folder.
enum class Locking {
  held,        ///< by this
  by_another,  ///< held by another
  impossible,  ///< the folder cannot hold a lock file, or its file system has no locks
  unknown,     ///< there is a lock file that cannot be opened or locked, say another user's; `errno` says why
};

/// Holds the lock of a folder from `take` until it is destroyed, which removes the file.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder) : path_((folder / "eigencoder.lock").string()) {}
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

#ifdef EIGENCODER_HAS_POSIX

  ~FolderLock() {
    // A child forked meanwhile has a copy of this object, but does not hold the lock.
    if (file_ && owner_ == ::getpid() && is_named(file_, path_)) ::unlink(path_.c_str());
  }

  /// Takes the lock, unless this holds it already. Takes it again where the file is gone (say, with its folder), and in
  /// a process that was forked from the holder.
  Locking take() {
    for (int attempt = 0; attempt < 1000; ++attempt) {
      if (file_ && owner_ == ::getpid() && is_named(file_, path_)) return Locking::held;
      constexpr int safely = O_NOFOLLOW | O_NONBLOCK;  // in case it is a link or a pipe
      file_ = open_descriptor(path_, O_RDWR | O_CREAT | O_EXCL | safely, 0666);
      const bool created(file_);
      if (!created && errno != EEXIST) return Locking::impossible;
      if (!created) file_ = open_descriptor(path_, O_RDWR | safely);
      if (!file_ && errno == EACCES) file_ = open_descriptor(path_, O_RDONLY | safely);  // another user's
      if (!file_ && errno == ENOENT) continue;                                    // removed meanwhile
      if (!file_) return Locking::unknown;
      owner_ = ::getpid();
      if (file_.lock()) continue;  // now check that its last holder did not remove the file meanwhile
      return refused(errno, created);
    }
    errno = EAGAIN;
    return Locking::unknown;
  }

 private:
  /// Closes a file that could not be locked. Network file systems refuse to lock a file that is open only for reading;
  /// so if the file existed before, only some errors mean that there are no locks.
  Locking refused(int error, bool created) {
    file_ = Descriptor();
    if (error == EWOULDBLOCK || error == EACCES) return Locking::by_another;  // EACCES: on network file systems
    if (created) ::unlink(path_.c_str());
    errno = error;
    return created || error == ENOTSUP || error == EOPNOTSUPP || error == ENOSYS ? Locking::impossible
                                                                                 : Locking::unknown;
  }

  Descriptor file_;
  pid_t owner_ = 0;

#elif defined(_WIN32)

  ~FolderLock() {
    if (file_ >= 0) ::_close(file_);
  }

  /// Takes the lock, unless this holds it already. Windows removes the file when it is closed.
  Locking take() {
    if (file_ >= 0) return Locking::held;
    file_ = ::_sopen(path_.c_str(), _O_RDWR | _O_CREAT | _O_TEMPORARY | _O_NOINHERIT, _SH_DENYRW, _S_IREAD | _S_IWRITE);
    if (file_ >= 0) return Locking::held;
    constexpr unsigned long sharing_violation = 32;
    if (_doserrno == sharing_violation) return Locking::by_another;
    return ::_access(path_.c_str(), 0) == 0 ? Locking::unknown : Locking::impossible;
  }

 private:
  int file_ = -1;

#else

  Locking take() { return Locking::impossible; }

 private:
#endif

  std::string path_;
};

}  // namespace eigencoder::detail
