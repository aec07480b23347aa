#pragma once

#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/random.hpp>
#include <eigencoder/layers/opaque.hpp>

namespace eigencoder {

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
    const Index n = stage.shape.size();
    const auto keep = static_cast<Scalar>(1 / (1 - rate));
    const auto threshold = static_cast<float>(rate);
    detail::for_each_sample(stage, [&](Index j) {
      if (!stage.pass.training) {
        std::copy_n(x + j * n, n, y + j * n);
        return;
      }
      Random random(stage.pass.seed, Purpose::dropout, static_cast<std::uint32_t>(stage.position), stage.pass.step,
                    stage.pass.samples[j]);
      for (Index i = j * n; i < (j + 1) * n; ++i) {
        stage.cache[i] = random.uniform_float() < threshold ? Scalar(0) : keep;
        y[i] = x[i] * stage.cache[i];
      }
    });
  }

  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar*, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    const Index n = stage.shape.size();
    detail::for_each_sample(stage, [&](Index j) {
      for (Index i = j * n; i < (j + 1) * n; ++i) dx[i] = dy[i] * stage.cache[i];
    });
  }
};

}  // namespace eigencoder
