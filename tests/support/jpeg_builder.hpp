#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "support/png_builder.hpp"

/// JPEG files of constant blocks of 8 x 8 values, built byte by byte after ITU-T T.81, without any library.
struct JpegComponent {
  int id = 1;
  int across = 1;  ///< sampling factors
  int down = 1;
  std::vector<int> blocks = {};  ///< the value of each block, 0 to 255, row by row; whole MCUs
};

inline Bytes jpeg_segment(int marker, const Bytes& data) {
  const std::size_t length = data.size() + 2;
  Bytes out{0xFF, static_cast<std::uint8_t>(marker), static_cast<std::uint8_t>(length >> 8),
            static_cast<std::uint8_t>(length & 255)};
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

inline Bytes adobe_segment(int transform) {
  return jpeg_segment(0xEE, {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, static_cast<std::uint8_t>(transform)});
}

inline Bytes jfif_segment() { return jpeg_segment(0xE0, {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0}); }

struct Jpeg {
  int width = 8;
  int height = 8;
  std::vector<JpegComponent> components = {};
  Bytes before = {};  ///< segments after the file's first two bytes
  int frame = 0xC0;   ///< the marker: 0xC2 is progressive
  int precision = 8;
  int restart = 0;  ///< MCUs between restart markers; 0: none
  bool has_quantization = true;
  bool has_dc_table = true;
  bool has_ac_table = true;
  std::size_t scanned = 4;  ///< the number of components that have data, at most

  Bytes bytes() const {
    Bytes out{0xFF, 0xD8};
    const auto add = [&](const Bytes& part) { out.insert(out.end(), part.begin(), part.end()); };
    const auto byte = [](std::size_t value) { return static_cast<std::uint8_t>(value & 255); };
    add(before);
    if (has_quantization) add(jpeg_segment(0xDB, eights()));
    Bytes header{byte(static_cast<std::size_t>(precision)), byte(static_cast<std::size_t>(height >> 8)),
                 byte(static_cast<std::size_t>(height)),    byte(static_cast<std::size_t>(width >> 8)),
                 byte(static_cast<std::size_t>(width)),     byte(components.size())};
    for (const JpegComponent& each : components)
      for (const int value : {each.id, each.across << 4 | each.down, 0})
        header.push_back(byte(static_cast<std::size_t>(value)));
    add(jpeg_segment(frame, header));
    if (has_dc_table)
      add(jpeg_segment(0xC4, {0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0,  // 12 codes of 4 bits
                              0,    1, 2, 3, 4,  5, 6, 7, 8, 9, 10, 11}));
    if (has_ac_table)
      add(jpeg_segment(0xC4, {0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));  // "0" ends a block
    if (restart > 0) add(jpeg_segment(0xDD, {0, byte(static_cast<std::size_t>(restart))}));
    const std::size_t count = std::min(scanned, components.size());
    if (count > 0) {
      Bytes scan{byte(count)};
      for (std::size_t i = 0; i < count; ++i) {
        scan.push_back(byte(static_cast<std::size_t>(components[i].id)));
        scan.push_back(0);
      }
      for (const int value : {0, frame == 0xC2 ? 0 : 63, 0}) scan.push_back(byte(static_cast<std::size_t>(value)));
      add(jpeg_segment(0xDA, scan));
      add(data(count));
    }
    add({0xFF, 0xD9});
    return out;
  }

 private:
  /// A quantization table of eights, with which the mean of a block is an integer coefficient.
  static Bytes eights() {
    Bytes table(65, 8);
    table[0] = 0;
    return table;
  }

  struct Bits {
    Bytes out = {};
    unsigned word = 0;
    int count = 0;
    void put(unsigned value, int size) {
      for (int i = size - 1; i >= 0; --i) {
        word = word << 1 | (value >> i & 1U);
        if (++count == 8) flush();
      }
    }
    void flush() {
      out.push_back(static_cast<std::uint8_t>(word));
      if (word == 0xFF) out.push_back(0);
      word = 0;
      count = 0;
    }
    void fill() {
      while (count > 0) put(1, 1);
    }
  };

  void put_block(Bits& bits, int value, int& last) const {
    const int step = value - 128 - last;
    last = value - 128;
    int size = 0;
    while (std::abs(step) >> size != 0) ++size;
    bits.put(static_cast<unsigned>(size), 4);
    bits.put(static_cast<unsigned>(step < 0 ? step - 1 : step), size);
    if (frame != 0xC2) bits.put(0, 1);
  }

  Bytes data(std::size_t count) const {
    int max_across = 1, max_down = 1;
    for (const JpegComponent& each : components) {
      max_across = std::max(max_across, each.across);
      max_down = std::max(max_down, each.down);
    }
    const bool alone = count == 1;
    const int columns = (width + 8 * max_across - 1) / (8 * max_across),
              rows = (height + 8 * max_down - 1) / (8 * max_down);
    Bits bits;
    std::vector<int> last(components.size(), 0);
    int met = 0;
    const auto begin_unit = [&] {
      if (restart > 0 && met > 0 && met % restart == 0) {
        bits.fill();
        bits.out.push_back(0xFF);
        bits.out.push_back(static_cast<std::uint8_t>(0xD0 + (met / restart - 1) % 8));
        std::fill(last.begin(), last.end(), 0);
      }
      ++met;
    };
    if (alone) {  // the blocks of the image, without those that fill up MCUs
      const JpegComponent& each = components[0];
      const int across = (width * each.across / max_across + 7) / 8, down = (height * each.down / max_down + 7) / 8;
      for (int i = 0; i < across * down; ++i) {
        begin_unit();
        put_block(bits, each.blocks.at(static_cast<std::size_t>(i)), last[0]);
      }
    } else {
      for (int mcu = 0; mcu < columns * rows; ++mcu) {
        begin_unit();
        for (std::size_t c = 0; c < count; ++c) {
          const JpegComponent& each = components[c];
          for (int i = 0; i < each.across * each.down; ++i) {
            const int row = mcu / columns * each.down + i / each.across,
                      column = mcu % columns * each.across + i % each.across;
            put_block(bits, each.blocks.at(static_cast<std::size_t>(row * columns * each.across + column)), last[c]);
          }
        }
      }
    }
    bits.fill();
    return bits.out;
  }
};

/// A Jpeg of 16 x 16 pixels: four blocks of luma, and as many of chroma as its subsampling leaves.
inline Jpeg small_jpeg(int across, int down) {
  const auto chroma = [&](int id, int value) {
    std::vector<int> blocks;
    for (int i = 0; i < (2 / across) * (2 / down); ++i) blocks.push_back(value + 9 * i);
    return JpegComponent{id, 1, 1, blocks};
  };
  return {
      .width = 16, .height = 16, .components = {{1, across, down, {40, 90, 140, 200}}, chroma(2, 110), chroma(3, 135)}};
}
