#pragma once

#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/random.hpp>

namespace eigencoder {

namespace detail {

/// y = x times the factors in the cache: `period` of them for each sample, over and over until its end.
template <class Scalar>
void apply_factors(const LayerContext<Scalar>& context, Index sample, Index period, const Scalar* x, Scalar* y) {
  const Scalar* factor = context.cache + sample * period;
  const Index n = context.shape.size();
  for (Index at = sample * n; at < (sample + 1) * n; at += period)
    for (Index i = 0; i < period; ++i) y[at + i] = x[at + i] * factor[i];
}

/// In training draws each sample's factors, 0 or 1 / (1 - rate), and applies them; otherwise copies.
template <class Scalar>
void drop_forward(const LayerContext<Scalar>& context, double rate, Index period, const Scalar* x, Scalar* y) {
  const Index n = context.shape.size();
  const Scalar factors[] = {0, static_cast<Scalar>(1 / (1 - rate))};
  const auto threshold = static_cast<float>(rate);
  for_each_sample(context, [&](Index j) {
    if (!context.pass.training) {
      std::copy_n(x + j * n, n, y + j * n);
      return;
    }
    Random random = context.pass.random(Purpose::dropout, context.position, j);
    for (Index i = j * period; i < (j + 1) * period; ++i)
      context.cache[i] = factors[random.uniform_float() >= threshold];  // a branch would be unpredictable
    apply_factors(context, j, period, x, y);
  });
}

/// Applies the factors of the forward pass once more: the map is diagonal, its own adjoint.
template <class Scalar>
void drop_again(const LayerContext<Scalar>& context, Index period, const Scalar* x, Scalar* y) {
  for_each_sample(context, [&](Index j) { apply_factors(context, j, period, x, y); });
}

}  // namespace detail

/// Dropout (Srivastava et al. 2014), inverted: in training each value is zero with probability `rate` and
/// otherwise divided by 1 - rate; in inference nothing happens. What drops follows from the seed, the step and the
/// sample's index in the data set, never from the thread or the place in the batch.
struct Dropout {
  static constexpr bool couples_batch = false;

  double rate = 0.5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "Dropout"; }
  void validate() const {
    if (!(rate >= 0 && rate < 1)) throw OptionError("eigencoder: Dropout.rate must lie in [0, 1)");
  }
  void declare(ParameterLayout&, Index, Shape) const {}
  /// The factor of each value.
  Index cache_size(Shape in, Index batch) const { return in.size() * batch; }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    detail::drop_forward(context, rate, context.shape.size(), x, y);
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    vjp(context, x, dy, dx);
  }
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* r, Scalar* y) const {
    detail::drop_again(context, context.shape.size(), r, y);
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    detail::drop_again(context, context.shape.size(), dy, dx);
  }
};

}  // namespace eigencoder
