#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#if __has_include(<unistd.h>) && !defined(_WIN32)
#define EIGENCODER_HAS_POSIX 1
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

/// @file
/// Replaces the contents of a file atomically. The new contents go to a temporary file beside it,
/// "<stem>.eigencoder-part<number>", which is flushed to the disk and then renamed. The stem is the file's name, or the
/// beginning of a long one, so that the temporary name is never too long where the file's is not. Temporary files of
/// the same stem differ by their numbers.
/// A writer locks its temporary file, and only the holder of the lock may rename or remove the file. The lock ends once
/// the process and all children that it forked meanwhile have ended (`exec` closes their copies), so a temporary file
/// that nobody has locked is stale. Functions that return `int` return 0 or the `errno` of a failure.
namespace eigencoder::detail {

/// The contents of a file, one piece after another.
using FilePieces = std::span<const std::span<const std::uint8_t>>;

inline constexpr std::string_view temporary_mark = ".eigencoder-part";

/// The stem of a file's temporary files: its name, cut to at most 64 bytes, not within a UTF-8 character.
inline std::string_view temporary_stem(std::string_view name) {
  constexpr std::size_t max_size = 64;
  if (name.size() <= max_size) return name;
  std::size_t end = max_size;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end > 0 ? end : max_size);
}

/// The name of a temporary file.
inline std::string temporary_name(std::string_view stem, int number) {
  return std::string(stem).append(temporary_mark).append(std::to_string(number));
}

/// The stem of a temporary file's name; empty for any other name.
inline std::string_view stem_of_temporary(std::string_view name) {
  const auto mark = name.rfind(temporary_mark);
  if (mark == name.npos) return {};
  const std::string_view number = name.substr(mark + temporary_mark.size());
  return number.empty() || number.find_first_not_of("0123456789") != number.npos ? "" : name.substr(0, mark);
}

#ifdef EIGENCODER_HAS_POSIX

/// An open file, which the destructor closes. A failing `close` is ignored: `fsync` has reported all errors before.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (*this) ::close(number_);
  }
  explicit operator bool() const { return number_ >= 0; }
  int operator*() const { return number_; }
  /// Locks the file, without waiting. False, and `errno` set, where another process has locked it, or on a failure.
  bool lock() const {
    int result = 0;
    do result = ::flock(number_, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result == 0;
  }

 private:
  int number_;
};

/// Opens a file; retries where a signal interrupted that. A relative path is resolved from the open folder `at`.
inline Descriptor open_descriptor(const std::string& path, int flags, mode_t mode = 0, int at = AT_FDCWD) {
  for (;;)
    if (const int file = ::openat(at, path.c_str(), flags | O_CLOEXEC, mode); file >= 0 || errno != EINTR)
      return Descriptor(file);
}

/// An open folder, from which the names of its files are resolved: so a path near the system's limit of length does not
/// exceed it by a temporary name. A folder that cannot be opened is reached by its path.
struct FolderDescriptor {
  std::string path;  ///< empty: the current folder
  Descriptor open = open_descriptor(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);

  /// The folder for the system's functions `openat`, `unlinkat`, ...
  int at() const { return open ? *open : AT_FDCWD; }
  /// The path of a file for these functions.
  std::string name(const std::string& file) const {
    return open || path.empty() ? file : path + '/' + file;
  }
};

inline int write_all(const Descriptor& file, FilePieces pieces) {
  constexpr std::size_t limit = std::size_t{1} << 30;  // some systems refuse to write more at once
  for (std::span<const std::uint8_t> rest : pieces)
    while (!rest.empty()) {
      const ssize_t n = ::write(*file, rest.data(), rest.size() < limit ? rest.size() : limit);
      if (n < 0 && errno != EINTR) return errno;
      if (n == 0) return EIO;
      if (n > 0) rest = rest.subspan(static_cast<std::size_t>(n));
    }
  return 0;
}

