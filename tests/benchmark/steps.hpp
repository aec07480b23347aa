#pragma once

#include <cstdint>

namespace benchmark {

/// A layer as libtorch's side builds it.
struct Step {
  enum class Kind { conv, conv_transpose, max_pool, upsample, dense, reshape, relu, sigmoid };

  Kind kind;
  std::int64_t channels = 0;  ///< that leave; of a dense layer the values
  std::int64_t kernel = 0;    ///< of max pooling its stride too, of upsampling the factor
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t height = 1;  ///< of a reshaped vector
  std::int64_t width = 1;
};

/// @{ Steps by the names of our layers.
namespace steps {

inline Step conv(std::int64_t channels, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  return {Step::Kind::conv, channels, kernel, stride, padding};
}
inline Step conv_transpose(std::int64_t channels, std::int64_t kernel, std::int64_t stride,
                           std::int64_t padding) {
  return {Step::Kind::conv_transpose, channels, kernel, stride, padding};
}
inline Step max_pool(std::int64_t kernel) { return {Step::Kind::max_pool, 0, kernel}; }
inline Step upsample(std::int64_t factor) { return {Step::Kind::upsample, 0, factor}; }
inline Step dense(std::int64_t width) { return {Step::Kind::dense, width}; }
inline Step reshape(std::int64_t height, std::int64_t width, std::int64_t channels) {
  return {Step::Kind::reshape, channels, 0, 1, 0, height, width};
}
inline Step relu() { return {Step::Kind::relu}; }
inline Step sigmoid() { return {Step::Kind::sigmoid}; }

}  // namespace steps
/// @}

}  // namespace benchmark
