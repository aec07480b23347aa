#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/core/errors.hpp>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

/// @file
/// Whole files in and out, every step checked, every error a `FileError` that names the file.
namespace eigencoder::detail {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] inline void fail_file(const char* action, const std::string& path, const std::string& reason) {
  throw FileError(message({"cannot ", action, " '", path, "': ", reason}));
}

/// The bytes of a regular file. @throws FileError
inline std::vector<std::uint8_t> read_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) fail_file("read", path, error.message());
  if (std::filesystem::is_directory(status)) fail_file("read", path, "it is a folder");
  if (!std::filesystem::is_regular_file(status)) fail_file("read", path, "it is not a regular file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) fail_file("read", path, error.message());

  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) fail_file("read", path, std::strerror(errno));
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
    fail_file("read", path, std::ferror(file.get()) ? std::strerror(errno) : "it ended early");
  return bytes;
}

/// Writes, flushes and closes `file`; the reason of the first failure, empty where there is none.
inline std::string write_and_close(File file, std::span<const std::uint8_t> bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() || std::fflush(file.get()) != 0)
    return std::strerror(errno);
  return std::fclose(file.release()) == 0 ? "" : std::strerror(errno);
}

/// Puts `bytes` into a file: wholly, or what was there stays as it was. They go to a new file beside it,
/// which then takes its name; only a device or a pipe is written to directly. @throws FileError
inline void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) fail_file("write", path, "it is a folder");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    File device(std::fopen(path.c_str(), "wb"));
    if (!device) fail_file("write", path, std::strerror(errno));
    const std::string reason = write_and_close(std::move(device), bytes);
    if (!reason.empty()) fail_file("write", path, reason);
    return;
  }

  fs::path target = path;  // through links, which should stay links
  if (fs::exists(status)) {
    target = fs::canonical(path, error);
    if (error) fail_file("write", path, error.message());
  }
  std::string part;
  File file;
  for (int n = 0; !file; ++n) {  // "x": a file that someone else is writing is not ours
    part = target.string() + ".part" + std::to_string(n);
    file.reset(std::fopen(part.c_str(), "wbx"));
    if (!file && (errno != EEXIST || n == 99)) fail_file("write", path, std::strerror(errno));
  }
  std::string reason = write_and_close(std::move(file), bytes);
  if (reason.empty()) {
    if (fs::exists(status)) fs::permissions(part, status.permissions(), error);
    fs::rename(part, target, error);
    if (!error) return;
    reason = error.message();
  }
  fs::remove(part, error);
  fail_file("write", path, reason);
}

}  // namespace eigencoder::detail
