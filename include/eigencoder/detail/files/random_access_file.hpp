#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/detail/files/file.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// A regular file that is read piece by piece, at any place. All members throw FileError naming it.
class RandomAccessFile {
 public:
  explicit RandomAccessFile(std::string path) : path_(std::move(path)) {
    OpenFile in = open_to_read(path_);
    file_ = std::move(in.file);
    size_ = in.size;
  }

  const std::string& name() const { return path_; }
  /// In bytes, when it was opened.
  std::uint64_t size() const { return size_; }

  /// Fills `out` with the bytes from `offset`.
  void read(std::uint64_t offset, std::span<std::uint8_t> out) const {
    while (!out.empty()) {
      const std::size_t got = read_some(offset, out);
      if (got == 0) fail_file("read", path_, "it has become shorter since it was opened");
      offset += got;
      out = out.subspan(got);
    }
  }

  /// Its first `count` bytes, or all there are.
  std::vector<std::uint8_t> beginning(std::size_t count) const {
    std::vector<std::uint8_t> bytes(size_ < count ? static_cast<std::size_t>(size_) : count);
    read(0, bytes);
    return bytes;
  }

 private:
#ifdef EIGENCODER_HAS_POSIX
  std::size_t read_some(std::uint64_t offset, std::span<std::uint8_t> out) const {
    for (;;) {
      const ssize_t got = ::pread(::fileno(file_.get()), out.data(), out.size(), static_cast<off_t>(offset));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail_file("read", path_, std::strerror(errno));
    }
  }
#else
  std::size_t read_some(std::uint64_t offset, std::span<std::uint8_t> out) const {
#ifdef _WIN32
    const int failed = ::_fseeki64(file_.get(), static_cast<long long>(offset), SEEK_SET);
#else
    const int failed = std::fseek(file_.get(), static_cast<long>(offset), SEEK_SET);
#endif
    const std::size_t got = failed ? 0 : std::fread(out.data(), 1, out.size(), file_.get());
    if (failed || std::ferror(file_.get())) fail_file("read", path_, std::strerror(errno));
    return got;
  }
#endif

  std::string path_;
  File file_;
  std::uint64_t size_ = 0;
};

}  // namespace eigencoder::detail
