#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/crc32.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/inflate.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// Zip files in memory, whose members are stored or deflated, and whose sizes may have 64 bits. What the file claims is
/// checked against its size, and members may not overlap.
/// Source: PKWARE, ".ZIP File Format Specification" (APPNOTE.TXT), version 6.3, sections 4.3 and 4.5.3.
namespace eigencoder::detail {

/// What the directory at the end of the file says about a member, checked.
struct ZipMember {
  std::string name;
  std::uint16_t flags, method;
  std::uint32_t crc;
  std::uint64_t packed, size;   ///< bytes in the file, and once inflated
  std::uint64_t header, begin;  ///< offsets of its own header and its bytes in the file
  std::uint64_t end() const { return begin + packed; }
};

/// Reads the directory of a zip file. @throws FileError naming the file, from every member
class ZipDirectory {
 public:
  ZipDirectory(std::span<const std::uint8_t> file, std::string path) : file_(file), path_(std::move(path)) {
    find_end();
    read_members();
    refuse_overlap();
  }

  /// All members, in the order of the directory.
  const std::vector<ZipMember>& members() const { return members_; }

  /// The names of the members that end in this extension, without it.
  std::vector<std::string> names(std::string_view extension) const {
    std::vector<std::string> names;
    for (const ZipMember& member : members_)
      if (member.name.ends_with(extension))
        names.push_back(member.name.substr(0, member.name.size() - extension.size()));
    return names;
  }

  /// The contents of a member.
  std::vector<std::uint8_t> read(const ZipMember& member) const {
    const std::string what = "its member " + shown(member.name);
    constexpr std::uint16_t encrypted = 1 | 1 << 6 | 1 << 13;
    if ((member.flags & encrypted) != 0) fail(what + " is encrypted");
    if (member.method != stored && member.method != deflated)
      fail(what + " is compressed by method " + std::to_string(member.method) + ", only deflate (8) is read");
    const std::uint64_t max_size = member.packed * (member.method == deflated ? max_inflation : 1);
    if (member.size > max_size || member.size >= (std::numeric_limits<std::size_t>::max)() ||
        (member.method == stored && member.size < max_size))
      fail(what + " claims " + std::to_string(member.size) + " bytes, which it cannot hold");

    const auto size = static_cast<std::size_t>(member.size);
    const auto packed = file_.subspan(static_cast<std::size_t>(member.begin), static_cast<std::size_t>(member.packed));
    std::vector<std::uint8_t> bytes;
    if (member.method == stored) {
      resize_bytes(bytes, packed.size(), path_);
      std::copy(packed.begin(), packed.end(), bytes.begin());
    } else {  // one more byte shows whether something follows
      bytes = inflate_bytes(packed, size + 1, Compression::raw_deflate, path_, what);
    }
    if (bytes.size() != size) fail(what + " is not as long as the directory says");
    if (crc32(bytes) != member.crc) fail(what + " is damaged: its checksum is wrong");
    return bytes;
  }

 private:
  static constexpr std::uint16_t stored = 0, deflated = 8;
  static constexpr std::size_t end_size = 22, locator_size = 20, end64_size = 56, entry_size = 46, header_size = 30;

  [[noreturn]] void fail(const std::string& reason) const { fail_file("read", path_, reason); }

  /// A little-endian number of `bytes` bytes; the caller has checked that they are there.
  std::uint64_t number(std::uint64_t at, int bytes) const {
    std::uint64_t value = 0;
    for (int i = bytes; i-- > 0;)
      value = value << 8 | file_[static_cast<std::size_t>(at) + static_cast<std::size_t>(i)];
    return value;
  }
  bool is_signature(std::uint64_t at, const char* letters) const {
    return std::memcmp(file_.data() + at, letters, 4) == 0;
  }

  /// Reads the record at the end of the file, which only a comment of the stated length may follow.
  void find_end() {
    if (file_.size() < end_size) fail("it is not a zip file, or cut off");
    std::uint64_t at = file_.size() - end_size;
    const std::uint64_t lowest = at > 0xFFFF ? at - 0xFFFF : 0;
    while (!is_signature(at, "PK\5\6") || number(at + 20, 2) != file_.size() - end_size - at)
      if (at-- == lowest) fail("it is not a zip file, or cut off: its directory's end is missing");

    end_ = at;
    count_ = number(at + 10, 2);
    directory_size_ = number(at + 12, 4);
    directory_ = number(at + 16, 4);
    bool one_disk = number(at + 4, 2) == 0 && number(at + 6, 2) == 0 && number(at + 8, 2) == count_;
    if (at >= locator_size && is_signature(at - locator_size, "PK\6\7")) {
      end_ = number(at - locator_size + 8, 8);
      if (end_ > at - locator_size || at - locator_size - end_ < end64_size || !is_signature(end_, "PK\6\6"))
        fail("the 64-bit end of its directory is not where it says");
      count_ = number(end_ + 32, 8);
      directory_size_ = number(end_ + 40, 8);
      directory_ = number(end_ + 48, 8);
      one_disk = number(end_ + 16, 4) == 0 && number(end_ + 20, 4) == 0 && number(end_ + 24, 8) == count_;
    }
    if (!one_disk) fail("it is one part of a zip file in several parts");
    if (directory_ > end_ || directory_size_ > end_ - directory_ || count_ > directory_size_ / entry_size)
      fail("its directory is not where it says, or damaged");
  }

