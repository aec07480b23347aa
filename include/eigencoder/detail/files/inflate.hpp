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

/// One deflated byte becomes at most this many: a larger claim is refused before memory is allocated for it.
/// Source: RFC 1951: 258 bytes take at least one bit of length and one bit of distance.
inline constexpr std::uint64_t max_inflation = 1032;

/// The format around the deflated bytes.
enum class Compression {
  gzip = 15 + 16,    ///< a gzip header (RFC 1952); for zlib, window bits + 16
  raw_deflate = -15  ///< none (RFC 1951), as in zip files; for zlib, minus the window bits
};

#if defined(EIGENCODER_HAS_ZLIB) && EIGENCODER_HAS_ZLIB

/// Inflates one stream chunk by chunk.
class Inflater {
 public:
  struct Progress {
    std::size_t consumed, produced;  ///< bytes
    bool ended;                      ///< the stream has ended, and its checksum is right
  };

  /// @param what  the stream in messages, such as "its gzip stream"
  /// @throws FileError
  Inflater(Compression compression, std::string path, std::string what)
      : path_(std::move(path)), what_(std::move(what)) {
    if (inflateInit2(&stream_, static_cast<int>(compression)) != Z_OK) fail_file("read", path_, "zlib cannot start");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Inflates as much of `in` as fits into `out`. Makes no progress where `out` is full or more input is needed.
  /// @throws FileError where the stream is damaged
  Progress run(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    constexpr std::size_t limit = std::size_t{1} << 30;  // zlib counts in unsigned int
    const std::size_t in_now = in.size() < limit ? in.size() : limit;
    const std::size_t out_now = out.size() < limit ? out.size() : limit;
    stream_.next_in = const_cast<std::uint8_t*>(in.data());  // zlib reads only
    stream_.avail_in = static_cast<uInt>(in_now);
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out_now);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      fail_file("read", path_, what_ + " is damaged" + (stream_.msg ? std::string(": ") + stream_.msg : ""));
    return {in_now - stream_.avail_in, out_now - stream_.avail_out, status == Z_STREAM_END};
  }

  /// Begins another stream.
  void restart() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
  std::string path_, what_;
};

#else

class Inflater {
 public:
  struct Progress {
    std::size_t consumed, produced;
    bool ended;
  };
  Inflater(Compression, const std::string& path, const std::string& what) {
    fail_file("read", path, what + " is compressed, and this program is built without zlib");
  }
  Progress run(std::span<const std::uint8_t>, std::span<std::uint8_t>) { return {}; }
  void restart() {}
};

#endif

/// The first `count` inflated bytes of a stream, or all if it has fewer. `count` may be what a damaged file claims:
/// memory grows with the bytes that there are. The checksum is verified where the end of the stream is reached.
/// @throws FileError naming `path` where the stream is damaged, cut off, too large for the memory, or bytes follow it
inline std::vector<std::uint8_t> inflate_bytes(std::span<const std::uint8_t> in, std::size_t count,
                                               Compression compression, const std::string& path,
                                               const std::string& what) {
  Inflater inflater(compression, path, what);
  std::vector<std::uint8_t> out;
  std::size_t consumed = 0, produced = 0;
  while (produced < count) {
    if (produced == out.size())
      resize_bytes(out, (std::min)(count, (std::max)(2 * produced, 8 * in.size() + 64)), path);
    const Inflater::Progress now = inflater.run(in.subspan(consumed), std::span(out).subspan(produced));
    consumed += now.consumed;
    produced += now.produced;
    if (now.ended) {
      if (consumed < in.size()) fail_file("read", path, "bytes follow " + what);
      break;
    }
    if (now.consumed == 0 && now.produced == 0) fail_file("read", path, what + " is cut off");
  }
  out.resize(produced);
  return out;
}

}  // namespace eigencoder::detail
