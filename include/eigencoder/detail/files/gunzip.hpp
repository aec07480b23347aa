#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// Deflated bytes, with zlib where the build found it (EIGENCODER_HAS_ZLIB is 1; the CMake target sets it).
#if defined(EIGENCODER_HAS_ZLIB) && EIGENCODER_HAS_ZLIB
#include <zlib.h>
#endif

namespace eigencoder::detail {

/// Whether this is a gzip file, by its first bytes. Source: RFC 1952, sec. 2.3.1.
inline bool is_gzip(std::span<const std::uint8_t> file) {
  return file.size() >= 2 && file[0] == 0x1F && file[1] == 0x8B;
}

/// Deflate turns a byte into at most this many: a larger claim is wrong, and needs no memory to be refused.
/// Source: RFC 1951: 258 bytes take at least a bit of length and a bit of distance.
inline constexpr std::uint64_t max_inflation = 1032;

/// What holds the deflated bytes.
enum class Wrapping {
  gzip = 15 + 16,  ///< the largest window, a gzip header (RFC 1952)
  none = -15       ///< deflate alone (RFC 1951), as in zip files
};

#if defined(EIGENCODER_HAS_ZLIB) && EIGENCODER_HAS_ZLIB

/// Inflates piece by piece.
class Inflater {
 public:
  struct RunProgress {
    std::size_t taken, made;  ///< bytes
    bool ended;               ///< this was the end of the stream, and its checksum is right
  };

  /// @param what  "its gzip stream", for messages
  /// @throws FileError
  Inflater(Wrapping wrapping, std::string path, std::string what) : path_(std::move(path)), what_(std::move(what)) {
    if (inflateInit2(&stream_, static_cast<int>(wrapping)) != Z_OK) fail_file("read", path_, "zlib cannot start");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// As much as fits; without progress where there is no room, or more input is needed. @throws FileError
  RunProgress run(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in unsigned int
    const std::size_t in_now = in.size() < most ? in.size() : most;
    const std::size_t out_now = out.size() < most ? out.size() : most;
    stream_.next_in = const_cast<std::uint8_t*>(in.data());  // zlib reads only
    stream_.avail_in = static_cast<uInt>(in_now);
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out_now);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      fail_file("read", path_, what_ + " is damaged" + (stream_.msg ? std::string(": ") + stream_.msg : ""));
    return {in_now - stream_.avail_in, out_now - stream_.avail_out, status == Z_STREAM_END};
  }

  /// For another stream behind the one that ended.
  void restart() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
  std::string path_, what_;
};

#else

class Inflater {
 public:
  struct RunProgress {
    std::size_t taken, made;
    bool ended;
  };
  Inflater(Wrapping, const std::string& path, const std::string& what) {
    fail_file("read", path, what + " is compressed, and this program is built without zlib");
  }
  RunProgress run(std::span<const std::uint8_t>, std::span<std::uint8_t>) { return {}; }
  void restart() {}
};

#endif

/// The first `count` bytes of what a stream holds, or all there are; checked to its end where that is reached. `count`
/// may be anything that a damaged file claims: memory grows with what is there.
/// @throws FileError naming `path` where it is damaged, cut off, too large for the memory, or something follows it
inline std::vector<std::uint8_t> inflate_bytes(std::span<const std::uint8_t> in, std::size_t count, Wrapping wrapping,
                                               const std::string& path, const std::string& what) {
  Inflater inflater(wrapping, path, what);
  std::vector<std::uint8_t> out;
  std::size_t taken = 0, made = 0;
  while (made < count) {
    if (made == out.size()) resize_bytes(out, (std::min)(count, (std::max)(2 * made, 8 * in.size() + 64)), path);
    const Inflater::RunProgress now = inflater.run(in.subspan(taken), std::span(out).subspan(made));
    taken += now.taken;
    made += now.made;
    if (now.ended) {
      if (taken < in.size()) fail_file("read", path, "bytes follow " + what);
      break;
    }
    if (now.taken == 0 && now.made == 0) fail_file("read", path, what + " is cut off");
  }
  out.resize(made);
  return out;
}

}  // namespace eigencoder::detail
