#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/table.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/csv_records.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/formula.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads a CSV file as parts of a table. The file is read once when this is constructed, to learn which columns hold
/// numbers, and to count and check the rows.
class TableReader {
 public:
  /// @param open  opens the file at its beginning
  /// @throws FileError and OptionError as `read_table` does
  TableReader(std::function<ByteStream()> open, TableCsvOptions options)
      : open_(std::move(open)), options_(checked(std::move(options))) {
    start();
    name_columns();
    std::vector<std::string> not_finite(fields_.size());  // the first text of each field that is no finite number
    std::vector<std::size_t> line(fields_.size(), 0);
    for (bool found = has_first_row(); found; found = records_->next()) {
      if (rows_ == (std::numeric_limits<Index>::max)())
        fail_file("read", records_->name(), "it has more rows than this program can count");
      ++rows_;
      check_width();
      for (std::size_t i = 0; i < fields_.size(); ++i)
        if (fields_[i].kind != Kind::words && fields_[i].kind != Kind::ignored) find_kind(i, not_finite[i], line[i]);
    }
    if (rows_ == 0) fail_file("read", records_->name(), "it holds no rows");
    ignore_empty();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].kind != Kind::found) continue;
      if (line[i] > 0)
        fail_file("read", records_->name(),
                  "line " + std::to_string(line[i]) + ", " + in_words(i) + ": " + not_finite[i]);
      fields_[i].kind = Kind::numbers;
    }
    rewind();
  }

  const std::string& name() const { return records_->name(); }
  Index rows() const { return rows_; }

  /// The next rows, at most `count`; none at the end.
  Table next(Index count) {
    count = (std::min)(count, rows_ - next_);
    Table part;
    allocate_for_file(name(), "its rows", [&] { part = read(count); });
    next_ += count;
    return part;
  }
  /// Goes back to the first row. @throws FileError where the file cannot be read, or has changed
  void rewind() {
    start();
    if (records_->size() != fields_.size()) fail_changed();
    next_ = 0;
  }

 private:
  enum class Kind { found, numbers, words, ignored };
  struct Field {
    std::string name;
    Kind kind = Kind::found;
    bool is_known = false;  // has a cell that is not missing, if the kind was looked for
  };

  static TableCsvOptions checked(TableCsvOptions options) {
    check_csv_options({.separator = options.separator, .decimal = options.decimal, .comment = options.comment});
    for (std::string& word : options.missing) word = std::string(trimmed(word));
    return options;
  }

  /// Opens the file and reads its first line.
  void start() {
    records_ = std::make_unique<CsvRecords>(open_(), options_.separator, options_.comment);
    if (!records_->next()) fail_file("read", records_->name(), "it holds no rows");
    is_first_row_ = !options_.header;
  }
  /// Whether there is a row after the names of the columns.
  bool has_first_row() { return std::exchange(is_first_row_, false) || records_->next(); }

  void name_columns() {
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < records_->size(); ++i) {
      fields_.push_back({options_.header ? std::string(name_in(i)) : "column " + std::to_string(i)});
      if (!seen.insert(fields_.back().name).second && !fields_.back().name.empty())
        fail_file("read", records_->name(), "it has two columns " + shown(fields_.back().name));
    }
    const auto tell = [this](const std::vector<std::string>& names, Kind kind) {
      for (const std::string& name : names) {
        const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == name; });
        if (found == fields_.end())
          fail_file("read", records_->name(), "it has no column " + shown(name) + all_names());
        if (found->kind != Kind::found)
          throw OptionError(message({"TableCsvOptions: column ", shown(name), " is named twice"}));
        found->kind = kind;
      }
    };
    tell(options_.words, Kind::words);
    tell(options_.numbers, Kind::numbers);
    tell(options_.ignored, Kind::ignored);
    if (std::all_of(fields_.begin(), fields_.end(), [](const Field& f) { return f.kind == Kind::ignored; }))
      fail_file("read", records_->name(), "no column is left but the ignored ones");
  }
  /// Columns of neither name nor cells are not read: they come from separators at the ends of lines.
  void ignore_empty() {
    bool has_unnamed = false;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      Field& field = fields_[i];
      if (!field.name.empty() || field.kind == Kind::ignored) continue;
      if (field.kind == Kind::found && !field.is_known)
        field.kind = Kind::ignored;
      else if (std::exchange(has_unnamed, true))
        fail_file("read", records_->name(), "the header has a second empty name, at field " + std::to_string(i + 1));
    }
    if (std::all_of(fields_.begin(), fields_.end(), [](const Field& f) { return f.kind == Kind::ignored; }))
      fail_file("read", records_->name(), "it has no column with a name or a cell");
  }
  std::string all_names() const {
    std::string all;
    for (std::size_t i = 0; i < fields_.size() && all.size() < 300; ++i)
      all += (i == 0 ? "; it has " : ", ") + shown(fields_[i].name);
    return all;
  }

  void check_width() const {
    if (records_->size() == fields_.size()) return;
    records_->fail("has " + std::to_string(records_->size()) + (records_->size() == 1 ? " field" : " fields") +
                   ", the first line has " + std::to_string(fields_.size()));
  }

  /// Learns from a field whether its column holds words.
  void find_kind(std::size_t i, std::string& not_finite, std::size_t& line) {
    const std::string_view text = trimmed((*records_)[i]);
    if (is_missing(text)) return;
    fields_[i].is_known = true;
    double value = 0;
    NumberText kind = parse_number(text, options_.decimal, value);
    if (kind == NumberText::number) return;
    if (text == "NA") kind = NumberText::wrong;  // no number, where it is not listed as a missing cell
    std::string reason = shown(text) + (kind == NumberText::wrong          ? " is not a number"
                                        : kind == NumberText::out_of_range ? " is out of range"
                                                                           : " is not a finite number");
    if (fields_[i].kind == Kind::numbers) fail(i, reason);
    if (kind == NumberText::wrong) {
      fields_[i].kind = Kind::words;
    } else if (line == 0) {  // an error, unless there are words in the column
      not_finite = std::move(reason);
      line = records_->line();
    }
  }

  Table read(Index count) {
    std::vector<std::vector<double>> numbers(fields_.size());
    std::vector<std::vector<std::string>> words(fields_.size());
    for (Index row = 0; row < count; ++row) {
      if (!has_first_row()) fail_changed();
      check_width();
      for (std::size_t i = 0; i < fields_.size(); ++i)
        if (fields_[i].kind == Kind::numbers)
          numbers[i].push_back(number(i));
        else if (fields_[i].kind == Kind::words)
          words[i].emplace_back(word_in(i));
    }
    Table table;
    for (std::size_t i = 0; i < fields_.size(); ++i)
      if (fields_[i].kind == Kind::numbers)
        table.add(fields_[i].name, std::move(numbers[i]));
      else if (fields_[i].kind == Kind::words)
        table.add(fields_[i].name, std::move(words[i]));
    return table;
  }

  double number(std::size_t i) const {
    const std::string_view text = trimmed((*records_)[i]);
    if (is_missing(text)) return missing_number;
    double value = 0;
    if (parse_number(text, options_.decimal, value) != NumberText::number) fail_changed();
    return value;
  }
  /// A word; empty where it is missing.
  std::string_view word_in(std::size_t i) const { return is_missing(trimmed((*records_)[i])) ? "" : name_in(i); }
  std::string_view name_in(std::size_t i) const {
    const std::string_view text = trimmed((*records_)[i]);
    return options_.escaped_formulas ? unescaped_formula(text) : text;
  }
  bool is_missing(std::string_view text) const {
    return text.empty() || std::find(options_.missing.begin(), options_.missing.end(), text) != options_.missing.end();
  }

  std::string in_words(std::size_t i) const { return "column " + shown(fields_[i].name); }
  [[noreturn]] void fail(std::size_t i, const std::string& reason) const {
    records_->fail(", " + in_words(i) + ": " + reason);
  }
  [[noreturn]] void fail_changed() const { fail_file("read", name(), "it has changed since it was opened"); }

  std::function<ByteStream()> open_;
  TableCsvOptions options_;
  std::unique_ptr<CsvRecords> records_;
  std::vector<Field> fields_;
  bool is_first_row_ = false;  // the first line, already read, is a row
  Index rows_ = 0;
  Index next_ = 0;  // the row that is read next
};

}  // namespace eigencoder::detail
