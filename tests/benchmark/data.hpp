#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace benchmark {

/// The shape of a sample; a vector is an image of 1 x 1.
struct Size {
  std::int64_t height, width, channels;
  std::int64_t values() const { return height * width * channels; }
};

/// Random samples in [0, 1), one behind the other with the channel fastest: some batches of them.
struct Data {
  static constexpr std::int64_t batches = 8;

  Size size;
  std::int64_t batch;
  std::vector<float> values;

  Data(Size of, std::int64_t samples_in_batch)
      : size(of), batch(samples_in_batch), values(static_cast<std::size_t>(samples() * of.values())) {
    std::mt19937 bits(1);
    std::uniform_real_distribution<float> draw(0, 1);
    for (float& value : values) value = draw(bits);
  }

  std::int64_t samples() const { return batches * batch; }
  const float* of_batch(std::int64_t i) const { return values.data() + i * batch * size.values(); }
};

}  // namespace benchmark