inline int flush(const Descriptor& file) {
  while (::fsync(*file) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

/// A temporary file, open and locked.
struct TemporaryFile {
  Descriptor file;   ///< none, and `errno` set, where it could not be created
  std::string name;  ///< to be resolved from the open folder
};
/// Creates a temporary file for new contents of `target`.
inline TemporaryFile create_temporary(const FolderDescriptor& folder, std::string_view target, mode_t mode) {
  constexpr int max_writers = 10000;  // of one stem at the same time
  for (int n = 0;; ++n) {
    TemporaryFile created{Descriptor(), folder.name(temporary_name(temporary_stem(target), n))};
    created.file = open_descriptor(created.name, O_WRONLY | O_CREAT | O_EXCL, mode, folder.at());
    if (!created.file && (errno != EEXIST || n >= max_writers)) return created;
    if (!created.file) continue;
    // Before it is locked, the new file looks stale: another process may have removed it, or locked it to remove it.
    // File systems without locks give another error; there no file is ever removed as stale.
    struct stat now = {};
    const bool lost = !created.file.lock() && errno == EWOULDBLOCK;
    if (!lost && (::fstat(*created.file, &now) != 0 || now.st_nlink > 0)) return created;
  }
}

/// Whether a path still names this open file, not another one or none. A relative path is resolved from the open folder
/// `at`.
inline bool is_named(const Descriptor& file, const std::string& path, int at = AT_FDCWD) {
  struct stat opened = {}, named = {};
  return ::fstat(*file, &opened) == 0 && ::fstatat(at, path.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// Removes a temporary file from a folder unless it is locked. @returns whether it was removed
inline bool remove_if_stale(const std::string& folder, const std::string& temporary) {
  const FolderDescriptor in{folder};
  const std::string name = in.name(temporary);
  const Descriptor file = open_descriptor(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0, in.at());
  return file && file.lock() && is_named(file, name, in.at()) && ::unlinkat(in.at(), name.c_str(), 0) == 0;
}

/// Creates and removes a temporary file for `target`, to find out whether that is possible.
inline int try_temporary(const std::filesystem::path& target) {
  const FolderDescriptor folder{target.parent_path().string()};
  const TemporaryFile created = create_temporary(folder, target.filename().string(), 0666);
  return created.file && ::unlinkat(folder.at(), created.name.c_str(), 0) == 0 ? 0 : errno;
}

/// The size of an open file, even if another one has its name by now.
inline int size_of(std::FILE* file, const std::string&, std::uint64_t& size) {
  struct stat now = {};
  if (::fstat(::fileno(file), &now) != 0) return errno;
  size = static_cast<std::uint64_t>(now.st_size);
  return 0;
}

/// Writes to a device or pipe directly.
inline int write_through(const std::string& path, FilePieces pieces) {
  const Descriptor device = open_descriptor(path, O_WRONLY | O_NOCTTY);
  return device ? write_all(device, pieces) : errno;
}

/// Replaces `target`, a path that is no link, by a file of these contents (and permissions, if given). On an error,
/// nothing has changed.
inline int replace_file(const std::filesystem::path& target, std::optional<std::filesystem::perms> permissions,
                        FilePieces pieces) {
  const FolderDescriptor folder{target.parent_path().string()};
  const std::string name = target.filename().string();
  const TemporaryFile created = create_temporary(folder, name, permissions ? 0600 : 0666);
  if (!created.file) return errno;
  const auto give_up = [&](int error) {
    ::unlinkat(folder.at(), created.name.c_str(), 0);
    return error;
  };
  if (const int error = write_all(created.file, pieces)) return give_up(error);
  if (permissions && ::fchmod(*created.file, static_cast<mode_t>(*permissions)) != 0) return give_up(errno);
  if (const int error = flush(created.file)) return give_up(error);
  // The folder is flushed before the renaming too, since a failure then loses nothing. After it there is no way back,
  // and none is needed: whichever of the two files a crash leaves is whole. Some file systems cannot flush folders.
  if (folder.open)
    if (const int error = flush(folder.open); error != 0 && error != EINVAL && error != ENOTSUP) return give_up(error);
  if (::renameat(folder.at(), created.name.c_str(), folder.at(), folder.name(name).c_str()) != 0)
    return give_up(errno);
  if (folder.open) flush(folder.open);
  return 0;
}

#else  // the standard library can neither flush to the disk nor lock

inline bool remove_if_stale(const std::string&, const std::string&) { return false; }

inline int size_of(std::FILE*, const std::string& path, std::uint64_t& size) {
  std::error_code error;
  size = std::filesystem::file_size(path, error);
  return error.default_error_condition().value();
}

inline int write_all(std::FILE* file, FilePieces pieces) {
  if (file == nullptr) return errno;
  int error = 0;
  for (const auto piece : pieces)
    if (error == 0 && std::fwrite(piece.data(), 1, piece.size(), file) != piece.size()) error = errno;
  return std::fclose(file) != 0 && error == 0 ? errno : error;
}

inline int write_through(const std::string& path, FilePieces pieces) {
  return write_all(std::fopen(path.c_str(), "wb"), pieces);
}

inline int try_temporary(const std::filesystem::path& target) {
  const std::string stem(temporary_stem(target.filename().string()));
  const std::string created = (target.parent_path() / temporary_name(stem, 0)).string();
  const int error = write_all(std::fopen(created.c_str(), "wb"), {});
  std::remove(created.c_str());
  return error;
}

inline int replace_file(const std::filesystem::path& target, std::optional<std::filesystem::perms> permissions,
                        FilePieces pieces) {
  const std::string name = target.filename().string();
  std::string created;
  std::FILE* file = nullptr;
  for (int n = 0; file == nullptr; ++n) {
    created = (target.parent_path() / temporary_name(temporary_stem(name), n)).string();
    file = std::fopen(created.c_str(), "wbx");
    if (file == nullptr && (errno != EEXIST || n == 10000)) return errno;
  }
  std::error_code error(write_all(file, pieces), std::generic_category()), ignored;
  if (!error && permissions) std::filesystem::permissions(created, *permissions, ignored);
  if (!error) std::filesystem::rename(created, target, error);
  if (error) std::filesystem::remove(created, ignored);
  return error.default_error_condition().value();
}

#endif

}  // namespace eigencoder::detail
