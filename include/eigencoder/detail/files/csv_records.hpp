#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// What the first bytes of a file say that UTF-8 text does not; empty for text.
inline std::string_view other_than_text(std::span<const std::uint8_t> start) {
  const auto begins = [&](std::initializer_list<std::uint8_t> mark) {
    return start.size() >= mark.size() && std::equal(mark.begin(), mark.end(), start.begin());
  };
  if (begins({0xFF, 0xFE, 0, 0}) || begins({0, 0, 0xFE, 0xFF})) return "it is UTF-32; save it as UTF-8";
  if (begins({0xFF, 0xFE}) || begins({0xFE, 0xFF})) return "it is UTF-16; save it as UTF-8";
  std::size_t zeros[2] = {};  // among the first bytes, at even and odd places
  const std::size_t looked = start.size() < 64 ? start.size() : 64;
  for (std::size_t i = 0; i < looked; ++i) zeros[i % 2] += start[i] == 0 ? 1U : 0U;
  // Latin letters have a NUL for every other byte of UTF-16; a byte or two tell nothing.
  if ((zeros[0] == 0 || zeros[1] == 0) && 4 * (zeros[0] + zeros[1]) >= looked && looked >= 4)
    return "it is UTF-16; save it as UTF-8";
  if (std::find(start.begin(), start.end(), 0) == start.end()) return "";
  return "it holds NUL bytes: it is no text file";
}

/// The records of a CSV file, one after the other; memory holds one of them.
/// Source: RFC 4180: a field in quotes may hold separators, line breaks, and quotes written twice. A line may
/// end in LF or CRLF, the file may begin with the byte order mark of UTF-8, and end in empty lines.
class CsvRecords {
 public:
  /// @param comment  lines that begin with it are skipped; NUL: none
  /// @throws FileError where it is no UTF-8 text, as far as its first 64 KiB tell
  CsvRecords(ByteStream stream, char separator, char comment)
      : stream_(std::move(stream)),
        separator_(static_cast<unsigned char>(separator)),
        comment_(static_cast<unsigned char>(comment)),
        chunk_(std::size_t{1} << 16) {
    size_ = stream_.read(chunk_);
    if (size_ >= 3 && chunk_[0] == 0xEF && chunk_[1] == 0xBB && chunk_[2] == 0xBF) at_ = 3;
    const std::string_view reason = other_than_text(std::span(chunk_).first(size_));
    if (reason.empty()) return;
    stream_.check_rest();
    fail_file("read", stream_.name(), std::string(reason));
  }

  /// Reads the next record; false at the end. @throws FileError naming file and line, also where a line is empty
  bool next() {
    std::size_t empty = 0;
    while (read_record()) {
      if (!is_empty_) {
        if (empty > 0) fail_at(empty, "is empty");
        return true;
      }
      if (empty == 0) empty = first_line_;
    }
    return false;
  }

  /// Of the record: its fields, and the line where it begins, from 1.
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t field) const {
    const std::size_t begin = field == 0 ? 0 : ends_[field - 1];
    return std::string_view(text_).substr(begin, ends_[field] - begin);
  }

  const std::string& name() const { return stream_.name(); }

  /// FileError: "line 17, " and the reason.
  [[noreturn]] void fail(const std::string& reason) const { fail_at(first_line_, reason); }

 private:
  static constexpr int end = -1;
  static constexpr std::size_t max_bytes = std::size_t{1} << 26, max_fields = std::size_t{1} << 20;

  [[noreturn]] void fail_at(std::size_t line, const std::string& reason) const {
    stream_.check_rest();
    fail_file("read", stream_.name(), "line " + std::to_string(line) + (reason[0] == ',' ? "" : " ") + reason);
  }

  int get() {
    if (at_ == size_) {
      size_ = stream_.read(chunk_);
      at_ = 0;
      if (size_ == 0) return end;
    }
    return chunk_[at_++];
  }

  /// What follows a carriage return outside of quotes, which has to end the line.
  int get_line_end() {
    const int c = get();
    if (c != '\n' && c != end)
      fail(
          "has a carriage return that no line feed follows: save the file with line ends of LF or CRLF (those of old "
          "Macs are CR alone)");
    return c;
  }

  void append(int c) {
    if (text_.size() == max_bytes) fail("begins a record of more than 64 MiB: is a quote left open?");
    text_ += static_cast<char>(c);
  }

  /// False where nothing is left.
  bool read_record() {
    text_.clear();
    ends_.clear();
    int c = get_behind_comments();
    if (c == end) return false;
    bool quoted = false;
    for (;; c = get()) {
      quoted = c == '"';
      c = quoted ? read_quoted() : read_plain(c);
      ends_.push_back(text_.size());
      if (c != separator_) break;
      if (ends_.size() == max_fields) fail("has more than a million fields");
    }
    if (c == '\n') ++line_;
    is_empty_ = ends_.size() == 1 && text_.empty() && !quoted;
    return true;
  }

  /// The first character of the next line that is no comment.
  int get_behind_comments() {
    for (;; ++line_) {
      first_line_ = line_;
      int c = get();
      if (comment_ == 0 || c != comment_) return c;
      while (c != '\n' && c != end) c = c == '\r' ? get_line_end() : get();
      if (c == end) return end;
    }
  }

  /// Up to the separator or the end of the line, which it returns.
  int read_plain(int c) {
    for (; c != separator_ && c != '\n' && c != end; c = get()) {
      if (c == '"') fail("has a quote in a field that does not begin with one");
      if (c == '\r') return get_line_end();
      append(c);
    }
    return c;
  }
  int read_quoted() {
    for (;;) {
      int c = get();
      if (c == '"') {
        c = get();
        if (c == '\r') c = get_line_end();
        if (c != '"') {
          if (c != separator_ && c != '\n' && c != end) fail("has text behind a closing quote");
          return c;
        }
      }
      if (c == end) fail("opens a quote that is never closed");
      if (c == '\n') ++line_;
      append(c);
    }
  }

  mutable ByteStream stream_;  // read to its end by an error
  int separator_, comment_;
  std::vector<std::uint8_t> chunk_;
  std::size_t at_ = 0, size_ = 0;  // in the chunk

  std::string text_;               // of the fields, one behind the other
  std::vector<std::size_t> ends_;  // of the fields, in the text
  bool is_empty_ = false;          // an empty line
  std::size_t line_ = 1, first_line_ = 1;
};

}  // namespace eigencoder::detail
