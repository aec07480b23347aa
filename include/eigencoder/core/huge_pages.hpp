#pragma once

#include <cstddef>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace eigencoder::detail {

inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// The alignment for an array of so many bytes: a large one begins a huge page.
inline std::size_t page_alignment(std::size_t bytes, std::size_t least) {
  return bytes >= huge_page ? huge_page : least;
}

/// Asks for huge pages behind the whole ones of an array, where the system gives them on request: kernels that read it
/// with large strides find its addresses sooner. Nothing depends on the answer, and no more memory is taken.
inline void prefer_huge_pages(void* array, std::size_t bytes) {
#ifdef __linux__
  if (bytes >= huge_page) static_cast<void>(madvise(array, bytes / huge_page * huge_page, MADV_HUGEPAGE));
#else
  static_cast<void>(array);
  static_cast<void>(bytes);
#endif
}

}  // namespace eigencoder::detail
