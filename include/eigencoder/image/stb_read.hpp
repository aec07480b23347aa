#pragma once

// stb_image, PNG and JPEG alone, compiled static into a namespace of ours: a program that has its own copy
// anywhere still compiles and links. Not meant for use by itself: #include <eigencoder/image.hpp>
#if defined(__GNUC__)
#pragma GCC system_header
#endif

#ifdef STB_IMAGE_IMPLEMENTATION
#error "eigencoder: include <eigencoder/image.hpp> before you define STB_IMAGE_IMPLEMENTATION"
#endif

#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A declaration of stb_image made earlier, or later, by someone else must not notice this one.
#pragma push_macro("STBI_INCLUDE_STB_IMAGE_H")
#pragma push_macro("STBIDEF")
#undef STBI_INCLUDE_STB_IMAGE_H
#undef STBIDEF

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_SIMD  // the same values on every machine
#define STBI_ASSERT(x) ((void)(x))
#define STBI_MAX_DIMENSIONS (1 << 16)

namespace eigencoder::detail::stb {
#if __has_include(<stb_image.h>)
#include <stb_image.h>
#elif __has_include(<stb/stb_image.h>)
#include <stb/stb_image.h>
#else
#error "eigencoder: <eigencoder/image.hpp> needs stb_image.h (package libstb-dev or stb)"
#endif
}  // namespace eigencoder::detail::stb

#undef STB_IMAGE_IMPLEMENTATION
#undef STB_IMAGE_STATIC
#undef STBI_ONLY_PNG
#undef STBI_ONLY_JPEG
#undef STBI_NO_STDIO
#undef STBI_NO_LINEAR
#undef STBI_NO_SIMD
#undef STBI_NO_BMP
#undef STBI_NO_GIF
#undef STBI_NO_HDR
#undef STBI_NO_PIC
#undef STBI_NO_PNM
#undef STBI_NO_PSD
#undef STBI_NO_TGA
#undef STBI_ASSERT
#undef STBI_SIMD_ALIGN
#undef STBI_MAX_DIMENSIONS
#undef stbi__err
#undef stbi__vertically_flip_on_load
#pragma pop_macro("STBIDEF")
#pragma pop_macro("STBI_INCLUDE_STB_IMAGE_H")
