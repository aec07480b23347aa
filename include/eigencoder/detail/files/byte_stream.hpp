#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/gunzip.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// The bytes of a file from first to last, a chunk of it in memory at a time; a gzip file (told by its content;
/// of several streams too) is inflated on the way, and checked. All members throw FileError naming the file.
class ByteStream {
 public:
  explicit ByteStream(const std::string& path) : name_(path), file_(open_to_read(path).file), chunk_(chunk_size) {
    start();
  }
  /// Of a file that is in memory, and stays there. @param name  for messages
  ByteStream(std::span<const std::uint8_t> file, std::string name) : name_(std::move(name)), rest_(file) { start(); }

  const std::string& name() const { return name_; }

  /// Fills `out`; returns how many bytes, fewer only at the end.
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
        const Inflater::RunProgress now = inflater_->run(rest_, out.subspan(made));
        if (now.taken == 0 && now.made == 0 && !now.ended) fail_file("read", name_, "its gzip stream is cut off");
        rest_ = rest_.subspan(now.taken);
        made += now.made;
        ended_ = now.ended;
      }
    }
    return made;
  }

  /// Of a gzip file, reads what is left: where it is damaged, that is why its bytes make no sense.
  void check_rest() {
    std::vector<std::uint8_t> some(inflater_ ? chunk_size : 0);
    while (!some.empty() && read(some) == some.size()) {
    }
  }

 private:
  static constexpr std::size_t chunk_size = std::size_t{1} << 16;

  void start() {
    if (rest_.empty()) refill();
    if (is_gzip(rest_)) inflater_ = std::make_unique<Inflater>(Wrapping::gzip, name_, "its gzip stream");
  }

  /// Another gzip stream may follow the one that has ended, and nothing else.
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
  File file_;                        // none: the bytes are in memory
  std::vector<std::uint8_t> chunk_;  // of the file
  std::span<const std::uint8_t> rest_;
  std::unique_ptr<Inflater> inflater_;  // where it is gzipped
  bool ended_ = false;                  // the inflater's stream
};

/// Appends what is left of a stream to `bytes`, until these are `most`. Memory grows with what is there, whatever
/// `most`.
/// @throws FileError also where the memory does not hold it
inline void read_up_to(std::uint64_t most, ByteStream& stream, std::vector<std::uint8_t>& bytes) {
  constexpr std::uint64_t least = std::uint64_t{1} << 16;
  for (std::uint64_t size = bytes.size(); size < most;) {
    const std::uint64_t room = (std::min)(most, (std::max)(least, 2 * size));
    resize_bytes(bytes, room, stream.name());
    size += stream.read(std::span(bytes).subspan(static_cast<std::size_t>(size)));
    if (size == room) continue;
    bytes.resize(static_cast<std::size_t>(size));
    return;
  }
}

}  // namespace eigencoder::detail
