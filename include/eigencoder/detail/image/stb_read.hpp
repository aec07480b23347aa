#pragma once

// stb_image for PNG and JPEG, compiled static into a namespace of the library, so that a program with a copy of its own
// still compiles and links. Not to be included by itself: #include <eigencoder/image.hpp>
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

// Other declarations of stb_image, before or after this one, must not be affected.
#pragma push_macro("STBI_INCLUDE_STB_IMAGE_H")
#pragma push_macro("STBIDEF")
#pragma push_macro("STBI_MALLOC")
#pragma push_macro("STBI_REALLOC")
#pragma push_macro("STBI_REALLOC_SIZED")
#pragma push_macro("STBI_FREE")
#undef STBI_INCLUDE_STB_IMAGE_H
#undef STBIDEF
#undef STBI_MALLOC
#undef STBI_REALLOC
#undef STBI_REALLOC_SIZED
#undef STBI_FREE

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_SIMD  // the same values on every machine
#define STBI_ASSERT(x) ((void)(x))
#define STBI_MAX_DIMENSIONS (1 << 24)
#define STBI_MALLOC(size) allocate(size)
#define STBI_REALLOC_SIZED(block, size_before, size) reallocate(block, size_before, size)
#define STBI_FREE(block) free(block)

// stb_image declares its functions extern "C": even static ones keep their plain names in the object file, where
// two copies in one translation unit would clash. So each is renamed.
#define stbi_failure_reason eigencoder_stbi_failure_reason
#define stbi_image_free eigencoder_stbi_image_free
#define stbi_info_from_memory eigencoder_stbi_info_from_memory
#define stbi_info_from_callbacks eigencoder_stbi_info_from_callbacks
#define stbi_is_16_bit_from_memory eigencoder_stbi_is_16_bit_from_memory
#define stbi_is_16_bit_from_callbacks eigencoder_stbi_is_16_bit_from_callbacks
#define stbi_is_hdr_from_memory eigencoder_stbi_is_hdr_from_memory
#define stbi_is_hdr_from_callbacks eigencoder_stbi_is_hdr_from_callbacks
#define stbi_hdr_to_ldr_gamma eigencoder_stbi_hdr_to_ldr_gamma
#define stbi_hdr_to_ldr_scale eigencoder_stbi_hdr_to_ldr_scale
#define stbi_load_from_memory eigencoder_stbi_load_from_memory
#define stbi_load_from_callbacks eigencoder_stbi_load_from_callbacks
#define stbi_load_16_from_memory eigencoder_stbi_load_16_from_memory
#define stbi_load_from_callbacks eigencoder_stbi_load_from_callbacks
#define stbi_load_16_from_callbacks eigencoder_stbi_load_16_from_callbacks
#define stbi_convert_iphone_png_to_rgb eigencoder_stbi_convert_iphone_png_to_rgb
#define stbi_convert_iphone_png_to_rgb_thread eigencoder_stbi_convert_iphone_png_to_rgb_thread
#define stbi_set_flip_vertically_on_load eigencoder_stbi_set_flip_vertically_on_load
#define stbi_set_flip_vertically_on_load_thread eigencoder_stbi_set_flip_vertically_on_load_thread
#define stbi_set_unpremultiply_on_load eigencoder_stbi_set_unpremultiply_on_load
#define stbi_set_unpremultiply_on_load_thread eigencoder_stbi_set_unpremultiply_on_load_thread
#define stbi_zlib_decode_buffer eigencoder_stbi_zlib_decode_buffer
#define stbi_zlib_decode_malloc eigencoder_stbi_zlib_decode_malloc
#define stbi_zlib_decode_malloc_guesssize eigencoder_stbi_zlib_decode_malloc_guesssize
#define stbi_zlib_decode_malloc_guesssize_headerflag eigencoder_stbi_zlib_decode_malloc_guesssize_headerflag
#define stbi_zlib_decode_noheader_buffer eigencoder_stbi_zlib_decode_noheader_buffer
#define stbi_zlib_decode_noheader_malloc eigencoder_stbi_zlib_decode_noheader_malloc

namespace eigencoder::detail::stb {

// The largest block that this thread's decoder may allocate: it would inflate whatever a file holds.
inline thread_local size_t max_bytes = 0;
inline thread_local bool is_out_of_memory = false;  // the system could not allocate a permitted block

// Memory is zeroed, since stb_image before 2.28 reads memory that it did not write: in a damaged PNG, matches of length
// or distance 0.
inline void* allocate(size_t size) {
  if (size > max_bytes) return nullptr;
  void* block = calloc(size, 1);
  if (block == nullptr) is_out_of_memory = true;
  return block;
}
inline void* reallocate(void* block, size_t size_before, size_t size) {
  if (size > max_bytes) return nullptr;
  char* larger = static_cast<char*>(realloc(block, size));
  if (larger == nullptr) is_out_of_memory = true;
  if (larger != nullptr && size > size_before) memset(larger + size_before, 0, size - size_before);
  return larger;
}

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
#undef STBI_MALLOC
#undef STBI_REALLOC
#undef STBI_REALLOC_SIZED
#undef STBI_FREE
#undef STBI_MAX_DIMENSIONS
#undef stbi__err
#undef stbi__vertically_flip_on_load
#undef stbi_failure_reason
#undef stbi_image_free
#undef stbi_info_from_memory
#undef stbi_info_from_callbacks
#undef stbi_is_16_bit_from_memory
#undef stbi_is_16_bit_from_callbacks
#undef stbi_is_hdr_from_memory
#undef stbi_is_hdr_from_callbacks
#undef stbi_hdr_to_ldr_gamma
#undef stbi_hdr_to_ldr_scale
#undef stbi_load_from_memory
#undef stbi_load_from_callbacks
#undef stbi_load_16_from_memory
#undef stbi_load_from_callbacks
#undef stbi_load_16_from_callbacks
#undef stbi_convert_iphone_png_to_rgb
#undef stbi_convert_iphone_png_to_rgb_thread
#undef stbi_set_flip_vertically_on_load
#undef stbi_set_flip_vertically_on_load_thread
#undef stbi_set_unpremultiply_on_load
#undef stbi_set_unpremultiply_on_load_thread
#undef stbi_zlib_decode_buffer
#undef stbi_zlib_decode_malloc
#undef stbi_zlib_decode_malloc_guesssize
#undef stbi_zlib_decode_malloc_guesssize_headerflag
#undef stbi_zlib_decode_noheader_buffer
#undef stbi_zlib_decode_noheader_malloc
#pragma pop_macro("STBI_FREE")
#pragma pop_macro("STBI_REALLOC_SIZED")
#pragma pop_macro("STBI_REALLOC")
#pragma pop_macro("STBI_MALLOC")
#pragma pop_macro("STBIDEF")
#pragma pop_macro("STBI_INCLUDE_STB_IMAGE_H")
