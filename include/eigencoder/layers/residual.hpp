#pragma once

#include <eigencoder/extend/pack.hpp>

namespace eigencoder {

/// A stack of layers F whose output is added to its input: y = x + F(x) (He, Zhang, Ren & Sun 2015, "Deep residual
/// learning", equation 1). The output's shape must be the input's.
///
///     Residual<Conv2d<64, 3, Same>, BatchNorm, Relu, Conv2d<64, 3, Same>, BatchNorm>
///     Residual{Conv2d{64, 3, Same{}}, Relu{}, Conv2d{64, 3, Same{}}}
///
/// In a model its layers and the sum after them count as layers of their own: positions (`AtLayer<k>`) include all of
/// them. `Mirror` turns it into the residual of its layers mirrored by blocks, without what follows its last linear
/// layer. By value, `Residual{Residual{...}}` is a copy of the inner one: spell such a layer as a type.
template <class... Layers>
struct Residual {
  Pack<Layers...> layers;  ///< in order

  constexpr Residual() = default;
  /// Layers by value.
  constexpr explicit Residual(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}
};
template <class... Layers>
Residual(Layers...) -> Residual<Layers...>;

}  // namespace eigencoder
