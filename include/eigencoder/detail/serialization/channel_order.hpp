#pragma once

#include <eigencoder/detail/serialization/model_schema.hpp>
#include <span>
#include <vector>

/// @file
/// The order of values between layers: an image is channel-first in PyTorch and channel-last here. So is a vector that
/// was an image (behind a flattening `Reshape`, or where a `Dense` reads an image) or becomes one (a `Reshape`, or a
/// mirrored `Dense`), with activations, dropout or normalization between: what belongs to its values changes its order.
/// PyTorch knows no counterpart of two things: a `Reshape` from one image to another, and a `SkipConcatenate` of
/// vectors that were images.
namespace eigencoder::detail {

/// A dimension of an array in memory: how many, and how far apart.
struct Axis {
  Index size, stride;
};

/// Calls `run(place)` for every value in the file's order.
template <class Run>
void each_place(std::span<const Axis> axes, Index place, const Run& run) {
  if (axes.empty()) return run(place);
  for (Index i = 0; i < axes[0].size; ++i, place += axes[0].stride) each_place(axes.subspan(1), place, run);
}

/// An image's values, `unit` apart in memory: channel first.
inline std::vector<Axis> image_axes(Shape image, Index unit) {
  return {{image.channels, unit},
          {image.height, image.width * image.channels * unit},
          {image.width, image.channels * unit}};
}

/// What PyTorch would have at a boundary between layers: the image's shape, also where it is read as a vector.
struct ChannelOrder {
  Shape shape;
  Shape image;

  std::vector<Axis> values(Index unit) const { return image_axes(image, unit); }
  /// One value for each channel.
  std::vector<Axis> channels(Index unit) const {
    return shape.is_flat() ? values(unit) : std::vector<Axis>{{shape.channels, unit}};
  }
};

/// The boundaries of a model: what enters it, then what leaves each layer.
[[gnu::cold]] inline std::vector<ChannelOrder> boundaries(const ModelSchema& form) {
  std::vector<ChannelOrder> found{{form.input, form.input}};
  for (const LayerSchema& layer : form.layers) found.push_back({layer.info.out, layer.info.out});
  bool changed = true;
  const auto learn = [&](std::size_t one, std::size_t other) {
    if (!found[one].image.is_flat() || found[other].image.is_flat()) return;
    found[one].image = found[other].image;
    changed = true;
  };
  const auto meet = [&](std::size_t i, bool forward) {
    const LayerSchema& layer = form.layers[i];
    if (!layer.keeps_places) return;
    forward ? learn(i + 1, i) : learn(i, i + 1);
    if (layer.adds < -1) return;
    const auto source = static_cast<std::size_t>(layer.adds + 1);
    forward ? learn(i + 1, source) : learn(source, i + 1);
  };
  while (changed) {
    changed = false;
    for (std::size_t i = 0; i < form.layers.size(); ++i) meet(i, true);
    for (std::size_t i = form.layers.size(); i-- > 0;) meet(i, false);
  }
  return found;
}

}  // namespace eigencoder::detail
