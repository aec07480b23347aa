#pragma once

#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/layers/dropout.hpp>

namespace eigencoder {

/// Dropout of whole channels (Tompson et al. 2015, "Efficient object localization using convolutional networks",
/// section 3.2, as SpatialDropout): neighbors in an image resemble each other, so that dropping single values
/// would drop little. Otherwise as `Dropout`, which it equals on a flat vector.
struct Dropout2d {
  static constexpr bool couples_batch = false;

  double rate = 0.5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "Dropout2d"; }
  void validate() const {
    if (!(rate >= 0 && rate < 1)) throw OptionError("eigencoder: Dropout2d.rate must lie in [0, 1)");
  }
  void declare(ParameterLayout&, Index, Shape) const {}
  /// The factor of each channel of each sample.
  Index cache_size(Shape in, Index batch) const { return in.channels * batch; }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    detail::drop_forward(context, rate, context.shape.channels, x, y);
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    vjp(context, x, dy, dx);
  }
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* r, Scalar* y) const {
    detail::drop_again(context, context.shape.channels, r, y);
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    detail::drop_again(context, context.shape.channels, dy, dx);
  }
};

}  // namespace eigencoder
