#pragma once

// stb_image_write, compiled static into a namespace of the library, as stb_image is by stb_read.hpp.
// Not to be included by itself: #include <eigencoder/image/picture.hpp>
#if defined(__GNUC__)
#pragma GCC system_header
#endif

#ifdef STB_IMAGE_WRITE_IMPLEMENTATION
#error "eigencoder: include <eigencoder/image/picture.hpp> before you define STB_IMAGE_WRITE_IMPLEMENTATION"
#endif

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#pragma push_macro("INCLUDE_STB_IMAGE_WRITE_H")
#pragma push_macro("STBIWDEF")
#undef INCLUDE_STB_IMAGE_WRITE_H
#undef STBIWDEF

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_ASSERT(x) ((void)(x))

namespace eigencoder::detail::stb {
#if __has_include(<stb_image_write.h>)
#include <stb_image_write.h>
#elif __has_include(<stb/stb_image_write.h>)
#include <stb/stb_image_write.h>
#else
#error "eigencoder: <eigencoder/image/picture.hpp> needs stb_image_write.h (package libstb-dev or stb)"
#endif
}  // namespace eigencoder::detail::stb

#undef STB_IMAGE_WRITE_IMPLEMENTATION
#undef STB_IMAGE_WRITE_STATIC
#undef STBI_WRITE_NO_STDIO
#undef STBIW_ASSERT
#pragma pop_macro("STBIWDEF")
#pragma pop_macro("INCLUDE_STB_IMAGE_WRITE_H")
