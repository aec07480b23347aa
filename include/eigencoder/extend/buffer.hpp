#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/detail/platform/huge_pages.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace eigencoder {

/// The alignment of every array the kernels touch: one cache line, one widest vector register.
inline constexpr std::size_t alignment = 64;

/// No array has more bytes: on 64 bits 128 TiB, what a program can address.
inline constexpr Index max_bytes = (std::numeric_limits<Index>::max)() >> (sizeof(Index) > 4 ? 16 : 0);

/// `n` rounded up so that what follows starts on an aligned address again.
template <class Scalar>
constexpr Index padded(Index n) {
  constexpr Index unit = static_cast<Index>(alignment / sizeof(Scalar));
  return (n + unit - 1) / unit * unit;
}

namespace detail {
[[noreturn, gnu::cold]] inline void too_large(Index size) {
  throw OptionError(message({"no memory holds ", size, " values"}));
}
}  // namespace detail

/// A contiguous array on an aligned address with value semantics; new values are zero. Throws `OptionError` for a
/// size that no memory holds, `std::bad_alloc` where the machine has too little.
template <class Scalar>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(Index size) : data_(allocate(size)), size_(size) { fill(Scalar(0)); }
  Buffer(const Buffer& other) : data_(allocate(other.size_)), size_(other.size_) {
    std::copy_n(other.data(), size_, data());
  }
  Buffer(Buffer&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  /// Allocates only where the sizes differ.
  Buffer& operator=(const Buffer& other) {
    if (size_ != other.size_) return *this = Buffer(other);
    std::copy_n(other.data(), size_, data());
    return *this;
  }

  Scalar* data() { return data_.get(); }
  const Scalar* data() const { return data_.get(); }
  Index size() const { return size_; }
  std::span<Scalar> span() { return {data(), static_cast<std::size_t>(size_)}; }
  std::span<const Scalar> span() const { return {data(), static_cast<std::size_t>(size_)}; }
  void fill(Scalar value) { std::fill_n(data(), size_, value); }

  /// At least `size` values; what was held before is lost when the array has to grow.
  Scalar* ensure_size(Index size) {
    if (size > size_) *this = Buffer(size);
    return data();
  }

 private:
  struct Release {
    void operator()(Scalar* p) const { ::operator delete(p, std::align_val_t{alignment}); }
  };
  static Scalar* allocate(Index size) {
    if (size == 0) return nullptr;
    if (size < 0 || size > max_bytes / static_cast<Index>(sizeof(Scalar))) detail::too_large(size);
    const auto bytes = static_cast<std::size_t>(size) * sizeof(Scalar);
    void* const array = ::operator new(bytes, std::align_val_t{alignment});
    detail::prefer_huge_pages(array, bytes);
    return static_cast<Scalar*>(array);
  }

  std::unique_ptr<Scalar, Release> data_;
  Index size_ = 0;
};

}  // namespace eigencoder
