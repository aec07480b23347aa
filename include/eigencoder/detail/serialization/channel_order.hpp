#pragma once

#include <eigencoder/detail/serialization/model_schema.hpp>
#include <span>
#include <vector>

/// @file
/// PyTorch stores images channel-first, this library channel-last. Files follow PyTorch, so parameters that belong to
/// the values of an image are permuted. This also concerns vectors that were an image (after a flattening `Reshape`, or
/// where a `Dense` reads an image) or become one (before a `Reshape`, or after a mirrored `Dense`), with activations,
/// dropout or normalization in between. Two cases have no counterpart in PyTorch: a `Reshape` from one image to
/// another, and a `SkipConcatenate` of vectors that were images.
namespace eigencoder::detail {

/// One dimension of an array in memory.
struct Axis {
  Index size, stride;
};

/// Calls `run(index)` with the memory index of every value, the last axis fastest; the first value lies at `index`.
template <class Run>
void for_each_index(std::span<const Axis> axes, Index index, const Run& run) {
  if (axes.empty()) return run(index);
  for (Index i = 0; i < axes[0].size; ++i, index += axes[0].stride) for_each_index(axes.subspan(1), index, run);
}

/// A channel-last image's values in channel-first order; neighbors in memory are `stride` apart.
inline std::vector<Axis> image_axes(Shape image, Index stride) {
  return {{image.channels, stride},
          {image.height, image.width * image.channels * stride},
          {image.width, image.channels * stride}};
}

/// The values between two layers, as PyTorch orders them.
struct ChannelOrder {
  Shape shape;
  Shape image;  ///< the image whose values these are, also where `shape` is a vector; otherwise `shape`

  /// All values, neighbors in memory `stride` apart.
  std::vector<Axis> value_axes(Index stride) const { return image_axes(image, stride); }
  /// One value for each channel.
  std::vector<Axis> channel_axes(Index stride) const {
    return shape.is_flat() ? value_axes(stride) : std::vector<Axis>{{shape.channels, stride}};
  }
};

/// The orders of the model's input and of each layer's output, in this order. Images are propagated in both directions
/// through layers that preserve the order, until nothing changes.
[[gnu::cold]] inline std::vector<ChannelOrder> channel_orders(const ModelSchema& schema) {
  std::vector<ChannelOrder> orders{{schema.input, schema.input}};
  for (const LayerSchema& layer : schema.layers) orders.push_back({layer.info.out, layer.info.out});
  bool changed = true;
  const auto propagate = [&](std::size_t to, std::size_t from) {
    if (!orders[to].image.is_flat() || orders[from].image.is_flat()) return;
    orders[to].image = orders[from].image;
    changed = true;
  };
  const auto visit = [&](std::size_t i, bool forward) {
    const LayerSchema& layer = schema.layers[i];
    if (!layer.preserves_order) return;
    forward ? propagate(i + 1, i) : propagate(i, i + 1);
    if (layer.sum_source < -1) return;
    const auto source = static_cast<std::size_t>(layer.sum_source + 1);
    forward ? propagate(i + 1, source) : propagate(source, i + 1);
  };
  while (changed) {
    changed = false;
    for (std::size_t i = 0; i < schema.layers.size(); ++i) visit(i, true);
    for (std::size_t i = schema.layers.size(); i-- > 0;) visit(i, false);
  }
  return orders;
}

}  // namespace eigencoder::detail
