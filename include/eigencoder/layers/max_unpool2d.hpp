#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/skip_layer.hpp>

namespace eigencoder {

/// Undoes the max pooling at a position of the encoder: each value returns to where its maximum came from, and all
/// other values are zero (Zeiler, Taylor & Fergus 2011, "Adaptive deconvolutional networks", section 3). The output has
/// the shape of the pooling's input.
///
///     Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, MaxPool2d<2>, ...>
///     Decoder<..., MaxUnpool2d<AtLayer<2>>, ...>
template <LayerPosition Place>
struct MaxUnpool2d {
  /// As every `SkipLayer`. It reads the cache of a layer with `scatter` and `gather`, as `MaxPool2d` has them.
  ///@{
  static constexpr bool reads_cache = true;
  static constexpr Index source(Index) { return Place::at_layer; }
  template <class L>
  static constexpr bool reads = requires(const L& pooling, const double* in, double* out) {
    pooling.scatter(Shape(), in, in, out);
    pooling.gather(Shape(), in, in, out);
  };

  constexpr Text name() const { return Text::of("MaxUnpool2d<AtLayer<", static_cast<long long>(Place::at_layer), ">>"); }
  constexpr Shape output(Shape in, Shape pooled, Shape maxima) const {
    const bool known = in.is_static() && maxima.is_static();
    return in.fits(maxima) && (!known || in == maxima) ? pooled : Shape::none();
  }
  constexpr Text expected_input(Shape, Shape maxima) const { return Text::of(maxima.in_words(), ", the pooling's output"); }

  template <class Scalar, class Pooling>
  void forward(const SkipContext<Scalar>& context, const Pooling& pooling, const Scalar* x, Scalar* y) const {
    for_each_sample(context, [&](Index j, Index maxima, Index values) {
      pooling.scatter(context.source_in, context.cache + j * maxima, x + j * maxima, y + j * values);
    });
  }
  template <class Scalar, class Pooling>
  void backward(const SkipContext<Scalar>& context, const Pooling& pooling, const Scalar* dy, Scalar* dx) const {
    for_each_sample(context, [&](Index j, Index maxima, Index values) {
      pooling.gather(context.source_in, context.cache + j * maxima, dy + j * values, dx + j * maxima);
    });
  }
  ///@}

 private:
  template <class Scalar, class Run>
  static void for_each_sample(const SkipContext<Scalar>& context, const Run& run) {
    const Index maxima = context.source_out.size(), values = context.source_in.size();
    detail::parallel_columns(context.pass, values, 8, [&](Index j) { run(j, maxima, values); });
  }
};

}  // namespace eigencoder
