#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <new>
#include <random>

#include "size.hpp"

namespace benchmark {

/// Samples in [0, 1), contiguous, the channel fastest: waves, each of its own frequency and phase, with a little
/// noise, so that there is something to learn.
class Data {
 public:
  const Size size;
  const std::int64_t batch, batches;

  Data(Size of, std::int64_t samples_in_batch, std::int64_t count)
      : size(of),
        batch(samples_in_batch),
        batches(count),
        values_(new (alignment) float[static_cast<std::size_t>(samples() * of.values())]) {
    std::mt19937 bits(1);
    std::uniform_real_distribution<float> draw(0, 1);
    float* value = values_.get();
    for (std::int64_t sample = 0; sample < samples(); ++sample) {
      const float down = draw(bits) / 2, right = draw(bits) / 2, deep = draw(bits) / 20, phase = 6 * draw(bits);
      for (std::int64_t y = 0; y < size.height; ++y)
        for (std::int64_t x = 0; x < size.width; ++x)
          for (std::int64_t channel = 0; channel < size.channels; ++channel) {
            const float wave = std::sin(phase + down * static_cast<float>(y) + right * static_cast<float>(x) +
                                        deep * static_cast<float>(channel));
            *value++ = std::clamp(0.45F + 0.45F * wave + 0.09F * draw(bits), 0.0F, 0.999F);
          }
    }
  }

  std::int64_t samples() const { return batches * batch; }
  const float* sample(std::int64_t i) const { return values_.get() + i * size.values(); }

 private:
  static constexpr std::align_val_t alignment{64};  // a cache line, the widest vector register
  struct Release {
    void operator()(float* values) const { ::operator delete[](values, alignment); }
  };
  std::unique_ptr<float[], Release> values_;
};

}  // namespace benchmark
