#pragma once

#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/random.hpp>
#include <eigencoder/layers/opaque.hpp>

namespace eigencoder {

namespace detail {

/// y = x times the factors in the cache: `period` of them for each sample, over and over until its end.
template <class Scalar>
void apply_factors(const OpaqueStage<Scalar>& stage, Index sample, Index period, const Scalar* x, Scalar* y) {
  const Scalar* factor = stage.cache + sample * period;
  const Index n = stage.shape.size();
  for (Index at = sample * n; at < (sample + 1) * n; at += period)
    for (Index i = 0; i < period; ++i) y[at + i] = x[at + i] * factor[i];
}

/// In training draws each sample's factors, 0 or 1 / (1 - rate), and applies them; otherwise copies.
template <class Scalar>
void drop_forward(const OpaqueStage<Scalar>& stage, double rate, Index period, const Scalar* x, Scalar* y) {
  const Index n = stage.shape.size();
  const Scalar factors[] = {0, static_cast<Scalar>(1 / (1 - rate))};
  const auto threshold = static_cast<float>(rate);
  for_each_sample(stage, [&](Index j) {
    if (!stage.pass.training) {
      std::copy_n(x + j * n, n, y + j * n);
      return;
    }
    Random random = stage.pass.random(Purpose::dropout, stage.position, j);
    for (Index i = j * period; i < (j + 1) * period; ++i)
      stage.cache[i] = factors[random.uniform_float() >= threshold];  // a branch would be unpredictable
    apply_factors(stage, j, period, x, y);
  });
}

/// Applies the factors of the forward pass once more: the map is diagonal, its own adjoint.
template <class Scalar>
void drop_again(const OpaqueStage<Scalar>& stage, Index period, const Scalar* x, Scalar* y) {
  for_each_sample(stage, [&](Index j) { apply_factors(stage, j, period, x, y); });
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
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    detail::drop_forward(stage, rate, stage.shape.size(), x, y);
  }
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    pull(stage, x, dy, dx);
  }
  template <class Scalar>
  void push(const OpaqueStage<Scalar>& stage, const Scalar*, const Scalar* r, Scalar* y) const {
    detail::drop_again(stage, stage.shape.size(), r, y);
  }
  template <class Scalar>
  void pull(const OpaqueStage<Scalar>& stage, const Scalar*, const Scalar* dy, Scalar* dx) const {
    detail::drop_again(stage, stage.shape.size(), dy, dx);
  }
};

}  // namespace eigencoder
