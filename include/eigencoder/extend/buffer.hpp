#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/detail/platform/huge_pages.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace eigencoder {

/// The alignment in bytes of every array that kernels read or write: one cache line, one register of the widest kind.
inline constexpr std::size_t alignment = 64;

/// The largest number of bytes of an array: on 64 bits 128 TiB, what a program can address.
inline constexpr Index max_bytes = (std::numeric_limits<Index>::max)() >> (sizeof(Index) > 4 ? 16 : 0);

/// `n` rounded up to the next aligned address, in values of the scalar.
template <class Scalar>
constexpr Index padded(Index n) {
  constexpr Index unit = static_cast<Index>(alignment / sizeof(Scalar));
  return (n + unit - 1) / unit * unit;
}

/// For an array of more values than memory can hold.
/// @throws OptionError always.
[[noreturn, gnu::cold]] inline void throw_too_large(Index size) {
  throw OptionError(detail::message({"no memory holds ", size, " values"}));
}

/// A contiguous array on an aligned address, with value semantics.
/// @throws OptionError for a size that no memory holds, `std::bad_alloc` where the machine has too little memory.
template <class Scalar>
class Buffer {
 public:
  /// An empty array.
  Buffer() = default;
  /// `size` values, all zero.
  explicit Buffer(Index size) : data_(allocate(size)), size_(size) { fill(Scalar(0)); }
  /// A copy of the values.
  Buffer(const Buffer& other) : data_(allocate(other.size_)), size_(other.size_) {
    std::copy_n(other.data(), size_, data());
  }
  /// Takes the memory over and leaves `other` empty.
  ///@{
  Buffer(Buffer&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  ///@}
  /// Copies the values; allocates only where the sizes differ.
  Buffer& operator=(const Buffer& other) {
    if (size_ != other.size_) return *this = Buffer(other);
    std::copy_n(other.data(), size_, data());
    return *this;
  }

  /// The first value; null if there is none.
  ///@{
  Scalar* data() { return data_.get(); }
  const Scalar* data() const { return data_.get(); }
  ///@}
  /// The number of values.
  Index size() const { return size_; }
  /// All values.
  ///@{
  std::span<Scalar> span() { return {data(), static_cast<std::size_t>(size_)}; }
  std::span<const Scalar> span() const { return {data(), static_cast<std::size_t>(size_)}; }
  ///@}
  /// Sets every value.
  void fill(Scalar value) { std::fill_n(data(), size_, value); }

  /// Grows to at least `size` values and returns the first; growing sets all of them to zero.
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
    if (size < 0 || size > max_bytes / static_cast<Index>(sizeof(Scalar))) throw_too_large(size);
    const auto bytes = static_cast<std::size_t>(size) * sizeof(Scalar);
    void* const array = ::operator new(bytes, std::align_val_t{alignment});
    detail::prefer_huge_pages(array, bytes);
    return static_cast<Scalar*>(array);
  }

  std::unique_ptr<Scalar, Release> data_;
  Index size_ = 0;
};

}  // namespace eigencoder
