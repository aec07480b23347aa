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

/// Why a file that begins with these bytes is no UTF-8 text; empty for text.
inline std::string_view other_than_text(std::span<const std::uint8_t> start) {
  const auto begins = [&](std::initializer_list<std::uint8_t> mark) {
    return start.size() >= mark.size() && std::equal(mark.begin(), mark.end(), start.begin());
  };
  if (begins({0xFF, 0xFE, 0, 0}) || begins({0, 0, 0xFE, 0xFF})) return "it is UTF-32; save it as UTF-8";
  if (begins({0xFF, 0xFE}) || begins({0xFE, 0xFF})) return "it is UTF-16; save it as UTF-8";
  std::size_t zeros[2] = {};  // among the first bytes, at even and odd positions
  const std::size_t count = start.size() < 64 ? start.size() : 64;
  for (std::size_t i = 0; i < count; ++i) zeros[i % 2] += start[i] == 0 ? 1U : 0U;
  // In UTF-16, every other byte of Latin letters is NUL. Fewer than 4 bytes are too few to decide by.
  if ((zeros[0] == 0 || zeros[1] == 0) && 4 * (zeros[0] + zeros[1]) >= count && count >= 4)
    return "it is UTF-16; save it as UTF-8";
  if (std::find(start.begin(), start.end(), 0) == start.end()) return "";
  return "it holds NUL bytes: it is no text file";
}

/// Splits a CSV file into records and these into fields; one record at a time is in memory.
/// Source: RFC 4180: a field in quotes may hold separators, line breaks, and quotes written twice. Lines may end in LF
/// or CRLF, the file may begin with the byte order mark of UTF-8, and end in empty lines.
class CsvRecords {
 public:
  /// @param comment  lines that begin with it are skipped; NUL: no lines
  /// @throws FileError where the first 64 KiB are no UTF-8 text
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

  /// Reads the next record; false at the end.
  /// @throws FileError naming file and line; also where an empty line is not at the end
  bool next() {
    std::size_t empty_line = 0;
    while (read_record()) {
      if (!is_empty_) {
        if (empty_line > 0) fail_at(empty_line, "is empty");
        return true;
      }
      if (empty_line == 0) empty_line = first_line_;
    }
    return false;
  }

  /// The number of fields of the record.
  std::size_t size() const { return ends_.size(); }
  /// A field of the record, without quotes.
  std::string_view operator[](std::size_t field) const {
    const std::size_t begin = field == 0 ? 0 : ends_[field - 1];
    return std::string_view(text_).substr(begin, ends_[field] - begin);
  }

  const std::string& name() const { return stream_.name(); }
  /// The line where the record begins, counted from 1.
  std::size_t line() const { return first_line_; }

  /// @throws FileError always: "line 17" (where the record begins) and the reason
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

  /// The character after a carriage return outside of quotes, which has to end the line.
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

  /// False at the end of the file.
  bool read_record() {
    text_.clear();
    ends_.clear();
    int c = skip_comments();
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
  int skip_comments() {
    for (;; ++line_) {
      first_line_ = line_;
      int c = get();
      if (comment_ == 0 || c != comment_) return c;
      while (c != '\n' && c != end) c = c == '\r' ? get_line_end() : get();
      if (c == end) return end;
    }
  }

  /// Reads a field without quotes, which begins with c. @returns the character after it
  int read_plain(int c) {
    for (; c != separator_ && c != '\n' && c != end; c = get()) {
      if (c == '"') fail("has a quote in a field that does not begin with one");
      if (c == '\r') return get_line_end();
      append(c);
    }
    return c;
  }
  /// Reads a field in quotes, after the first quote. @returns the character after it
  int read_quoted() {
    for (;;) {
      int c = get();
      if (c == '"') {
        c = get();
        if (c == '\r') c = get_line_end();
        if (c != '"') {
          if (c != separator_ && c != '\n' && c != end) fail("has text after a closing quote");
          return c;
        }
      }
      if (c == end) fail("opens a quote that is never closed");
      if (c == '\n') ++line_;
      append(c);
    }
  }

  mutable ByteStream stream_;  // an error checks its rest
  int separator_, comment_;
  std::vector<std::uint8_t> chunk_;
  std::size_t at_ = 0, size_ = 0;  // position in the chunk, and its size

  std::string text_;                       // of the fields, one after another
  std::vector<std::size_t> ends_;          // of the fields, in the text
  bool is_empty_ = false;                  // the record is an empty line
  std::size_t line_ = 1, first_line_ = 1;  // counted from 1: the current one, and that where the record begins
};

}  // namespace eigencoder::detail
