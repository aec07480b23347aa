#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/image/exif.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Checks the segments of a JPEG file up to the end of the image: refuses kinds of JPEG that stb_image does not decode,
/// and damage that it does not find. A JPEG has no checksums: damage within the data of a scan may remain unnoticed,
/// and so may the loss of whole scans of a progressive JPEG.
/// Source: ITU-T T.81, annexes B, F and G.
namespace eigencoder::detail {

/// The contents of a JPEG file's segments.
struct JpegSegments {
  std::string error = {};  ///< what is wrong with the file; empty: nothing
  int orientation = 1;     ///< from the first Exif segment, as `exif_orientation` gives it
  std::size_t width = 0, height = 0;
  std::size_t scan_begin = 0, scan_end = 0;  ///< the offsets of the entropy-coded data of the last scan
};

/// Reads the segments. Member functions that return a text return what is wrong with the file, or nothing.
class JpegReader {
 public:
  /// Reads a file that begins with a JPEG's signature, up to EOI: what follows is no part of the image.
  static JpegSegments read(std::span<const std::uint8_t> file) {
    JpegReader reader(file);
    std::string error = reader.read_segments();
    return {std::move(error), reader.orientation_, reader.width_, reader.height_, reader.scan_begin_, reader.scan_end_};
  }

 private:
  static constexpr std::size_t max_scans = 500;  ///< encoders write about ten; each takes a pass over all pixels

  struct Component {
    std::size_t id, across, down, quantization;
    bool has_scan = false;
  };

  explicit JpegReader(std::span<const std::uint8_t> file) : file_(file) {}

  /// A byte of the file, and 0 after its end, as stb_image reads it.
  std::size_t byte(std::size_t at) const { return at < file_.size() ? std::size_t{file_[at]} : 0; }
  std::size_t two_bytes(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }

  std::string read_segments() {
    for (std::size_t at = 2; at + 1 < file_.size();) {
      const std::size_t marker = byte(at) == 0xFF ? byte(at + 1) : 0;
      if (marker == 0 || marker == 0xFF) {  // fill bytes between segments; entropy-coded data
        ++at;
        continue;
      }
      const bool is_restart = marker >= 0xD0 && marker <= 0xD7;
      if (std::string error = end_interval(at, is_restart); !error.empty()) return error;
      at += 2;
      if (marker == 0xD9) return whole_image();
      if (is_restart) interval_begin_ = at;
      if (marker == 0x01 || is_restart || marker == 0xD8) continue;  // these have no contents
      const std::size_t end = at + two_bytes(at);
      if (end < at + 2) return "a segment has a wrong length: the file is damaged";
      if (end > file_.size()) break;
      if (std::string error = segment(marker, at + 2, end); !error.empty()) return error;
      at = end;
    }
    return "it ends too early: the file is cut off";
  }

  /// Checks the entropy-coded data that a marker ends: a restart marker ends one interval of a scan, any other one ends
  /// the scan.
  std::string end_interval(std::size_t end, bool is_restart) {
    if (!is_in_scan_) return "";
    while (end > interval_begin_ && byte(end - 1) == 0xFF) --end;  // fill bytes
    const bool is_empty = end == interval_begin_ && restarts_ <= expected_restarts_;
    if (is_restart) {
      ++restarts_;
    } else {
      is_in_scan_ = false;
      scan_end_ = end;
    }
    if (is_empty || (!is_restart && restarts_ < expected_restarts_))
      return "the data of its pixels end too early: the file is cut off or damaged";
    return "";
  }

  /// Reads a segment whose contents are the bytes [at, end).
  std::string segment(std::size_t marker, std::size_t at, std::size_t end) {
    const auto begins_with = [&](std::string_view text) {
      return end - at >= text.size() && std::memcmp(&file_[at], text.data(), text.size()) == 0;
    };
    using namespace std::string_view_literals;
    if (marker == 0xE0 && begins_with("JFIF\0"sv)) is_jfif_ = true;
    if (marker == 0xE1 && begins_with("Exif\0\0"sv) && !has_exif_) {
      has_exif_ = true;
      orientation_ = exif_orientation(file_.subspan(at, end - at));
    }
    if (marker == 0xEE && begins_with("Adobe\0"sv) && end - at >= 12)
      adobe_transform_ = static_cast<int>(byte(at + 11));
    if (marker == 0xC4) return huffman_tables(at, end);
    if (marker == 0xDB) return quantization_tables(at, end);
    if (marker == 0xDA) return scan(at, end);
    if (marker == 0xDD) restart_interval_ = two_bytes(at);
    if (marker == 0xC9 || marker == 0xCA || marker == 0xCC)
      return "it is a JPEG with arithmetic coding, which is not supported";
    if (marker == 0xC3 || marker == 0xC7 || marker == 0xCB || marker == 0xCF)
      return "it is a lossless JPEG, which is not supported";
    if (marker == 0xC5 || marker == 0xC6 || marker == 0xCD || marker == 0xCE)
      return "it is a hierarchical JPEG, which is not supported";
    if (marker >= 0xC0 && marker <= 0xC2) return frame(marker == 0xC2, at, end);
    return "";
  }

  std::string huffman_tables(std::size_t at, std::size_t end) {
    while (at < end) {
      std::size_t codes = 0;
      for (std::size_t i = 1; i <= 16; ++i) codes += byte(at + i);
      // stb_image before version 2.28 overruns its table.
      if (codes > 256) return "a Huffman table counts more codes than there can be: the file is damaged";
      if (byte(at) >> 4 <= 1 && (byte(at) & 15) <= 3) has_huffman_[byte(at) >> 4][byte(at) & 15] = true;
      at += 17 + codes;
    }
    return "";
  }

