#pragma once

#include <cstdint>
#include <eigencoder/detail/files/inflate.hpp>
#include <vector>

#if defined(EIGENCODER_HAS_ZLIB) && EIGENCODER_HAS_ZLIB

// The bytes, deflated as the compression says.
inline std::vector<std::uint8_t> deflated(std::vector<std::uint8_t> in, eigencoder::detail::Compression compression) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, static_cast<int>(compression), 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::vector<std::uint8_t> out(in.size() + in.size() / 100 + 1000);
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::vector<std::uint8_t> gzipped(const std::vector<std::uint8_t>& in) {
  return deflated(in, eigencoder::detail::Compression::gzip);
}

#endif
