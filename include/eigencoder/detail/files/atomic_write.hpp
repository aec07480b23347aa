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
/// New contents for a file, which take its place as a whole. They go to a temporary file beside it, the *part*
/// "<stem>.eigencoder-part<number>", which is flushed to the disk and then renamed. The stem is the file's name, or the
/// beginning of a long one: a part's name fits wherever the file's does. Files that share a stem differ by the number.
/// Whoever writes a part holds a lock on it, and only who holds the lock may rename or remove it. The lock ends once
/// the process and all children that it forked meanwhile (`exec` closes their copies) have ended, so a part that nobody
/// holds is stale. Functions that return `int` return 0 or the `errno` of a failure.
namespace eigencoder::detail {

/// The contents of a file, piece after piece.
using FilePieces = std::span<const std::span<const std::uint8_t>>;

inline constexpr std::string_view part_mark = ".eigencoder-part";

/// What the parts of a file begin with: its name, or at most 64 bytes of it, without half a UTF-8 character at the end.
inline std::string_view part_stem(std::string_view name) {
  constexpr std::size_t longest = 64;
  if (name.size() <= longest) return name;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end > 0 ? end : longest);
}

/// The name of a file's part.
inline std::string name_of_part(std::string_view stem, int number) {
  return std::string(stem).append(part_mark).append(std::to_string(number));
}

/// The stem of this part; empty where the name is that of no part.
inline std::string_view stem_of_part(std::string_view name) {
  const auto mark = name.rfind(part_mark);
  if (mark == name.npos) return {};
  const std::string_view number = name.substr(mark + part_mark.size());
  return number.empty() || number.find_first_not_of("0123456789") != number.npos ? "" : name.substr(0, mark);
}

#ifdef EIGENCODER_HAS_POSIX

/// An open file, closed at the end. A failing `close` tells nothing that `fsync` has not told.
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
  bool lock() const {
    int result = 0;
    do result = ::flock(number_, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result == 0;
  }

 private:
  int number_;
};

/// Opens a file, again where a signal interrupted that. A relative path begins at the open folder `at`.
inline Descriptor open_file(const std::string& path, int flags, mode_t mode = 0, int at = AT_FDCWD) {
  for (;;)
    if (const int file = ::openat(at, path.c_str(), flags | O_CLOEXEC, mode); file >= 0 || errno != EINTR)
      return Descriptor(file);
}

/// A folder whose files are named within it, so that a path near the system's limit leaves room for a part's name.
/// One that may not be opened is reached by its path.
struct OpenFolder {
  std::string path;  ///< empty: the current folder
  Descriptor open = open_file(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);

  int at() const { return open ? *open : AT_FDCWD; }
  std::string name(const std::string& file) const {
    return open || path.empty() ? file : path + '/' + file;
  }
};

