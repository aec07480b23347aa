#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/data_bytes.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads the records of CIFAR-10's binary files, one file after the other. All members throw FileError naming the file.
class Cifar10Reader {
 public:
  static constexpr Index side = 32;

  /// Refuses files that are not whole records with labels from 0 to 9. @param what  wants files, for messages
  Cifar10Reader(std::vector<DataBytes> files, const char* what) {
    if (files.empty()) throw FileError(message({what, ": no files are given"}));
    for (DataBytes& file : files) add(std::move(file));
  }
  static std::vector<DataBytes> open(const std::vector<std::string>& paths) {
    std::vector<DataBytes> files;
    for (const std::string& path : paths) files.emplace_back(path);
    return files;
  }

  /// Of the first file.
  const std::string& name() const { return parts_.front().file.name(); }
  static Shape shape() { return {side, side, 3}; }
  /// One per record.
  const std::vector<int>& labels() const { return labels_; }

  /// Writes the image of a record, the channel fastest, values v / 255.
  template <class Scalar>
  void read(std::size_t place, Scalar* to) {
    constexpr Index pixels = side * side;
    std::size_t part = parts_.size() - 1;
    while (place < parts_[part].first) --part;
    const std::uint8_t* from =
        parts_[part].file.view((place - parts_[part].first) * std::uint64_t{record} + 1, record - 1, room_).data();
    for (Index p = 0; p < pixels; ++p)
      for (Index c = 0; c < 3; ++c) to[3 * p + c] = static_cast<Scalar>(from[c * pixels + p]) / Scalar(255);
  }

 private:
  static constexpr std::size_t record = 1 + 3 * 32 * 32;
  struct Part {
    DataBytes file;
    std::size_t first;  // record
  };

  void add(DataBytes file) {
    constexpr auto most = static_cast<std::size_t>((std::numeric_limits<Index>::max)()) / record;
    const std::size_t first = labels_.size();
    file.inflate(record);
    if (file.size() == 0) fail_file("read", file.name(), "it is empty");
    for (std::uint64_t at = 0; at < file.size(); at += record, file.inflate(at + record)) {
      if (file.size() - at < record || (!file.is_packed() && file.size() % record != 0))
        fail_file("read", file.name(),
                  "it is not a CIFAR-10 file, or cut off: " + std::to_string(file.size()) +
                      " bytes are no whole number of records of 3073");
      if ((file.size() - at) / record > most - labels_.size())
        fail_file("read", file.name(), "it has more records than this program can count");
      const int label = file.view(at, 1, room_)[0];
      if (label > 9) {
        file.check_rest();
        fail_file("read", file.name(),
                  "record " + std::to_string(at / record) + " has the label " + std::to_string(label) +
                      ", CIFAR-10 has 0 to 9");
      }
      take_memory(file.name(), "its labels", [&] { labels_.push_back(label); });
    }
    parts_.push_back({std::move(file), first});
  }

  std::vector<Part> parts_;
  std::vector<int> labels_;
  std::vector<std::uint8_t> room_;  // what is read from disk at a time
};

}  // namespace eigencoder::detail
