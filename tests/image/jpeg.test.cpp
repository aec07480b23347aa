#include "support/jpeg_builder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <eigencoder/image.hpp>

#include "support/temporary_folder.hpp"
#include "support/catch.hpp"
#include "support/exif_builder.hpp"

using namespace eigencoder;

namespace jpeg_test {
namespace {

Dataset<float> read(const Bytes& bytes, const ImageOptions& options = {}) {
  const TemporaryFolder folder;
  return read_image(folder.put("image.jpg", bytes), options);
}

std::string refusal(const Bytes& bytes) {
  return message_of<FileError>([&] { read(bytes); });
}

bool says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

using Color = std::array<double, 3>;

/// ITU-T T.871 (JFIF), clamped.
Color from_ycc(double y, double cb, double cr) {
  Color rgb{y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)};
  for (double& value : rgb) value = std::fmin(std::fmax(value, 0), 255);
  return rgb;
}

/// The largest distance of a pixel's values from a color, in 255ths.
double distance(const Dataset<float>& set, Index row, Index column, const Color& color) {
  double most = 0;
  for (Index c = 0; c < 3; ++c) {
    const double value = 255. * static_cast<double>(set.samples((row * set.shape.width + column) * 3 + c, 0));
    most = std::fmax(most, std::abs(value - color[static_cast<std::size_t>(c)]));
  }
  return most;
}

Jpeg flat(std::vector<int> ids, std::vector<int> values, Bytes before = {}) {
  Jpeg jpeg{.before = std::move(before)};
  for (std::size_t i = 0; i < ids.size(); ++i) jpeg.components.push_back({ids[i], 1, 1, {values[i]}});
  return jpeg;
}

}  // namespace

TEST_CASE("luma and chroma of any sampling become the colors that they are") {
  for (const auto& [across, down] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}})
    for (const int frame : {0xC0, 0xC1, 0xC2})
      for (const int restart : {0, 1}) {
        CAPTURE(across, down, frame, restart);
        Jpeg jpeg = small_jpeg(across, down);
        jpeg.frame = frame;
        jpeg.restart = restart;
        const Dataset<float> set = read(jpeg.bytes());
        REQUIRE(set.shape == Shape{16, 16, 3});
        const int luma[] = {40, 90, 140, 200};
        for (const int row : {0, 1})
          for (const int column : {0, 1}) {
            const int chroma = 9 * (row / down * (2 / across) + column / across);
            // In a corner, where chroma that is stored smaller is not blended with its neighbors.
            CHECK(distance(set, 15 * row, 15 * column, from_ycc(luma[2 * row + column], 110 + chroma, 135 + chroma)) <
                  2.5);
          }
      }
  // 4:1:1, and 4:1:0 with an edge that cuts blocks.
  Jpeg wide{.width = 32, .components = {{1, 4, 1, {40, 90, 140, 200}}, {2, 1, 1, {110}}, {3, 1, 1, {135}}}};
  for (const int column : {0, 1, 2, 3})
    CHECK(distance(read(wide.bytes()), 4, 8 * column + 4,
                   from_ycc(wide.components[0].blocks[static_cast<std::size_t>(column)], 110, 135)) < 2.5);
  Jpeg cut{.width = 27,
           .height = 11,
           .components = {{1, 4, 2, {40, 90, 140, 200, 50, 60, 70, 80}}, {2, 1, 1, {110}}, {3, 1, 1, {135}}}};
  const Dataset<float> set = read(cut.bytes());
  REQUIRE(set.shape == Shape{11, 27, 3});
  CHECK(distance(set, 10, 26, from_ycc(80, 110, 135)) < 2.5);
  CHECK(distance(set, 0, 0, from_ycc(40, 110, 135)) < 2.5);
}

