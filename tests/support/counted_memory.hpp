#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

// Counts the bytes that every form of `new` has allocated now, and the largest number so far, in a program that
// includes this. Sanitizers have their own `new`: under them nothing is counted. The definitions are weak, so that
// several files of a program may include this one.

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EIGENCODER_COUNTS_MEMORY 1
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#undef EIGENCODER_COUNTS_MEMORY
#endif
#endif
#endif

inline std::atomic<std::size_t> memory_now{0}, memory_peak{0};
inline std::atomic<std::size_t> memory_limit{static_cast<std::size_t>(-1)};  ///< from here on a block is too large

/// The largest number of bytes that `run` has allocated at a time; 0 where nothing is counted.
template <class Run>
std::size_t memory_of(const Run& run) {
  const std::size_t before = memory_now;
  memory_peak = before;
  run();
  return memory_peak - before;
}

#ifdef EIGENCODER_COUNTS_MEMORY
#include <malloc.h>

// All other forms of the standard library call these.
[[gnu::weak]] void* operator new(std::size_t size, std::align_val_t to) {
  const std::size_t unit = static_cast<std::size_t>(to);
  void* block = size < memory_limit ? std::aligned_alloc(unit, (size + unit - 1) / unit * unit) : nullptr;
  if (block == nullptr) throw std::bad_alloc();
  const std::size_t now = memory_now += ::malloc_usable_size(block);
  for (std::size_t most = memory_peak; now > most && !memory_peak.compare_exchange_weak(most, now);) {
  }
  return block;
}
[[gnu::weak]] void operator delete(void* block, std::align_val_t) noexcept {
  if (block != nullptr) memory_now -= ::malloc_usable_size(block);
  std::free(block);
}
[[gnu::weak]] void* operator new(std::size_t size) {
  return operator new(size, std::align_val_t{alignof(std::max_align_t)});
}
[[gnu::weak]] void operator delete(void* block) noexcept {
  operator delete(block, std::align_val_t{alignof(std::max_align_t)});
}
[[gnu::weak]] void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
[[gnu::weak]] void operator delete(void* block, std::size_t, std::align_val_t to) noexcept {
  operator delete(block, to);
}
#endif
