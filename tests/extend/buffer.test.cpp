#include <eigencoder/extend/buffer.hpp>

#include "support/catch.hpp"

#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

using namespace eigencoder;

namespace {

Buffer<float> counting(Index size) {
  Buffer<float> buffer(size);
  std::iota(buffer.data(), buffer.data() + size, 1.0F);
  return buffer;
}

std::vector<float> values(const Buffer<float>& buffer) {
  return {buffer.span().begin(), buffer.span().end()};
}

}  // namespace

TEST_CASE("buffers begin on an aligned address and with zeros") {
  for (const Index size : {1, 3, 16, 17, 1000}) {
    const Buffer<float> floats(size);
    const Buffer<double> doubles(size);
    CHECK(reinterpret_cast<std::uintptr_t>(floats.data()) % alignment == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(doubles.data()) % alignment == 0);
    CHECK(floats.size() == size);
    CHECK(values(floats) == std::vector<float>(static_cast<std::size_t>(size)));
  }
}

TEST_CASE("padding rounds up to whole alignments") {
  for (Index n = 0; n < 100; ++n) {
    const Index bytes = padded<float>(n) * static_cast<Index>(sizeof(float));
    CHECK(bytes % static_cast<Index>(alignment) == 0);
    CHECK(padded<float>(n) >= n);
    CHECK(bytes - n * static_cast<Index>(sizeof(float)) < static_cast<Index>(alignment));
  }
}

TEST_CASE("buffers are values") {
  const Buffer<float> original = counting(20);
  Buffer<float> copy = original;
  CHECK(values(copy) == values(original));
  copy.fill(0);
  CHECK(values(copy) != values(original));

  Buffer<float> shorter(3);
  shorter = original;
  CHECK(values(shorter) == values(original));
  const float* const address = copy.data();
  copy = original;  // of the same size: the memory stays
  CHECK(copy.data() == address);
  CHECK(values(copy) == values(original));

  Buffer<float> moved = std::move(copy);
  CHECK(moved.data() == address);
  CHECK(values(moved) == values(original));
  shorter = std::move(moved);
  CHECK(shorter.data() == address);

  const Buffer<float> none;
  shorter = none;
  CHECK(shorter.size() == 0);
  CHECK(Buffer<float>(none).size() == 0);
}

TEST_CASE("a buffer grows when it has to and never shrinks") {
  Buffer<float> buffer;
  float* const first = buffer.ensure_size(10);
  CHECK(buffer.size() == 10);
  CHECK(buffer.ensure_size(4) == first);
  CHECK(buffer.ensure_size(10) == first);
  CHECK(buffer.size() == 10);
  buffer.ensure_size(11);
  CHECK(buffer.size() == 11);
}

TEST_CASE("a size that no memory holds is refused, and nothing changes") {
  constexpr Index most = std::numeric_limits<Index>::max();
  for (const Index size : {Index{-1}, most, most / 4 + 1, max_bytes / 4 + 1}) {
    CHECK_THROWS_AS(Buffer<float>(size), OptionError);
    if (size < 0) continue;
    Buffer<float> buffer = counting(5);
    CHECK_THROWS_AS(buffer.ensure_size(size), OptionError);
    CHECK(values(buffer) == values(counting(5)));
  }
}
