#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/policy.hpp>

namespace eigencoder {

/// The policy that adds weight / 2 times the sum of the squared weights to the objective: the weights of layers,
/// without biases and parameters of normalization; tied weights count once. `WeightDecay<AtLayer<2>>` is for one layer
/// and adds to a `WeightDecay<>` for all layers.
/// Source: Krogh & Hertz, "A simple weight decay can improve generalization" (1991), eq. 2.
template <class Place = AllLayers>
struct WeightDecay {
  double weight = 1e-4;  ///< at least 0

  /// As every policy that `Decays`.
  ///@{
  static constexpr std::string_view kind = "WeightDecay";
  static constexpr Index at_layer = Place::at_layer;
  static constexpr Text term = term_name<Place>(kind);

  void validate() const { detail::require_nonnegative("WeightDecay.weight", weight); }

  double decay(const ParameterBlock& block) const {
    const bool here = at_layer == AllLayers::at_layer || at_layer == block.layer;
    return here && block.kind == ParameterKind::weight ? weight : 0;
  }
  ///@}
};

}  // namespace eigencoder
