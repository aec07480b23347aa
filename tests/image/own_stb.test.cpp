// A program that declares, includes and implements its own stb_image around our header: ours stays out of
// its way, and its own copy keeps the formats that ours leaves out.
#if __has_include(<stb_image.h>)
#include <stb_image.h>
#else
#include <stb/stb_image.h>
#endif

#include <eigencoder/image.hpp>
#include <eigencoder/io/picture.hpp>

#define STB_IMAGE_IMPLEMENTATION
#if __has_include(<stb_image.h>)
#include <stb_image.h>
#else
#include <stb/stb_image.h>
#endif

#include "catch.hpp"

TEST_CASE("a program's own copy of stb_image works beside ours") {
  const unsigned char pnm[] = {'P', '6', ' ', '1', ' ', '1', ' ', '2', '5', '5', '\n', 11, 22, 33};
  int width = 0, height = 0, channels = 0;
  unsigned char* pixels = stbi_load_from_memory(pnm, sizeof pnm, &width, &height, &channels, 3);
  REQUIRE(pixels != nullptr);
  CHECK(width == 1);
  CHECK(int{pixels[0]} == 11);
  stbi_image_free(pixels);
  CHECK(eigencoder::detail::decode_image(pnm).error == "it is neither a PNG nor a JPEG image");
}
