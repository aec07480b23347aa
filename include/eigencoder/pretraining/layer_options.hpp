#pragma once

#include <eigencoder/training/fit_options.hpp>
#include <optional>
#include <type_traits>

namespace eigencoder {

/// How one layer is pretrained; see `pretrain`.
template <class Scalar = float>
struct LayerOptions {
  /// The options of the layer's training. Layer k, from 0, is trained with `seed` + k: runs that are to draw
  /// differently have seeds that differ by at least the number of layers. `validation` is in the units of the data,
  /// whichever the layer; `validation_targets` must be empty.
  FitOptions<Scalar> fit = {};
  std::optional<double> learning_rate = {};  ///< takes the place of the optimizer's; empty: the optimizer's
};

// g++ 12 crashes on these options in nested braces, unless it has constructed them before.
static_assert(std::is_default_constructible_v<LayerOptions<float>>);
static_assert(std::is_default_constructible_v<LayerOptions<double>>);

}  // namespace eigencoder
