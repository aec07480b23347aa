#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace eigencoder::detail {

/// Asks Linux to back an array with huge pages, as far as it fills whole ones: reads with large strides then miss fewer
/// address translations. It is a hint, without effect on results or on the memory used.
inline void prefer_huge_pages(void* array, std::size_t bytes) {
#ifdef __linux__
  constexpr std::uintptr_t page = std::uintptr_t{1} << 21;
  const auto address = reinterpret_cast<std::uintptr_t>(array);
  const std::uintptr_t begin = (address + page - 1) / page * page, end = (address + bytes) / page * page;
  if (begin < end) static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
#else
  static_cast<void>(array);
  static_cast<void>(bytes);
#endif
}

}  // namespace eigencoder::detail
