#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/policy.hpp>

namespace eigencoder {

/// A penalty of weight / 2 times the squared weights (ridge; Krogh & Hertz 1991, equation 2) on top of the
/// loss: on weights, not on biases or normalization, and on tied weights once. `WeightDecay<AtLayer<2>>` is for one
/// layer alone and adds to a `WeightDecay<>` for all.
template <class Place = AllLayers>
struct WeightDecay {
  static constexpr std::string_view kind = "WeightDecay";
  static constexpr Index place = Place::place;
  static constexpr Text term = detail::placed_name<Place>(kind);

  double weight = 1e-4;

  void validate() const {
    if (!(weight >= 0 && std::isfinite(weight)))
      throw OptionError("eigencoder: WeightDecay.weight must be finite and at least 0");
  }

  /// The factor lambda with which the penalty's gradient, lambda w, enters that of a block.
  double decay(const ParameterBlock& block) const {
    const bool here = place == AllLayers::place || place == block.layer;
    return here && block.kind == ParameterKind::weight ? weight : 0;
  }
};

}  // namespace eigencoder
