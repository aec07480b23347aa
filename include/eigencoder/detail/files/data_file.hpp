#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/inflate.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Files that are read in any order. Every member throws `FileError`, which names the file.
namespace eigencoder::detail {

/// A regular file on disk.
class RandomAccessFile {
 public:
  explicit RandomAccessFile(std::string path) : path_(std::move(path)) {
    SizedFile in = open_to_read(path_);
    file_ = std::move(in.file);
    size_ = in.size;
  }

  const std::string& name() const { return path_; }
  /// In bytes, when it was opened.
  std::uint64_t size() const { return size_; }

  /// Fills `out` with the bytes from `offset`.
  void read(std::uint64_t offset, std::span<std::uint8_t> out) const {
    while (!out.empty()) {
      const std::size_t count = read_some(offset, out);
      if (count == 0) fail_file("read", path_, "it has become shorter since it was opened");
      offset += count;
      out = out.subspan(count);
    }
  }

  /// Its first `count` bytes, or all if it has fewer.
  std::vector<std::uint8_t> beginning(std::size_t count) const {
    std::vector<std::uint8_t> bytes(size_ < count ? static_cast<std::size_t>(size_) : count);
    read(0, bytes);
    return bytes;
  }

 private:
#ifdef EIGENCODER_HAS_POSIX
  std::size_t read_some(std::uint64_t offset, std::span<std::uint8_t> out) const {
    for (;;) {
      const ssize_t count = ::pread(::fileno(file_.get()), out.data(), out.size(), static_cast<off_t>(offset));
      if (count >= 0) return static_cast<std::size_t>(count);
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
    const std::size_t count = failed ? 0 : std::fread(out.data(), 1, out.size(), file_.get());
    if (failed || std::ferror(file_.get())) fail_file("read", path_, std::strerror(errno));
    return count;
  }
#endif

  std::string path_;
  File file_;
  std::uint64_t size_ = 0;
};

/// A data file, plain or gzipped (detected by its content), on disk or in memory. A plain file on disk stays there; a
/// gzipped one is inflated into memory, no further than asked for.
class DataFile {
 public:
  explicit DataFile(const std::string& path) : name_(path) {
    RandomAccessFile file(path);
    if (is_gzip(file.beginning(2)))
      packed_.emplace(path);
    else
      file_.emplace(std::move(file));
  }
  /// A file in memory, which must outlive this. @param name  for messages
  DataFile(std::span<const std::uint8_t> file, std::string name) : name_(std::move(name)) {
    if (is_gzip(file))
      packed_.emplace(file, name_);
    else
      memory_ = file;
  }
  DataFile(DataFile&&) = default;
  DataFile& operator=(DataFile&&) = default;

  const std::string& name() const { return name_; }
  /// In bytes; of a gzipped file, the bytes inflated so far.
  std::uint64_t size() const { return file_ ? file_->size() : memory_.size(); }
  /// Whether more bytes may be inflated.
  bool is_packed() const { return packed_.has_value(); }

  /// Inflates the first `count` bytes of a gzipped file, or all if it has fewer. Does nothing to others.
  void inflate(std::uint64_t count) {
    if (!packed_) return;
    read_up_to(count, *packed_, inflated_);
    memory_ = inflated_;
    if (inflated_.size() < count) packed_.reset();  // read to its end
  }

  /// Inflates the rest of a gzipped file without storing it: if the file is damaged, that is the error to report.
  void check_rest() {
    if (packed_) packed_->check_rest();
  }

  /// The first `count` bytes, or all if it has fewer.
  std::vector<std::uint8_t> beginning(std::size_t count) {
    inflate(count);
    if (file_) return file_->beginning(count);
    const auto first = memory_.first(count < memory_.size() ? count : memory_.size());
    return {first.begin(), first.end()};
  }

  /// @throws FileError unless exactly `values` bytes follow its header of `header` bytes
  void expect(std::uint64_t header, std::uint64_t values) {
    inflate(header + values + 1);  // one more byte shows whether something follows
    const std::uint64_t found = size() - header;
    if (found == values) return;
    fail_file("read", name_,
              std::string(found < values ? "it is cut off" : "bytes follow its end") + ": its header claims " +
                  std::to_string(values) + " bytes of values, it has " + (packed_ ? "at least " : "") +
                  std::to_string(found));
  }

  /// `count` bytes from `offset`: a view of memory, or of `buffer`, into which they are read from disk.
  std::span<const std::uint8_t> view(std::uint64_t offset, std::size_t count, std::vector<std::uint8_t>& buffer) const {
    if (!file_) return memory_.subspan(static_cast<std::size_t>(offset), count);
    if (buffer.size() < count) resize_bytes(buffer, count, name_);
    const auto out = std::span(buffer).first(count);
    file_->read(offset, out);
    return out;
  }

 private:
  std::string name_;
  std::optional<RandomAccessFile> file_;  // on disk, not gzipped
  std::optional<ByteStream> packed_;      // gzipped, and not yet inflated to its end
  std::vector<std::uint8_t> inflated_;
  std::span<const std::uint8_t> memory_;  // the file, or what is inflated of it
};

}  // namespace eigencoder::detail