TEST_CASE("gray, RGB, CMYK and YCCK come out right") {
  CHECK(distance(read(flat({1}, {77}).bytes()), 7, 7, {77, 77, 77}) < 0.01);
  Jpeg gray{.width = 16, .height = 16, .components = {{1, 2, 2, {40, 90, 140, 200}}}};  // the factors say nothing here
  CHECK(distance(read(gray.bytes()), 0, 15, {90, 90, 90}) < 0.01);
  CHECK(distance(read(gray.bytes()), 15, 0, {140, 140, 140}) < 0.01);

  const Color rgb{200, 30, 90};
  CHECK(distance(read(flat({'R', 'G', 'B'}, {200, 30, 90}).bytes()), 3, 3, rgb) < 0.01);
  CHECK(distance(read(flat({1, 2, 3}, {200, 30, 90}, adobe_segment(0)).bytes()), 3, 3, rgb) < 0.01);
  const Color ycc = from_ycc(200, 110, 135);
  CHECK(distance(read(flat({1, 2, 3}, {200, 110, 135}, adobe_segment(1)).bytes()), 3, 3, ycc) < 1.5);
  CHECK(distance(read(flat({1, 2, 3}, {200, 110, 135}, jfif_segment()).bytes()), 3, 3, ycc) < 1.5);
  CHECK(distance(read(flat({0, 7, 9}, {200, 110, 135}).bytes()), 3, 3, ycc) < 1.5);

  // Adobe's programs store what ink leaves of the light: 255 is no ink.
  const Color inked{200 * 240 / 255., 30 * 240 / 255., 90 * 240 / 255.};
  CHECK(distance(read(flat({1, 2, 3, 4}, {200, 30, 90, 240}, adobe_segment(0)).bytes()), 3, 3, inked) < 1);
  // Its luma and chroma stand for the ink.
  const Color ink = from_ycc(60, 140, 120);
  const Color ycck{(255 - ink[0]) * 240 / 255, (255 - ink[1]) * 240 / 255, (255 - ink[2]) * 240 / 255};
  CHECK(distance(read(flat({1, 2, 3, 4}, {60, 140, 120, 240}, adobe_segment(2)).bytes()), 3, 3, ycck) < 2);
}

TEST_CASE("a kind of JPEG that is not decoded is refused with its name") {
  const auto with_frame = [](int marker) {
    Jpeg jpeg = small_jpeg(1, 1);
    jpeg.frame = marker;
    return refusal(jpeg.bytes());
  };
  CHECK(says(with_frame(0xC9), "arithmetic coding"));
  CHECK(says(with_frame(0xCA), "arithmetic coding"));
  CHECK(says(with_frame(0xC3), "lossless"));
  CHECK(says(with_frame(0xC5), "hierarchical"));
  Jpeg deep = small_jpeg(1, 1);
  deep.precision = 12;
  CHECK(says(refusal(deep.bytes()), "12 bits"));
  Jpeg late = small_jpeg(1, 1);
  late.height = 0;
  CHECK(says(refusal(late.bytes()), "height"));
  CHECK(says(refusal(flat({1, 2}, {1, 2}).bytes()), "2 color components"));
  CHECK(says(refusal(flat({1, 2, 3, 4}, {1, 2, 3, 4}).bytes()), "four color components"));
  CHECK(says(refusal(flat({1, 2, 3, 4}, {1, 2, 3, 4}, adobe_segment(1)).bytes()), "four color components"));
  CHECK(says(refusal(flat({'R', 'G', 'B'}, {1, 2, 3}, adobe_segment(1)).bytes()), "its JFIF or Adobe segment"));
  Jpeg uneven{.width = 24, .components = {{1, 3, 1, {1, 2, 3}}, {2, 2, 1, {1, 2}}, {3, 1, 1, {1}}}};
  CHECK(says(refusal(uneven.bytes()), "whole factor"));
}

TEST_CASE("a JPEG without a table or a component that its pixels need is refused") {
  for (const int frame : {0xC0, 0xC2}) {
    Jpeg jpeg = small_jpeg(2, 2);
    jpeg.frame = frame;
    REQUIRE(refusal(jpeg.bytes()).empty());
    Jpeg broken = jpeg;
    broken.has_quantization = false;
    CHECK(says(refusal(broken.bytes()), "table"));
    broken = jpeg;
    broken.has_dc_table = false;
    CHECK(says(refusal(broken.bytes()), "table"));
    broken = jpeg;
    broken.has_ac_table = false;
    CHECK(refusal(broken.bytes()).empty() == (frame == 0xC2));  // a scan of DC coefficients alone needs none
    for (const std::size_t scanned : {0U, 1U, 2U}) {
      broken = jpeg;
      broken.scanned = scanned;
      CHECK(says(refusal(broken.bytes()), "has no data"));
    }
    broken = jpeg;
    broken.components[2].id = 2;  // as that before it: nothing is left for the third
    CHECK(says(refusal(broken.bytes()), "has no data"));
  }
}

