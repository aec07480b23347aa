// A program that declares and implements its own stb_image and stb_image_write around our headers, all in one
// translation unit: ours stay out of its way, and its own copies keep the formats that ours leave out.
#if __has_include(<stb_image.h>)
#include <stb_image.h>
#else
#include <stb/stb_image.h>
#endif

#include <eigencoder/image.hpp>
#include <eigencoder/image/picture.hpp>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#if __has_include(<stb_image.h>)
#include <stb_image.h>
#include <stb_image_write.h>
#else
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
#endif

#include "support/catch.hpp"

TEST_CASE("a program's own copy of stb_image works beside ours") {
  const unsigned char pnm[] = {'P', '6', ' ', '1', ' ', '1', ' ', '2', '5', '5', '\n', 11, 22, 33};
  int width = 0, height = 0, channels = 0;
  unsigned char* pixels = stbi_load_from_memory(pnm, sizeof pnm, &width, &height, &channels, 3);
  REQUIRE(pixels != nullptr);
  CHECK(width == 1);
  CHECK(int{pixels[0]} == 11);
  stbi_image_free(pixels);
  CHECK(eigencoder::detail::decode_image(pnm, 1, true).error == "it is neither a PNG nor a JPEG image");
}

TEST_CASE("a program's own copy of stb_image_write works beside ours") {
  const std::uint8_t pixel[] = {11, 22, 33};
  const auto append = [](void* out, void* bytes, int size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  };
  std::string own, ours;
  REQUIRE(stbi_write_png_to_func(append, &own, 1, 1, 3, pixel, 3) != 0);
  REQUIRE(eigencoder::detail::stb::stbi_write_png_to_func(append, &ours, 1, 1, 3, pixel, 3) != 0);
  CHECK(own == ours);
}
