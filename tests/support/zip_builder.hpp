#pragma once

#include <cstdint>
#include <eigencoder/detail/files/crc32.hpp>
#include <string>
#include <vector>

#include "support/deflated.hpp"
#include "support/npy_bytes.hpp"

/// A zip file, built member by member, whose records may state anything.
struct Zip {
  struct Member {
    std::string name;
    Bytes packed;
    std::uint64_t size;
    std::uint32_t crc;
    std::uint16_t method = 0, flags = 0;
    bool long_sizes = false;   // in an extra field of 64-bit numbers
    std::uint64_t header = 0;  // where it went
  };
  std::vector<Member> members;
  bool long_end = false;
  std::string comment;

  Member& store(const std::string& name, const Bytes& bytes) {
    members.push_back({name, bytes, bytes.size(), eigencoder::detail::crc32(bytes)});
    return members.back();
  }
#if EIGENCODER_HAS_ZLIB
  Member& deflate(const std::string& name, const Bytes& bytes) {
    Member& member = store(name, bytes);
    member.packed = deflated(bytes, eigencoder::detail::Compression::raw_deflate);
    member.method = 8;
    return member;
  }
#endif

  static void text(Bytes& out, const std::string& letters) { out.insert(out.end(), letters.begin(), letters.end()); }

  Bytes bytes() const {
    Bytes out, directory;
    for (Member member : members) {
      member.header = out.size();
      const std::uint64_t packed = member.packed.size();
      text(out, "PK\3\4");
      for (const std::uint64_t value : {std::uint64_t{20}, std::uint64_t{member.flags}, std::uint64_t{member.method},
                                        std::uint64_t{0}, std::uint64_t{0}})
        put(out, value, 2);
      put(out, member.crc, 4);
      put(out, packed, 4);
      put(out, member.size, 4);
      put(out, member.name.size(), 2);
      put(out, 0, 2);
      text(out, member.name);
      out.insert(out.end(), member.packed.begin(), member.packed.end());

      const bool longer = member.long_sizes;
      text(directory, "PK\1\2");
      for (const std::uint64_t value : {std::uint64_t{20}, std::uint64_t{20}, std::uint64_t{member.flags},
                                        std::uint64_t{member.method}, std::uint64_t{0}, std::uint64_t{0}})
        put(directory, value, 2);
      put(directory, member.crc, 4);
      put(directory, longer ? 0xFFFFFFFF : packed, 4);
      put(directory, longer ? 0xFFFFFFFF : member.size, 4);
      put(directory, member.name.size(), 2);
      put(directory, longer ? 6 + 28 : 0, 2);
      for (int i = 0; i < 3; ++i) put(directory, 0, 2);
      put(directory, 0, 4);
      put(directory, longer ? 0xFFFFFFFF : member.header, 4);
      text(directory, member.name);
      if (longer) {
        put(directory, 0xCAFE, 2);  // a field of someone else's
        put(directory, 2, 2);
        put(directory, 0, 2);
        put(directory, 1, 2);
        put(directory, 24, 2);
        put(directory, member.size, 8);
        put(directory, packed, 8);
        put(directory, member.header, 8);
      }
    }
    const std::uint64_t at = out.size(), count = members.size();
    out.insert(out.end(), directory.begin(), directory.end());
    if (long_end) {
      const std::uint64_t end = out.size();
      text(out, "PK\6\6");
      put(out, 44, 8);
      put(out, 45, 2);
      put(out, 45, 2);
      put(out, 0, 8);
      for (const std::uint64_t value : {count, count, std::uint64_t{directory.size()}, at}) put(out, value, 8);
      text(out, "PK\6\7");
      put(out, 0, 4);
      put(out, end, 8);
      put(out, 1, 4);
    }
    text(out, "PK\5\6");
    put(out, 0, 4);
    put(out, long_end ? 0xFFFF : count, 2);
    put(out, long_end ? 0xFFFF : count, 2);
    put(out, long_end ? 0xFFFFFFFF : directory.size(), 4);
    put(out, long_end ? 0xFFFFFFFF : at, 4);
    put(out, comment.size(), 2);
    text(out, comment);
    return out;
  }
};
