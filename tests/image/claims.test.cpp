// What headers claim, beyond 2^31 pixels and bytes: also built where Index is int, see CMakeLists.txt.
#include <eigencoder/image.hpp>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/catch.hpp"
#include "support/jpeg_builder.hpp"
#include "support/png_builder.hpp"

using namespace eigencoder;

namespace claims_test {
namespace {

std::string refusal(const Bytes& bytes) {
  const TemporaryFolder folder;
  return message_of<FileError>([&] { read_image(folder.put("image", bytes)); });
}

bool says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

/// A PNG that claims this size, of as many bytes as make the claim possible.
Bytes claiming(Png png, std::size_t bytes) {
  Bytes out = png.bytes();
  out.resize(bytes);
  return out;
}

}  // namespace

TEST_CASE("an image that is too large is refused as that, however large it is") {
  const std::string large = refusal(claiming({.width = 30000, .height = 12000}, 1'100'000));
  CHECK(says(large, "30000 x 12000 pixels, 360000000 in all: more than ImageOptions::max_pixels"));
  CHECK(says(refusal(claiming({.width = 65536, .height = 65536, .depth = 1, .color = 0}, 600'000)),
             "4294967296 in all"));
  CHECK(says(refusal(claiming({.width = 20'000'000, .depth = 1, .color = 0}, 3000)), "16777216 on a side"));
  CHECK(says(refusal(Png{.width = 0xFFFFFFFF, .height = 0xFFFFFFFF}.bytes()),
             "4294967295 x 4294967295 pixels, more than its"));
  Jpeg jpeg{.width = 65535, .height = 65535, .components = {{1, 1, 1, {}}}, .scanned = 0};
  Bytes scanned = jpeg.bytes();
  const Bytes scan{0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x55};
  scanned.insert(scanned.end() - 2, scan.begin(), scan.end());
  CHECK(says(refusal(scanned), "65535 x 65535 pixels, more than its"));
}

TEST_CASE("an image may take more than 2^31 bytes to decode") {
  // 140 million pixels of a bit, 16 bytes for each; their data are missing.
  CHECK(says(refusal(claiming({.width = 14000, .height = 10000, .depth = 1, .color = 0}, 20'000)), "image"));
}

TEST_CASE("a long side shrinks by exact whole numbers") {
  const auto taps = detail::resize_taps(Index{1} << 22, 1024);
  CHECK(taps[1023].first == 1023 * 4096);
  CHECK(taps[1023].weights.size() == 4096);
}

TEST_CASE("a PNG of two headers is refused") {
  Bytes two = Png{.rows = {0, 1, 2, 3}}.bytes();
  const Bytes header(two.begin() + 8, two.begin() + 8 + 25);
  two.insert(two.begin() + 8 + 25, header.begin(), header.end());
  CHECK(says(refusal(two), "two headers"));
}

}  // namespace claims_test
