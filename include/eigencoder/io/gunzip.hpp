#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/io/file.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// Gzipped bytes, with zlib where the build found it (EIGENCODER_HAS_ZLIB is 1; the CMake target sets it).
#if defined(EIGENCODER_HAS_ZLIB) && EIGENCODER_HAS_ZLIB
#include <zlib.h>
#endif

namespace eigencoder::detail {

/// Whether this is a gzip file, by its first bytes. Source: RFC 1952, sec. 2.3.1.
inline bool is_gzip(std::span<const std::uint8_t> file) {
  return file.size() >= 2 && file[0] == 0x1F && file[1] == 0x8B;
}

#if defined(EIGENCODER_HAS_ZLIB) && EIGENCODER_HAS_ZLIB

/// The first `count` bytes of what a gzip file holds, or all there are; checked to its end where that is
/// reached. @throws FileError naming `path` where it is damaged, cut off, or something follows it
inline std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> file, std::size_t count,
                                        const std::string& path) {
  struct Inflater {
    z_stream stream{};
    int status = inflateInit2(&stream, 15 + 16);  // the largest window, a gzip header
    Inflater() = default;
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream); }
  } inflater;
  if (inflater.status != Z_OK) fail_file("read", path, "zlib cannot start");

  constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in unsigned int
  std::vector<std::uint8_t> out(count);
  z_stream& stream = inflater.stream;
  std::size_t taken = 0, made = 0;
  int status = Z_OK;
  while (status == Z_OK && made < count) {
    const std::size_t in_now = file.size() - taken < most ? file.size() - taken : most;
    const std::size_t out_now = count - made < most ? count - made : most;
    stream.next_in = const_cast<std::uint8_t*>(file.data() + taken);  // zlib reads only
    stream.avail_in = static_cast<uInt>(in_now);
    stream.next_out = out.data() + made;
    stream.avail_out = static_cast<uInt>(out_now);
    status = inflate(&stream, Z_NO_FLUSH);
    taken += in_now - stream.avail_in;
    made += out_now - stream.avail_out;
  }
  if (status == Z_BUF_ERROR) fail_file("read", path, "its gzip stream is cut off");
  if (status != Z_OK && status != Z_STREAM_END)
    fail_file("read", path,
              std::string("its gzip stream is damaged") + (stream.msg ? std::string(": ") + stream.msg : ""));
  if (status == Z_STREAM_END && taken < file.size()) fail_file("read", path, "bytes follow its gzip stream");
  out.resize(made);
  return out;
}

#else

[[noreturn]] inline std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t>, std::size_t,
                                                     const std::string& path) {
  fail_file("read", path, "it is gzipped, and this program is built without zlib");
}

#endif

}  // namespace eigencoder::detail
