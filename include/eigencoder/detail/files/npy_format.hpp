#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/array_layout.hpp>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_file.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// NPY files of versions 1.0 to 3.0 in, of version 1.0 out.
/// Source: NumPy documentation, numpy.lib.format: magic text, version, length of the header, and a Python
/// dictionary of 'descr', 'fortran_order' and 'shape'; the values follow.
namespace eigencoder::detail {

/// The largest number of bytes of a header: magic text, version and length, and a text of 64 KiB.
inline constexpr std::size_t npy_header_limit = 12 + (std::size_t{1} << 16);

/// Parses the dictionary: a Python literal of this one form, which is never evaluated.
class NpyDictionary {
 public:
  NpyDictionary(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  void read(ArrayHeader& header) {
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
    if (!text_.empty()) fail("goes on after its dictionary");
    if (!descr || !order || !shape) fail("lacks 'descr', 'fortran_order' or 'shape'");
    if (!header.count_values()) fail("claims more values than a file can hold");
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

  /// A text in quotes; Python 2 may have written a letter before them.
  std::string_view string() {
    skip_blanks();
    if (text_.size() > 1 && (text_[0] == 'u' || text_[0] == 'b') && (text_[1] == '\'' || text_[1] == '"'))
      text_.remove_prefix(1);
    const char quote = text_.empty() ? ' ' : text_[0];
    if (quote != '\'' && quote != '"') fail("should have a string at " + shown(text_));
    const std::size_t end = text_.find(quote, 1);
    const std::string_view inside = text_.substr(1, end == text_.npos ? end : end - 1);
    if (end == text_.npos || inside.find('\\') != inside.npos)
      fail("has a string with a backslash or without its end: " + shown(text_));
    text_.remove_prefix(end + 1);
    return inside;
  }

  bool truth() {
    if (accept_word("True")) return true;
    if (!accept_word("False")) fail("should have True or False at " + shown(text_));
    return false;
  }

  void read_type(ArrayHeader& header) {
    skip_blanks();
    if (text_.starts_with('[') || text_.starts_with('('))
      fail("describes records of several fields, which are not read: save one field as an array of its own");
    const std::string_view type = string();
    const char order = type.empty() ? ' ' : type[0];
    const std::string_view number = type.substr(type.empty() ? 0 : 1);
    for (const std::string_view known : {"f2", "f4", "f8", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "b1"})
      if (number == known) {
        header.format.kind = known[0];
        header.format.width = static_cast<std::size_t>(known[1] - '0');
        header.format.big_endian = order == '>' || (order == '=' && std::endian::native == std::endian::big);
        const bool ordered = order == '<' || order == '>' || order == '=';
        if (ordered || (order == '|' && header.format.width == 1)) return;
      }
    if (const char* what = other_type(number)) fail("has the type " + shown(type) + ": " + what);
    fail("has the type " + shown(type) +
         "; supported are f2, f4, f8, u1 to u8, i1 to i8 and b1, with <, > or = for the order of bytes");
  }

  /// Why a type of NumPy is not read; null for an unknown type.
  static const char* other_type(std::string_view number) {
    switch (number.empty() ? ' ' : number[0]) {
      case 'O':
        return "Python objects (a pickle) are not read";
      case 'S':
      case 'a':
      case 'U':
        return "texts are not read: convert them to numbers";
      case 'c':
        return "complex numbers are not read: save real and imaginary parts as real numbers";
      case 'M':
      case 'm':
        return "dates and times are not read: convert them to numbers";
      case 'V':
        return "records and raw bytes are not read: save one field as an array of its own";
      case 'f':
        return number == "f16" || number == "f12" ? "extended precision is not read: convert to f8" : nullptr;
      default:
        return nullptr;
    }
  }

  void read_shape(ArrayHeader& header) {
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
    if (text_.starts_with('L')) text_.remove_prefix(1);  // a long number of Python 2
    return value;
  }

  std::string_view text_;
  const std::string& name_;
};

/// The header at the beginning of a file. Does not check that the values follow.
/// @throws FileError naming the file and what is wrong
inline ArrayHeader read_npy_header(DataFile& file) {
  const std::string& name = file.name();
  const std::vector<std::uint8_t> start = file.beginning(npy_header_limit);
  if (start.size() < 10 || std::memcmp(start.data(), "\x93NUMPY", 6) != 0)
    fail_file("read", name, "it is not an NPY file, or cut off");
  if (start[6] < 1 || start[6] > 3 || start[7] != 0)
    fail_file(
        "read", name,
        "it is of NPY version " + std::to_string(start[6]) + "." + std::to_string(start[7]) + ", supported are 1.0 to 3.0");
  const std::size_t length_bytes = start[6] == 1 ? 2 : 4, begin = 8 + length_bytes;
  if (start.size() < begin) fail_file("read", name, "its NPY header is cut off");
  std::uint64_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) length = length << 8 | start[8 + i];
  if (length > npy_header_limit - 12) fail_file("read", name, "its NPY header is longer than 64 KiB");
  if (length > start.size() - begin) fail_file("read", name, "its NPY header is cut off");
  ArrayHeader header;
  header.begin = begin + length;
  const std::string_view text(reinterpret_cast<const char*>(start.data()) + begin, static_cast<std::size_t>(length));
  NpyDictionary(text, name).read(header);
  return header;
}

/// @throws FileError as `read_npy` does
inline ArrayReader npy_reader(DataFile file, const NpyOptions& options = {}) {
  ArrayHeader header = read_npy_header(file);
  return {std::move(file), std::move(header), options};
}

/// A file of version 1.0 in this machine's byte order, its values aligned to 64 bytes.
/// @param sample_shape  the axes of a sample as the header has them, such as "28, 28, 1"
template <std::floating_point Scalar>
std::vector<std::uint8_t> npy_bytes(View<Scalar> samples, const std::string& sample_shape) {
  std::string text = std::string("{'descr': '") + (std::endian::native == std::endian::little ? '<' : '>') + 'f' +
                     std::to_string(sizeof(Scalar)) + "', 'fortran_order': False, 'shape': (" +
                     std::to_string(samples.cols()) + ", " + sample_shape + "), }";
  while ((10 + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  const std::string start = std::string("\x93NUMPY\x01") + '\0' + static_cast<char>(text.size() & 0xFF) +
                            static_cast<char>(text.size() >> 8) + text;
  const std::size_t row = static_cast<std::size_t>(samples.rows()) * sizeof(Scalar);
  std::vector<std::uint8_t> bytes(start.size() + row * static_cast<std::size_t>(samples.cols()));
  std::memcpy(bytes.data(), start.data(), start.size());
  for (Index j = 0; j < samples.cols() && row > 0; ++j)
    std::memcpy(bytes.data() + start.size() + static_cast<std::size_t>(j) * row, samples.column(j), row);
  return bytes;
}

}  // namespace eigencoder::detail