  std::string quantization_tables(std::size_t at, std::size_t end) {
    for (; at < end; at += byte(at) >> 4 == 0 ? std::size_t{65} : std::size_t{129})
      if ((byte(at) & 15) <= 3) has_quantization_[byte(at) & 15] = true;
    return "";
  }

  std::string frame(bool is_progressive, std::size_t at, std::size_t end) {
    if (!components_.empty()) return "it holds two frames: the file is damaged";
    is_progressive_ = is_progressive;
    if (byte(at) != 8) return "it is a JPEG of " + std::to_string(byte(at)) + " bits a value, and only 8 are supported";
    if (two_bytes(at + 1) == 0) return "it is a JPEG that gives its height after its pixels, which is not supported";
    height_ = two_bytes(at + 1);
    width_ = two_bytes(at + 3);
    if (width_ == 0) return "its width is 0: the file is damaged";
    const std::size_t count = byte(at + 5);
    if (count != 1 && count != 3 && count != 4)
      return "it is a JPEG of " + std::to_string(count) + " color components, and 1, 3 or 4 are supported";
    if (end - at != 6 + 3 * count) return "its header has a wrong length: the file is damaged";
    for (std::size_t i = at + 6; i < end; i += 3) {
      components_.push_back({byte(i), byte(i + 1) >> 4, byte(i + 1) & 15, byte(i + 2)});
      across_ = (std::max)(across_, components_.back().across);
      down_ = (std::max)(down_, components_.back().down);
    }
    for (const Component& component : components_) {
      if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4)
        return "a sampling factor is not from 1 to 4: the file is damaged";
      if (across_ % component.across != 0 || down_ % component.down != 0)
        return "it is a JPEG whose components differ in size by no whole factor, which is not supported";
      if (component.quantization > 3) return "a component has no quantization table: the file is damaged";
    }
    return "";
  }

  std::string scan(std::size_t at, std::size_t end) {
    if (components_.empty()) return "a scan comes before the frame: the file is damaged";
    if (++scans_ > max_scans)
      return "it has more than " + std::to_string(max_scans) + " scans, which is not supported";
    const std::size_t count = byte(at);
    if (count < 1 || count > components_.size() || end - at != 4 + 2 * count)
      return "a scan has a wrong length: the file is damaged";
    const std::size_t parameters = at + 1 + 2 * count;
    const bool starts_dc = byte(parameters) == 0 && byte(parameters + 2) >> 4 == 0;
    for (std::size_t i = at + 1; i < parameters; i += 2) {
      const auto component = std::find_if(components_.begin(), components_.end(),
                                          [&](const Component& each) { return each.id == byte(i); });
      if (component == components_.end()) return "a scan is of a component that there is not: the file is damaged";
      const std::size_t dc = byte(i + 1) >> 4, ac = byte(i + 1) & 15;
      if (dc > 3 || ac > 3 || !has_quantization_[component->quantization] || (starts_dc && !has_huffman_[0][dc]) ||
          ((!is_progressive_ || byte(parameters) > 0) && !has_huffman_[1][ac]))
        return "a table that its pixels need is missing: the file is damaged";
      component->has_scan = component->has_scan || starts_dc;
    }
    begin_scan(end, count, byte(at + 1));
    return "";
  }

  /// Records where the entropy-coded data of a scan begin, and the number of restart markers within.
  /// @param count, id  the number of its components, and the id of the first one
  void begin_scan(std::size_t begin, std::size_t count, std::size_t id) {
    const auto units = [](std::size_t pixels, std::size_t factor, std::size_t max_factor) {  // of 8 values, rounded up
      return ((pixels * factor + max_factor - 1) / max_factor + 7) / 8;
    };
    const auto first = std::find_if(components_.begin(), components_.end(),
                                    [&](const Component& each) { return each.id == id; });
    const std::size_t steps = count == 1 ? units(width_, first->across, across_) * units(height_, first->down, down_)
                                         : units(width_, 1, across_) * units(height_, 1, down_);
    expected_restarts_ = restart_interval_ > 0 ? (steps - 1) / restart_interval_ : 0;
    restarts_ = 0;
    scan_begin_ = interval_begin_ = begin;
    is_in_scan_ = true;
  }

  /// Checks the image as a whole, at its end.
  std::string whole_image() const {
    if (components_.empty()) return "it holds no image";
    for (const Component& component : components_)
      if (!component.has_scan) return "a color component has no data: the file is damaged";
    if (components_.size() == 4 && adobe_transform_ != 0 && adobe_transform_ != 2)
      return "it has four color components and does not say (by Adobe's marker) which";
    const bool is_called_rgb =
        components_.size() == 3 && components_[0].id == 'R' && components_[1].id == 'G' && components_[2].id == 'B';
    if (is_called_rgb && (is_jfif_ || adobe_transform_ > 0))
      return "its components have the ids 'R', 'G' and 'B', but its JFIF or Adobe segment calls them Y, Cb and Cr";
    return "";
  }

  std::span<const std::uint8_t> file_;
  std::vector<Component> components_;
  std::array<std::array<bool, 4>, 2> has_huffman_{};  ///< for DC and for AC coefficients
  std::array<bool, 4> has_quantization_{};
  std::size_t width_ = 0, height_ = 0;
  std::size_t across_ = 1, down_ = 1;  ///< the largest sampling factors
  std::size_t scans_ = 0, scan_begin_ = 0, scan_end_ = 0;
  std::size_t restart_interval_ = 0, expected_restarts_ = 0, restarts_ = 0, interval_begin_ = 0;
  bool is_in_scan_ = false;
  bool is_progressive_ = false;
  bool is_jfif_ = false;
  bool has_exif_ = false;
  int adobe_transform_ = -1;  ///< -1: there is no such segment
  int orientation_ = 1;
};

}  // namespace eigencoder::detail
