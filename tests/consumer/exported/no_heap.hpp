#pragma once

// For a program that has no heap: once `armed` is true, any allocation ends it.
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

bool armed = false;

// What the standard library takes before main.
void* early(std::size_t size) {
  static unsigned char memory[1 << 20];
  static std::size_t used = 0;
  if (armed || size > sizeof memory - used) std::abort();
  void* const place = memory + used;
  used += (size + 63) / 64 * 64;
  return place;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return early(size); }
void* calloc(std::size_t count, std::size_t size) { return early(count * size); }
void* realloc(void*, std::size_t) { std::abort(); }
void free(void*) {}
}
void* operator new(std::size_t size) { return early(size); }
void* operator new[](std::size_t size) { return early(size); }
void operator delete(void*) noexcept {}
void operator delete[](void*) noexcept {}
void operator delete(void*, std::size_t) noexcept {}
void operator delete[](void*, std::size_t) noexcept {}
