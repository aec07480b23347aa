#pragma once

#include "size.hpp"

namespace benchmark {

/// A layer as libtorch's side builds it.
struct Step {
  enum class Kind { conv, conv_transpose, max_pool, upsample, dense, posterior, reshape, relu, sigmoid };

  Kind kind;
  std::int64_t channels = 0;  ///< that leave; of a dense layer the values
  std::int64_t kernel = 0;    ///< of max pooling its stride too, of upsampling the factor
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t height = 1;  ///< of a reshaped vector
  std::int64_t width = 1;

  /// The size of the output for an input of size `in`.
  Size out(Size in) const {
    switch (kind) {
      case Kind::conv:
        return {(in.height + 2 * padding - kernel) / stride + 1, (in.width + 2 * padding - kernel) / stride + 1,
                channels};
      case Kind::conv_transpose:
        return {(in.height - 1) * stride + kernel - 2 * padding, (in.width - 1) * stride + kernel - 2 * padding,
                channels};
      case Kind::max_pool: return {in.height / kernel, in.width / kernel, in.channels};
      case Kind::upsample: return {in.height * kernel, in.width * kernel, in.channels};
      case Kind::dense:
      case Kind::posterior:
      case Kind::reshape: return {height, width, channels};
      case Kind::relu:
      case Kind::sigmoid: break;
    }
    return in;
  }
};

/// @{ Steps by the names of our layers.
namespace steps {

inline Step conv(std::int64_t channels, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  return {Step::Kind::conv, channels, kernel, stride, padding};
}
inline Step conv_transpose(std::int64_t channels, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  return {Step::Kind::conv_transpose, channels, kernel, stride, padding};
}
inline Step max_pool(std::int64_t kernel) { return {Step::Kind::max_pool, 0, kernel}; }
inline Step upsample(std::int64_t factor) { return {Step::Kind::upsample, 0, factor}; }
inline Step dense(std::int64_t width) { return {Step::Kind::dense, width}; }
/// The code of a variational autoencoder: the means and log variances of a posterior, and in training a draw from it.
inline Step posterior(std::int64_t width) { return {Step::Kind::posterior, width}; }
inline Step reshape(std::int64_t height, std::int64_t width, std::int64_t channels) {
  return {Step::Kind::reshape, channels, 0, 1, 0, height, width};
}
inline Step relu() { return {Step::Kind::relu}; }
inline Step sigmoid() { return {Step::Kind::sigmoid}; }

}  // namespace steps
/// @}

}  // namespace benchmark