  void read_members() {
    members_.reserve(static_cast<std::size_t>(count_));
    std::uint64_t at = directory_;
    const std::uint64_t end = directory_ + directory_size_;
    for (std::uint64_t i = 0; i < count_; ++i) {
      if (end - at < entry_size || !is_signature(at, "PK\1\2")) fail("its directory is damaged");
      const std::uint64_t name = number(at + 28, 2), extra = number(at + 30, 2), comment = number(at + 32, 2);
      if (end - at - entry_size < name + extra + comment) fail("its directory is damaged");
      ZipMember member;
      member.name.assign(reinterpret_cast<const char*>(file_.data()) + at + entry_size, static_cast<std::size_t>(name));
      member.flags = static_cast<std::uint16_t>(number(at + 8, 2));
      member.method = static_cast<std::uint16_t>(number(at + 10, 2));
      member.crc = static_cast<std::uint32_t>(number(at + 16, 4));
      member.packed = number(at + 20, 4);
      member.size = number(at + 24, 4);
      member.header = number(at + 42, 4);
      read_long_sizes(member, at + entry_size + name, extra);
      find_bytes(member);
      members_.push_back(std::move(member));
      at += entry_size + name + extra + comment;
    }
    if (at != end) fail("its directory is damaged");
  }

  /// Numbers that do not fit into 32 bits are in the extra field of id 1, in this order.
  void read_long_sizes(ZipMember& member, std::uint64_t at, std::uint64_t length) const {
    const std::uint64_t end = at + length;
    while (end - at >= 4) {
      const std::uint64_t id = number(at, 2), size = number(at + 2, 2);
      at += 4;
      if (size > end - at) fail("its directory is damaged: an extra field of " + shown(member.name) + " is cut off");
      if (id == 1) {
        std::uint64_t from = at;
        for (std::uint64_t* value : {&member.size, &member.packed, &member.header}) {
          if (*value != 0xFFFFFFFF) continue;
          if (at + size - from < 8) fail("its member " + shown(member.name) + " lacks its 64-bit sizes");
          *value = number(from, 8);
          from += 8;
        }
        return;
      }
      at += size;
    }
  }

  /// Finds the bytes of a member by its own header, which must repeat its name. The sizes in this header are ignored:
  /// they may be given after the bytes instead.
  void find_bytes(ZipMember& member) const {
    const std::string what = "its member " + shown(member.name);
    if (member.header > directory_ || directory_ - member.header < header_size ||
        !is_signature(member.header, "PK\3\4"))
      fail(what + " is not where the directory says");
    const std::uint64_t name = number(member.header + 26, 2), extra = number(member.header + 28, 2);
    member.begin = member.header + header_size + name + extra;
    if (member.begin > directory_ || member.packed > directory_ - member.begin)
      fail(what + " reaches beyond the members' part of the file");
    const std::string_view own(reinterpret_cast<const char*>(file_.data()) + member.header + header_size,
                               static_cast<std::size_t>(name));
    if (own != member.name || number(member.header + 8, 2) != member.method)
      fail(what + " has another name or method in its own header");
  }

  void refuse_overlap() const {
    std::vector<const ZipMember*> order;
    for (const ZipMember& member : members_) order.push_back(&member);
    const auto sort_by = [&](auto&& less) { std::sort(order.begin(), order.end(), less); };
    sort_by([](const ZipMember* a, const ZipMember* b) { return a->header < b->header; });
    for (std::size_t i = 1; i < order.size(); ++i)
      if (order[i]->header < order[i - 1]->end())
        fail("its members " + shown(order[i - 1]->name) + " and " + shown(order[i]->name) + " overlap");
    sort_by([](const ZipMember* a, const ZipMember* b) { return a->name < b->name; });
    for (std::size_t i = 1; i < order.size(); ++i)
      if (order[i]->name == order[i - 1]->name) fail("it has two members named " + shown(order[i]->name));
  }

  std::span<const std::uint8_t> file_;
  std::string path_;
  std::uint64_t end_ = 0, directory_ = 0, directory_size_ = 0, count_ = 0;
  std::vector<ZipMember> members_;
};

/// The NPY file that holds an array of an NPZ file. @throws FileError also where there is no such array
inline std::vector<std::uint8_t> npz_array(std::span<const std::uint8_t> file, const std::string& path,
                                           std::string_view array) {
  constexpr std::string_view extension = ".npy";
  const ZipDirectory zip(file, path);
  const std::string own = std::string(array).append(extension);
  for (const ZipMember& member : zip.members())
    if (member.name == own) return zip.read(member);
  std::string others;
  for (const std::string& name : zip.names(extension))
    if (others.size() < 300) others += (others.empty() ? "; it has " : ", ") + shown(name);
  fail_file("read", path, "it has no array " + shown(array) + others);
}

}  // namespace eigencoder::detail
