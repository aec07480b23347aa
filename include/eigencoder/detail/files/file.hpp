#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/detail/files/atomic_write.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// @file
/// Whole files in and out, every step checked, every error a `FileError` that names the file.
namespace eigencoder::detail {

/// Closes a `File`. A file that was only read has nothing to lose by a failing `fclose`.
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// @throws FileError always: "cannot <action> '<path>': <reason>"
[[noreturn]] inline void fail_file(const char* action, const std::string& path, const std::string& reason) {
  throw FileError(message({"cannot ", action, " '", path, "': ", reason}));
}

/// A regular file that is open for reading.
struct SizedFile {
  File file;
  std::uint64_t size;  ///< in bytes, when it was opened
};
/// @throws FileError where the path is not that of a regular file that can be read
inline SizedFile open_to_read(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) fail_file("read", path, error.message());
  if (std::filesystem::is_directory(status)) fail_file("read", path, "it is a folder");
  if (!std::filesystem::is_regular_file(status)) fail_file("read", path, "it is not a regular file");
  SizedFile in{File(std::fopen(path.c_str(), "rb")), 0};
  if (!in.file) fail_file("read", path, std::strerror(errno));
  if (const int reason = size_of(in.file.get(), path, in.size)) fail_file("read", path, std::strerror(reason));
  return in;
}

/// Fills `out` with the next bytes of a file. @throws FileError where it has fewer
inline void read_into(std::span<std::uint8_t> out, std::FILE* file, const std::string& path) {
  if (std::fread(out.data(), 1, out.size(), file) != out.size())
    fail_file("read", path, std::ferror(file) ? std::strerror(errno) : "it ended early");
}

/// Calls `allocate()`, which allocates memory for `what` ("its rows") of a file. @throws FileError where that fails
template <class Allocate>
void allocate_for_file(const std::string& path, const std::string& what, const Allocate& allocate) {
  const auto fail = [&] { fail_file("read", path, what + " do not fit into the memory"); };
  try {
    allocate();
  } catch (const std::bad_alloc&) {
    fail();
  } catch (const std::length_error&) {
    fail();
  }
}

/// Resizes a buffer for bytes of a file. @throws FileError where they do not fit into the memory
inline void resize_bytes(std::vector<std::uint8_t>& bytes, std::uint64_t size, const std::string& path) {
  allocate_for_file(path, std::to_string(size) + " bytes", [&] {
    if (size > bytes.max_size()) throw std::bad_alloc();
    bytes.resize(static_cast<std::size_t>(size));
  });
}

/// The bytes of a regular file. @throws FileError
inline std::vector<std::uint8_t> read_file(const std::string& path) {
  const SizedFile in = open_to_read(path);
  std::vector<std::uint8_t> bytes;
  resize_bytes(bytes, in.size, path);
  read_into(bytes, in.file.get(), path);
  return bytes;
}

/// Removes the temporary files that programs killed while writing left in a folder, where `accepts(stem)` is true (see
/// `temporary_stem`). Files that cannot be removed stay, without an error. @returns the number removed
template <class Accepts>
int remove_stale_temporaries(const std::filesystem::path& folder, const Accepts& accepts) {
  int removed = 0;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::string_view stem = stem_of_temporary(name);
    if (!stem.empty() && accepts(stem) && remove_if_stale(folder.string(), name)) ++removed;
  }
  return removed;
}

/// Replaces the contents of a file by `pieces`, one after another: either wholly, or the old contents stay, also where
/// the program is killed or the power fails. Links stay links and permissions are kept; a device or a pipe is written
/// directly. Where several threads or processes write the same file at once, the last one wins. @throws FileError
inline void write_file(const std::string& path, FilePieces pieces) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) fail_file("write", path, "it is a folder");
  if (status.type() == fs::file_type::none) fail_file("write", path, error.message());
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (const int reason = write_through(path, pieces)) fail_file("write", path, std::strerror(reason));
    return;
  }

  fs::path target = path;
  for (;;) {  // follows links; they form no circle, or `status` would have failed
    const fs::file_type type = fs::symlink_status(target, error).type();
    if (type == fs::file_type::none) fail_file("write", path, error.message());
    if (type != fs::file_type::symlink) break;
    target = target.parent_path() / fs::read_symlink(target, error);
    if (error) fail_file("write", path, error.message());
  }
  std::optional<fs::perms> permissions;
  if (fs::exists(status)) permissions = status.permissions();

  const std::string name = target.filename().string();
  remove_stale_temporaries(target.parent_path(),
                           [&](std::string_view stem) { return temporary_stem(stem) == temporary_stem(name); });
  if (const int reason = replace_file(target, permissions, pieces)) fail_file("write", path, std::strerror(reason));
}

/// The same of contents in one piece. @throws FileError
inline void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  write_file(path, FilePieces(&bytes, 1));
}

}  // namespace eigencoder::detail