namespace {

constexpr std::ptrdiff_t end_size = 2;

/// Where the data of the first scan begin.
std::ptrdiff_t scan_data(const Bytes& jpeg) {
  const Bytes marker{0xFF, 0xDA};
  const auto at = std::search(jpeg.begin(), jpeg.end(), marker.begin(), marker.end()) - jpeg.begin();
  return at + 2 + jpeg[static_cast<std::size_t>(at + 3)];
}

/// A gray JPEG of 8 x 8 blocks, each of another value than the one before it.
Jpeg blocks(int frame, int restart) {
  Jpeg jpeg{.width = 64, .height = 64, .components = {{}}, .frame = frame, .restart = restart};
  for (int i = 0; i < 64; ++i) jpeg.components[0].blocks.push_back(i * 37 % 251);
  return jpeg;
}

}  // namespace

TEST_CASE("a JPEG that is cut off and closed with an end marker is refused") {
  for (const int frame : {0xC0, 0xC2})
    for (const int restart : {0, 1, 5}) {
      const Bytes whole = blocks(frame, restart).bytes();
      const auto samples = read(whole).samples;
      const std::ptrdiff_t begin = scan_data(whole), last = std::ssize(whole) - end_size;
      // What is missing is noticed where it is more than stb_image reads ahead, and its zeros do not pass for it.
      for (std::ptrdiff_t end = begin; end < last - 20; ++end) {
        CAPTURE(frame, restart, end - begin);
        Bytes cut(whole.begin(), whole.begin() + end);
        cut.insert(cut.end(), {0xFF, 0xD9});
        REQUIRE(says(refusal(cut), "cut off"));
      }
      for (const Bytes& filling : {Bytes{0xFF, 0xFF}, Bytes{0, 0, 0, 0, 0, 0, 0}, Bytes{0xFF, 0xFE, 0, 3, 7}}) {
        Bytes filled = whole;
        filled.insert(filled.end() - end_size, filling.begin(), filling.end());
        CHECK(read(filled).samples == samples);
      }
    }
  Bytes empty = flat({1}, {77}).bytes();  // too few bits are missing to be noticed by their number
  empty.erase(empty.begin() + scan_data(empty), empty.end() - end_size);
  CHECK(says(refusal(empty), "cut off"));
}

TEST_CASE("a JPEG of more scans than any encoder writes is refused") {
  const Bytes one = flat({1}, {77}).bytes();
  const auto scan = one.begin() + scan_data(one) - 10;  // its header has ten bytes
  REQUIRE((scan[0] == 0xFF && scan[1] == 0xDA));
  const auto of_scans = [&](int count) {
    Bytes out(one.begin(), scan);
    for (int i = 0; i < count; ++i) out.insert(out.end(), scan, one.end() - end_size);
    out.insert(out.end(), {0xFF, 0xD9});
    return out;
  };
  CHECK(read(of_scans(500)).samples == read(one).samples);
  CHECK(says(refusal(of_scans(501)), "more than 500 scans"));
}

TEST_CASE("bytes after the end of a JPEG are ignored") {
  for (const int frame : {0xC0, 0xC2})
    for (const int restart : {0, 1}) {
      Jpeg jpeg = small_jpeg(1, 1);
      jpeg.frame = frame;
      jpeg.restart = restart;
      const Bytes good = jpeg.bytes();
      const auto samples = read(good).samples;
      Bytes video = good;
      for (int i = 0; i < 5000; ++i)
        video.push_back(static_cast<std::uint8_t>(i % 5 == 0 ? 0xFF : i % 5 == 1 ? 0xC4 : 0xF0));
      CHECK(read(video).samples == samples);
      Bytes other = good;  // a second image, as of a stereo camera
      other.insert(other.end(), good.begin(), good.end());
      CHECK(read(other).samples == samples);
    }
}

TEST_CASE("segments before a JPEG's image may hold anything, and bytes may fill the gaps between them") {
  Jpeg jpeg = small_jpeg(2, 2);
  const auto samples = read(jpeg.bytes()).samples;
  const Bytes thumbnail = jpeg_segment(0xE1, exif_segment_data(small_jpeg(1, 1).bytes()));  // with an end of its own
  const Bytes fill{0xFF, 0xFF, 0xFF};
  for (const Bytes& part : {jfif_segment(), thumbnail, fill, thumbnail, jpeg_segment(0xFE, {0xFF, 0xD9, 0xFF, 0xC4})})
    jpeg.before.insert(jpeg.before.end(), part.begin(), part.end());
  CHECK(read(jpeg.bytes()).samples == samples);
  Bytes filled = jpeg.bytes();
  filled.insert(filled.end() - 2, fill.begin(), fill.end());
  CHECK(read(filled).samples == samples);
}

}  // namespace jpeg_test
