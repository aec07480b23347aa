#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/gunzip.hpp>
#include <eigencoder/detail/files/random_access_file.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// The bytes of a data file, to be read at any place. A file on disk stays there; a gzipped one (told by its content)
/// is inflated into memory, no further than asked for. All members throw FileError naming the file.
class DataBytes {
 public:
  explicit DataBytes(const std::string& path) : name_(path) {
    RandomAccessFile file(path);
    if (is_gzip(file.beginning(2)))
      packed_.emplace(path);
    else
      file_.emplace(std::move(file));
  }
  /// Of a file that is in memory, and stays there. @param name  for messages
  DataBytes(std::span<const std::uint8_t> file, std::string name) : name_(std::move(name)) {
    if (is_gzip(file))
      packed_.emplace(file, name_);
    else
      memory_ = file;
  }
  DataBytes(DataBytes&&) = default;
  DataBytes& operator=(DataBytes&&) = default;

  const std::string& name() const { return name_; }
  /// In bytes; of a gzipped file, so many as are inflated.
  std::uint64_t size() const { return file_ ? file_->size() : memory_.size(); }
  /// Whether more bytes may be inflated.
  bool is_packed() const { return packed_.has_value(); }

  /// Inflates a gzipped file: its first `most` bytes, or all of it. Nothing happens to others.
  void inflate(std::uint64_t most) {
    if (!packed_) return;
    read_up_to(most, *packed_, inflated_);
    memory_ = inflated_;
    if (inflated_.size() < most) packed_.reset();  // read to its end
  }

  /// Inflates what is left of a gzipped file, and drops it: where it is damaged, that is why its bytes make no sense.
  void check_rest() {
    if (packed_) packed_->check_rest();
  }

  /// The first `count` bytes, or all there are.
  std::vector<std::uint8_t> beginning(std::size_t count) {
    inflate(count);
    if (file_) return file_->beginning(count);
    const auto first = memory_.first(count < memory_.size() ? count : memory_.size());
    return {first.begin(), first.end()};
  }

  /// Refuses a file that has not exactly so many bytes of values behind its header, which claims them.
  void expect(std::uint64_t header, std::uint64_t values) {
    inflate(header + values + 1);  // one byte more tells whether something follows
    const std::uint64_t held = size() - header;
    if (held == values) return;
    fail_file("read", name_,
              std::string(held < values ? "it is cut off" : "bytes follow its end") + ": its header claims " +
                  std::to_string(values) + " bytes of values, it has " + (packed_ ? "at least " : "") +
                  std::to_string(held));
  }

  /// `count` bytes from `offset`: where they lie in memory, or read into `room`.
  std::span<const std::uint8_t> view(std::uint64_t offset, std::size_t count, std::vector<std::uint8_t>& room) const {
    if (!file_) return memory_.subspan(static_cast<std::size_t>(offset), count);
    if (room.size() < count) resize_bytes(room, count, name_);
    const auto out = std::span(room).first(count);
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
