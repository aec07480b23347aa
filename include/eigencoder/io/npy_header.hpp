#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/shown.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The header of an NPY file, versions 1.0 to 3.0.
/// Source: NumPy documentation, numpy.lib.format: magic text, version, length of the header, and a Python
/// dictionary of 'descr', 'fortran_order' and 'shape'; the values follow.
namespace eigencoder::detail {

/// What an NPY file says of its array.
struct NpyHeader {
  char kind = 'f';        ///< 'f' floating point, 'i' signed, 'u' unsigned, 'b' truth values
  std::size_t width = 4;  ///< bytes of a value
  bool big_endian = false;
  bool fortran_order = false;  ///< the first index runs fastest, not the last
  std::vector<std::uint64_t> shape = {};
  std::uint64_t count = 1;  ///< of values: the product of the shape; it fits, with `width`, in 63 bits
  std::size_t begin = 0;    ///< where in the file the values begin

  /// Bytes of all values.
  std::uint64_t bytes() const { return count * width; }
};

/// At most so many bytes of a file are its header: magic text, version and length, and a text of 64 KiB.
inline constexpr std::size_t npy_header_limit = 12 + (std::size_t{1} << 16);

/// Reads the dictionary: a Python literal of this one form, never evaluated.
class NpyDictionary {
 public:
  NpyDictionary(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  void read(NpyHeader& header) {
    bool descr = false, order = false, shape = false;
    take('{');
    while (!accept('}')) {
      const std::string_view key = string();
      take(':');
      if (key == "descr" && !std::exchange(descr, true))
        read_type(header);
      else if (key == "fortran_order" && !std::exchange(order, true))
        header.fortran_order = truth();
      else if (key == "shape" && !std::exchange(shape, true))
        read_shape(header);
      else
        fail("has the key " + shown(key) + " twice, or should not have it");
      if (!accept(',')) {
        take('}');
        break;
      }
    }
    skip_blanks();
    if (!text_.empty()) fail("goes on behind its dictionary");
    if (!descr || !order || !shape) fail("lacks 'descr', 'fortran_order' or 'shape'");
    constexpr std::uint64_t most = static_cast<std::uint64_t>(-1) >> 1;
    for (const std::uint64_t side : header.shape) {
      if (side != 0 && header.count > most / header.width / side) fail("claims more values than can be");
      header.count *= side;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("read", name_, "its NPY header " + reason); }

  void skip_blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t' || text_[0] == '\n')) text_.remove_prefix(1);
  }
  bool accept(char c) {
    skip_blanks();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void take(char c) {
    if (!accept(c)) fail("should have '" + std::string(1, c) + "' at " + shown(text_));
  }
  bool accept_word(std::string_view word) {
    skip_blanks();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  std::string_view string() {
    skip_blanks();
    const char quote = text_.empty() ? ' ' : text_[0];
    if (quote != '\'' && quote != '"') fail("should have a text at " + shown(text_));
    const std::size_t end = text_.find(quote, 1);
    const std::string_view inside = text_.substr(1, end == text_.npos ? end : end - 1);
    if (end == text_.npos || inside.find('\\') != inside.npos) fail("has a text that it should not: " + shown(text_));
    text_.remove_prefix(end + 1);
    return inside;
  }

  bool truth() {
    if (accept_word("True")) return true;
    if (!accept_word("False")) fail("should have True or False at " + shown(text_));
    return false;
  }

  void read_type(NpyHeader& header) {
    skip_blanks();
    if (text_.starts_with('[')) fail("describes records of several fields, which are not read");
    const std::string_view type = string();
    if (type.size() >= 2 && type[1] == 'O') fail("describes Python objects (a pickle), which are not read");
    for (const std::string_view known : {"f4", "f8", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "b1"})
      if (type.size() == 3 && type.substr(1) == known) {
        header.kind = known[0];
        header.width = static_cast<std::size_t>(known[1] - '0');
        header.big_endian = type[0] == '>';
        const bool ordered = type[0] == '<' || type[0] == '>';
        if (ordered || (type[0] == '|' && header.width == 1)) return;
      }
    fail("has the type " + shown(type) +
         "; read are f4, f8, u1 to u8, i1 to i8 and b1, with < or > for the order of bytes");
  }

  void read_shape(NpyHeader& header) {
    take('(');
    bool comma = true;
    while (!accept(')')) {
      if (!comma) fail("should have ',' or ')' at " + shown(text_));
      header.shape.push_back(number());
      if (header.shape.size() > 32) fail("has more than 32 dimensions");
      comma = accept(',');
      if (!comma && header.shape.size() == 1) fail("has a number for its shape, not a tuple");
    }
  }

  std::uint64_t number() {
    skip_blanks();
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
      if (digits == 18) fail("claims a side of more than 18 digits");
      value = value * 10 + static_cast<std::uint64_t>(text_[digits] - '0');
    }
    if (digits == 0 || (digits > 1 && text_[0] == '0')) fail("should have a number at " + shown(text_));
    text_.remove_prefix(digits);
    return value;
  }

  std::string_view text_;
  const std::string& name_;
};

/// The header at the beginning of a file.
/// @param start  the file, or its first `npy_header_limit` bytes
/// @param size   of the whole file, in bytes: header and values have to fill it exactly
/// @throws FileError naming the file and what is wrong
inline NpyHeader parse_npy_header(std::span<const std::uint8_t> start, std::uint64_t size, const std::string& name) {
  if (start.size() < 10 || std::memcmp(start.data(), "\x93NUMPY", 6) != 0)
    fail_file("read", name, "it is not an NPY file, or cut off");
  if (start[6] < 1 || start[6] > 3 || start[7] != 0)
    fail_file(
        "read", name,
        "it is of NPY version " + std::to_string(start[6]) + "." + std::to_string(start[7]) + ", read are 1.0 to 3.0");
  NpyHeader header;
  const std::size_t length_bytes = start[6] == 1 ? 2 : 4;
  std::uint64_t length = 0;
  header.begin = 8 + length_bytes;
  if (start.size() < header.begin) fail_file("read", name, "its NPY header is cut off");
  for (std::size_t i = length_bytes; i-- > 0;) length = length << 8 | start[8 + i];
  if (length > npy_header_limit - 12) fail_file("read", name, "its NPY header is longer than 64 KiB");
  if (length > start.size() - header.begin) fail_file("read", name, "its NPY header is cut off");
  const std::string_view text(reinterpret_cast<const char*>(start.data()) + header.begin,
                              static_cast<std::size_t>(length));
  header.begin += static_cast<std::size_t>(length);
  NpyDictionary(text, name).read(header);

  const std::uint64_t values = size - header.begin;
  if (header.bytes() == values) return header;
  fail_file("read", name,
            std::string(header.bytes() > values ? "it is cut off" : "bytes follow its end") + ": its header claims " +
                std::to_string(header.bytes()) + " bytes of values, it has " + std::to_string(values));
}

}  // namespace eigencoder::detail