inline int write_all(const Descriptor& file, FilePieces pieces) {
  constexpr std::size_t most = std::size_t{1} << 30;  // some systems refuse more at a time
  for (std::span<const std::uint8_t> rest : pieces)
    while (!rest.empty()) {
      const ssize_t n = ::write(*file, rest.data(), rest.size() < most ? rest.size() : most);
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

/// A part of its own for a writer, open and locked; without a file (and `errno` set) where there can be none.
struct Part {
  Descriptor file;
  std::string name;  ///< for the functions that begin at the open folder
};
inline Part create_part(const OpenFolder& folder, std::string_view target, mode_t mode) {
  constexpr int most = 10000;  // writers of one stem at a time
  for (int n = 0;; ++n) {
    Part part{Descriptor(), folder.name(name_of_part(part_stem(target), n))};
    part.file = open_file(part.name, O_WRONLY | O_CREAT | O_EXCL, mode, folder.at());
    if (!part.file && (errno != EEXIST || n >= most)) return part;
    if (!part.file) continue;
    // Between its creation and its lock, a part looks stale: another process may have removed it or be about to.
    // File systems without locks refuse otherwise; there nothing is ever removed as stale.
    struct stat now = {};
    const bool lost = !part.file.lock() && errno == EWOULDBLOCK;
    if (!lost && (::fstat(*part.file, &now) != 0 || now.st_nlink > 0)) return part;
  }
}

/// Whether this name still stands for this open file, and not for another one or none. A relative path begins at the
/// open folder `at`.
inline bool is_named(const Descriptor& file, const std::string& path, int at = AT_FDCWD) {
  struct stat opened = {}, named = {};
  return ::fstat(*file, &opened) == 0 && ::fstatat(at, path.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// Removes a part in a folder, if nobody holds it. Whether it did.
inline bool remove_if_stale(const std::string& folder, const std::string& part) {
  const OpenFolder in{folder};
  const std::string name = in.name(part);
  const Descriptor file = open_file(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0, in.at());
  return file && file.lock() && is_named(file, name, in.at()) && ::unlinkat(in.at(), name.c_str(), 0) == 0;
}

/// Whether a part of `target` can be written.
inline int try_part(const std::filesystem::path& target) {
  const OpenFolder folder{target.parent_path().string()};
  const Part part = create_part(folder, target.filename().string(), 0666);
  return part.file && ::unlinkat(folder.at(), part.name.c_str(), 0) == 0 ? 0 : errno;
}

/// The size of an open file, whatever has its name by now.
inline int size_of(std::FILE* file, const std::string&, std::uint64_t& size) {
  struct stat now = {};
  if (::fstat(::fileno(file), &now) != 0) return errno;
  size = static_cast<std::uint64_t>(now.st_size);
  return 0;
}

/// Writes the contents of a device or pipe, in place.
inline int write_through(const std::string& path, FilePieces pieces) {
  const Descriptor device = open_file(path, O_WRONLY | O_NOCTTY);
  return device ? write_all(device, pieces) : errno;
}

/// Replaces `target`, with these permissions where given: wholly, or with an error and as if nothing had happened.
inline int replace_file(const std::filesystem::path& target, std::optional<std::filesystem::perms> permissions,
                        FilePieces pieces) {
  const OpenFolder folder{target.parent_path().string()};
  const std::string name = target.filename().string();
  const Part part = create_part(folder, name, permissions ? 0600 : 0666);
  if (!part.file) return errno;
  const auto finish = [&](int error) {
    if (error != 0) ::unlinkat(folder.at(), part.name.c_str(), 0);
    return error;
  };
  if (const int error = write_all(part.file, pieces)) return finish(error);
  if (permissions && ::fchmod(*part.file, static_cast<mode_t>(*permissions)) != 0) return finish(errno);
  if (const int error = flush(part.file)) return finish(error);
  // A folder that cannot be flushed is told now, while nothing is lost; after the renaming there is no way back
  // (and no need of one: whichever name a crash leaves stands for a whole file). Some file systems cannot do it at all.
  if (folder.open)
    if (const int error = flush(folder.open); error != 0 && error != EINVAL && error != ENOTSUP) return finish(error);
  if (::renameat(folder.at(), part.name.c_str(), folder.at(), folder.name(name).c_str()) != 0) return finish(errno);
  if (folder.open) flush(folder.open);
  return 0;
}

#else  // the standard library alone, which can neither flush to the disk nor lock

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

inline int try_part(const std::filesystem::path& target) {
  const std::string part = (target.parent_path() / name_of_part(part_stem(target.filename().string()), 0)).string();
  const int error = write_all(std::fopen(part.c_str(), "wb"), {});
  std::remove(part.c_str());
  return error;
}

inline int replace_file(const std::filesystem::path& target, std::optional<std::filesystem::perms> permissions,
                        FilePieces pieces) {
  const std::string name = target.filename().string();
  std::string part;
  std::FILE* file = nullptr;
  for (int n = 0; file == nullptr; ++n) {
    part = (target.parent_path() / name_of_part(part_stem(name), n)).string();
    file = std::fopen(part.c_str(), "wbx");
    if (file == nullptr && (errno != EEXIST || n == 10000)) return errno;
  }
  std::error_code error(write_all(file, pieces), std::generic_category()), ignored;
  if (!error && permissions) std::filesystem::permissions(part, *permissions, ignored);
  if (!error) std::filesystem::rename(part, target, error);
  if (error) std::filesystem::remove(part, ignored);
  return error.default_error_condition().value();
}

#endif

}  // namespace eigencoder::detail
