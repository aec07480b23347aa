#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>

/// @file
/// Random numbers that depend on what they are for, not on what was drawn before: a counter-based generator has no
/// state for threads to share, so results are the same for any number of threads.
namespace eigencoder {

/// Philox4x32-10, a bijection of 128-bit counters for every 64-bit key.
/// Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// What random numbers are drawn for. Code outside the library takes `user` and, by casts, the values from there up to
/// 127. The values enter the keys of streams: one that changed would change every run under the same seed.
enum class Purpose : std::uint32_t {
  initialization,    ///< initial weights
  shuffle,           ///< the order of samples in an epoch
  split,             ///< which samples are held out
  augmentation,      ///< augmentations
  corruption,        ///< corruptions
  dropout,           ///< values that are dropped
  bottleneck,        ///< draws of codes
  sampling,          ///< codes of generated samples
  drawing,           ///< what drawn samples are made of
  user,              ///< the first value for code outside the library
  contraction = 128,  ///< probes and noise of penalties on Jacobians
  hiding,             ///< which known values are hidden from a model that fills gaps
  gibbs               ///< states of the units of a Boltzmann machine
};

/// One step of splitmix64, a bijection of 64 bits. Source: Steele, Lea & Flood, "Fast splittable
/// pseudorandom number generators" (2014), with the constants of Stafford's variant 13.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

/// The stream of random numbers for one purpose at one point of a computation. It is cheap to construct and to copy:
/// make one wherever numbers are needed, and share none.
///
/// - key (64 bits): `mix64(mix64(seed) ^ tag)`, where tag is, from its highest bit, 24 bits of `step`
///   (those above its low 32), 8 bits of `purpose` and 32 bits of `position`;
/// - counter (4 words of 32 bits): block of four numbers, `draw`, `index`, low 32 bits of `step`.
///
/// Under one seed no two streams coincide for steps below 2^56; streams of two seeds coincide only where
/// their keys do (a chance of 2^-64 a pair, none at equal tags). A stream repeats after 2^34 numbers.
class Random {
 public:
  /// @param seed      the user's seed
  /// @param purpose   what the numbers are for
  /// @param position  the layer's position in the model
  /// @param step      the training step
  /// @param index     the sample's index in the data set
  /// @param draw      which of several draws with the same key
  constexpr Random(std::uint64_t seed, Purpose purpose, std::uint32_t position = 0, std::uint64_t step = 0,
                   std::uint32_t index = 0, std::uint32_t draw = 0)
      : counter_{0, draw, index, static_cast<std::uint32_t>(step)} {
    const std::uint64_t what = static_cast<std::uint64_t>(purpose) & 0xFF;
    const std::uint64_t tag = (step >> 32) << 40 | what << 32 | position;
    const std::uint64_t key = mix64(mix64(seed) ^ tag);
    key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
  }

  /// 32 random bits.
  constexpr std::uint32_t next() {
    if (used_ == 4) {
      block_ = philox4x32(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return block_[used_++];
  }

  /// Uniform in [0, 1), a multiple of 2^-53. Takes two numbers.
  constexpr double uniform() {
    const std::uint64_t high = next() >> 5;
    const std::uint64_t low = next() >> 6;
    return static_cast<double>(high << 26 | low) * 0x1p-53;
  }

  /// Uniform in [0, 1), a multiple of 2^-24. Takes one number.
  constexpr float uniform_float() { return static_cast<float>(next() >> 8) * 0x1p-24F; }

  /// Sets each value to what `uniform_float` would return: many at a time, in loops that vectorize.
  constexpr void fill_uniform(std::span<float> values) {
    std::size_t i = 0;
    while (i < values.size() && used_ < 4) values[i++] = uniform_float();
    for (; i + 4 * lanes <= values.size(); i += 4 * lanes) fill_blocks(values.data() + i);
    while (i < values.size()) values[i++] = uniform_float();
  }

  /// True with probability p, to within 2^-32; never for p <= 0, always for p >= 1. Takes one number.
  constexpr bool bernoulli(double p) { return next() < p * 0x1p32; }

  /// Exactly uniform over 0, ..., n - 1, for n >= 1.
  /// Source: Lemire, "Fast random integer generation in an interval" (2019), algorithm 5.
  constexpr std::uint32_t below(std::uint32_t n) {
    std::uint64_t product = std::uint64_t{next()} * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t threshold = (0U - n) % n;
      while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{next()} * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// Standard normal. Takes four numbers for every two values.
  /// Source: Box & Muller, "A note on the generation of random normal deviates" (1958), eq. 1.
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));  // 1 - u lies in (0, 1]
    const double angle = 2 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  static constexpr std::size_t lanes = 16;

  /// The next `lanes` blocks of four numbers as floats: `philox4x32` of all blocks, round by round.
  constexpr void fill_blocks(float* to) {
    std::uint32_t words[4][lanes] = {};
    std::array<std::uint32_t, 2> key = key_;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      words[0][lane] = counter_[0] + static_cast<std::uint32_t>(lane);
      for (std::size_t k = 1; k < 4; ++k) words[k][lane] = counter_[k];
    }
    for (int round = 0; round < 10; ++round) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * words[0][lane];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * words[2][lane];
        words[0][lane] = static_cast<std::uint32_t>(b >> 32) ^ words[1][lane] ^ key[0];
        words[1][lane] = static_cast<std::uint32_t>(b);
        words[2][lane] = static_cast<std::uint32_t>(a >> 32) ^ words[3][lane] ^ key[1];
        words[3][lane] = static_cast<std::uint32_t>(a);
      }
      key[0] += 0x9E3779B9;
      key[1] += 0xBB67AE85;
    }
    for (std::size_t lane = 0; lane < lanes; ++lane)
      for (std::size_t k = 0; k < 4; ++k) to[4 * lane + k] = static_cast<float>(words[k][lane] >> 8) * 0x1p-24F;
    counter_[0] += static_cast<std::uint32_t>(lanes);
  }

  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// Permutes fewer than 2^32 values, by a permutation drawn uniformly from all.
/// Source: Durstenfeld, "Algorithm 235: random permutation" (1964), after Fisher & Yates (1938).
template <class T>
constexpr void shuffle(std::span<T> values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    using std::swap;
    swap(values[i - 1], values[random.below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace eigencoder
