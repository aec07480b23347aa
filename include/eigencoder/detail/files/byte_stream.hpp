#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/inflate.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads a file from start to end, one chunk in memory at a time. A gzip file (detected by its content; of several
/// streams too) is inflated on the way, and its checksums are verified.
/// @throws FileError naming the file, from every member
class ByteStream {
 public:
  explicit ByteStream(const std::string& path) : name_(path), file_(open_to_read(path).file), chunk_(chunk_size) {
    start();
  }
  /// A file in memory, which must outlive this. @param name  for messages
  ByteStream(std::span<const std::uint8_t> file, std::string name) : name_(std::move(name)), rest_(file) { start(); }

  const std::string& name() const { return name_; }

  /// Fills `out`; returns the number of bytes, which is smaller than its size only at the end of the file.
  std::size_t read(std::span<std::uint8_t> out) {
    std::size_t made = 0;
    while (made < out.size()) {
      if (rest_.empty()) refill();
      if (rest_.empty() && (!inflater_ || ended_)) break;
      if (!inflater_) {
        const std::size_t n = rest_.size() < out.size() - made ? rest_.size() : out.size() - made;
        std::memcpy(out.data() + made, rest_.data(), n);
        rest_ = rest_.subspan(n);
        made += n;
      } else {
        if (ended_) restart();
        const Inflater::Progress now = inflater_->run(rest_, out.subspan(made));
        if (now.consumed == 0 && now.produced == 0 && !now.ended)
          fail_file("read", name_, "its gzip stream is cut off");
        rest_ = rest_.subspan(now.consumed);
        made += now.produced;
        ended_ = now.ended;
      }
    }
    return made;
  }

  /// Reads the rest of a gzip file without storing it: if the file is damaged, that is the error to report.
  void check_rest() {
    std::vector<std::uint8_t> ignored(inflater_ ? chunk_size : 0);
    while (!ignored.empty() && read(ignored) == ignored.size()) {
    }
  }

 private:
  static constexpr std::size_t chunk_size = std::size_t{1} << 16;

  void start() {
    if (rest_.empty()) refill();
    if (is_gzip(rest_)) inflater_ = std::make_unique<Inflater>(Compression::gzip, name_, "its gzip stream");
  }

  /// Only another gzip stream may follow the one that has ended.
  void restart() {
    if (rest_[0] != 0x1F) fail_file("read", name_, "bytes follow its gzip stream");
    inflater_->restart();
  }

  void refill() {
    if (!file_) return;
    const std::size_t n = std::fread(chunk_.data(), 1, chunk_.size(), file_.get());
    if (n < chunk_.size() && std::ferror(file_.get())) fail_file("read", name_, std::strerror(errno));
    rest_ = std::span<const std::uint8_t>(chunk_).first(n);
  }

  std::string name_;
  File file_;                           // null: the file is in memory
  std::vector<std::uint8_t> chunk_;     // read from the file last
  std::span<const std::uint8_t> rest_;  // read but not yet consumed
  std::unique_ptr<Inflater> inflater_;  // null: the file is not gzipped
  bool ended_ = false;                  // the current gzip stream has ended
};

/// Appends the rest of a stream to `bytes`, up to a total of `limit` bytes. Memory grows with the bytes that there are,
/// not with `limit`.
/// @throws FileError also where they do not fit into the memory
inline void read_up_to(std::uint64_t limit, ByteStream& stream, std::vector<std::uint8_t>& bytes) {
  constexpr std::uint64_t min_capacity = std::uint64_t{1} << 16;
  for (std::uint64_t size = bytes.size(); size < limit;) {
    const std::uint64_t capacity = (std::min)(limit, (std::max)(min_capacity, 2 * size));
    resize_bytes(bytes, capacity, stream.name());
    size += stream.read(std::span(bytes).subspan(static_cast<std::size_t>(size)));
    if (size == capacity) continue;
    bytes.resize(static_cast<std::size_t>(size));
    return;
  }
}

}  // namespace eigencoder::detail
