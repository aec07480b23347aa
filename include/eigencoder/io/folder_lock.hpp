#pragma once

#include <cerrno>
#include <eigencoder/io/part_file.hpp>
#include <string>
#include <utility>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <stdlib.h>
#include <sys/stat.h>
#endif

/// @file
/// A lock on a folder: a file "eigencoder.lock" in it, which one holder at a time has open and locked. The lock ends
/// with its process, however that ends, and whoever comes next takes over the file that was left. It also keeps two
/// holders in one process apart.
namespace eigencoder::detail {

enum class Locking {
  held,
  by_another,
  impossible,  ///< the folder cannot hold a lock file, or its file system has no locks
};

/// Holds the lock of a folder from `take` until it is destroyed, which removes the file.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder) : path_((folder / "eigencoder.lock").string()) {}
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

#ifdef EIGENCODER_HAS_POSIX

  ~FolderLock() {
    // A process forked meanwhile has a copy of this, but no part in the lock.
    if (file_ && owner_ == ::getpid() && is_named(file_, path_)) ::unlink(path_.c_str());
  }

  /// Takes the lock, unless this holds it already; anew where the file is gone, say with its folder.
  Locking take() {
    for (int attempt = 0; attempt < 1000; ++attempt) {
      if (file_ && is_named(file_, path_)) return Locking::held;
      constexpr int safely = O_NOFOLLOW | O_NONBLOCK;  // whatever has that name
      file_ = open_file(path_, O_RDWR | O_CREAT | safely, 0666);
      if (!file_) file_ = open_file(path_, O_RDONLY | safely);  // another user's, left behind
      if (!file_) return Locking::impossible;
      owner_ = ::getpid();
      if (file_.lock()) continue;  // and now look whether its last holder removed the file meanwhile
      const bool by_another = errno == EWOULDBLOCK || errno == EACCES;  // the latter of a network's files
      file_ = Descriptor();
      if (!by_another) ::unlink(path_.c_str());
      return by_another ? Locking::by_another : Locking::impossible;
    }
    return Locking::impossible;
  }

 private:
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
    return _doserrno == sharing_violation ? Locking::by_another : Locking::impossible;
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
