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
/// "<its name>.eigencoder-part<number>", which is flushed to the disk and then renamed. Whoever writes a part holds
/// a lock on it, and only who holds the lock may rename or remove it: the lock ends with the process, so a part that
/// nobody holds is stale. Functions that return `int` return 0 or the `errno` of what failed.
namespace eigencoder::detail {

/// The contents of a file, piece after piece.
using FilePieces = std::span<const std::span<const std::uint8_t>>;

inline constexpr std::string_view part_mark = ".eigencoder-part";

/// The name of the file whose part this is; empty where it is none.
inline std::string_view target_of_part(std::string_view name) {
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
  bool lock() const { return ::flock(number_, LOCK_EX | LOCK_NB) == 0; }

 private:
  int number_;
};

/// Opens a file, again where a signal interrupted that.
inline Descriptor open_file(const std::string& path, int flags, mode_t mode = 0) {
  for (;;)
    if (const int file = ::open(path.c_str(), flags | O_CLOEXEC, mode); file >= 0 || errno != EINTR)
      return Descriptor(file);
}

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
  std::string path;
};
inline Part create_part(const std::string& target, mode_t mode) {
  constexpr int most = 10000;  // writers of one file at a time
  for (int n = 0;; ++n) {
    Part part{Descriptor(), target + std::string(part_mark) + std::to_string(n)};
    part.file = open_file(part.path, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (!part.file && (errno != EEXIST || n >= most)) return part;
    if (!part.file) continue;
    // Between its creation and its lock, a part looks stale: another process may have removed it or be about to.
    // File systems without locks refuse otherwise; there nothing is ever removed as stale.
    struct stat now = {};
    const bool lost = !part.file.lock() && errno == EWOULDBLOCK;
    if (!lost && (::fstat(*part.file, &now) != 0 || now.st_nlink > 0)) return part;
  }
}

/// Removes a part, if nobody holds it. Whether it did.
inline bool remove_if_stale(const std::string& part) {
  const Descriptor file = open_file(part, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  struct stat locked = {}, named = {};
  return file && file.lock() && ::fstat(*file, &locked) == 0 && ::lstat(part.c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino &&  // not renamed meanwhile
         ::unlink(part.c_str()) == 0;
}

/// Whether a part of `target` can be written.
inline int try_part(const std::string& target) {
  const Part part = create_part(target, 0666);
  return part.file && ::unlink(part.path.c_str()) == 0 ? 0 : errno;
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
  const Part part = create_part(target.string(), permissions ? 0600 : 0666);
  if (!part.file) return errno;
  const auto finish = [&](int error) {
    if (error != 0) ::unlink(part.path.c_str());
    return error;
  };
  if (const int error = write_all(part.file, pieces)) return finish(error);
  if (permissions && ::fchmod(*part.file, static_cast<mode_t>(*permissions)) != 0) return finish(errno);
  if (const int error = flush(part.file)) return finish(error);
  // A folder that cannot be flushed is told now, while nothing is lost; after the renaming there is no way back
  // (and no need of one: whichever name a crash leaves stands for a whole file). Some file systems cannot do it at all.
  const std::string folder = target.parent_path().string();
  const Descriptor names = open_file(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (names)
    if (const int error = flush(names); error != 0 && error != EINVAL && error != ENOTSUP) return finish(error);
  if (::rename(part.path.c_str(), target.c_str()) != 0) return finish(errno);
  if (names) flush(names);
  return 0;
}

#else  // the standard library alone, which can neither flush to the disk nor lock

inline bool remove_if_stale(const std::string&) { return false; }

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

inline int try_part(const std::string& target) {
  const std::string part = target + std::string(part_mark) + "0";
  const int error = write_all(std::fopen(part.c_str(), "wb"), {});
  std::remove(part.c_str());
  return error;
}

inline int replace_file(const std::filesystem::path& target, std::optional<std::filesystem::perms> permissions,
                        FilePieces pieces) {
  std::string part;
  std::FILE* file = nullptr;
  for (int n = 0; file == nullptr; ++n) {
    part = target.string() + std::string(part_mark) + std::to_string(n);
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
