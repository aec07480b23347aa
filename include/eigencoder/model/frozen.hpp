#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/policy.hpp>
#include <string_view>

namespace eigencoder {

/// For `Frozen`: all layers of the encoder and, as it belongs to the last one, the bottleneck.
struct WholeEncoder {
  static constexpr Index at_layer = AllLayers::at_layer;  ///< no layer in particular
};

/// For `Frozen`: the first layers of the model, their number a value.
struct FirstLayers {
  static constexpr Index at_layer = AllLayers::at_layer;  ///< no layer in particular
};

/// The policy that keeps a layer, or the whole encoder, as it is: training changes no bit of its parameters and running
/// statistics. Their gradient is 0 and is not computed; where no layer before learns, the backward pass ends. Weight
/// decay leaves them alone, in reports too; other penalties are reported as they are. A weight that a tied decoder
/// shares is frozen in both layers.
///
///     Autoencoder<Encoder<...>, Decoder<...>, SquaredError, Frozen<WholeEncoder>>    only the decoder learns
///     Frozen<AtLayer<0>>, Frozen<AtLayer<2>>                                         two layers
///
/// `BatchNorm` and `BatchTopK` in a frozen layer use their running statistics, as in inference. `Dropout` has none and
/// drops values as ever. `Autoencoder::set` changes the value between two calls of `fit`.
template <class Place = WholeEncoder>
struct Frozen {
  bool frozen = true;  ///< false: the layers learn

  /// As every policy that `Freezes`.
  ///@{
  static constexpr std::string_view kind = "Frozen";
  static constexpr Index at_layer = Place::at_layer;
  void validate() const {}

  bool freezes(Index layer, Index encoder_depth) const {
    return frozen && (at_layer == AllLayers::at_layer ? layer < encoder_depth : layer == at_layer);
  }
  ///@}
};

/// The same for layers 0, ..., count - 1, so that layers may thaw one after another, the last first:
///
///     Frozen<FirstLayers>{.count = 4}
template <>
struct Frozen<FirstLayers> {
  Index count = 0;  ///< at most the number of layers

  /// As every policy that `Freezes`.
  ///@{
  static constexpr std::string_view kind = "Frozen";
  static constexpr Index at_layer = FirstLayers::at_layer;
  void validate() const { detail::require_at_least("Frozen.count", 0, count); }
  void validate_layers(Index layers) const {
    if (count > layers)
      throw OptionError(detail::message({"Frozen.count: got ", count, ", the model has ", layers, " layers"}));
  }

  bool freezes(Index layer, Index) const { return layer < count; }
  ///@}
};

}  // namespace eigencoder
