#pragma once

#include <algorithm>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/random.hpp>

namespace eigencoder {

/// What `BasicDropout` drops: single values, or whole channels of a sample.
enum class DropoutUnit { value, channel };

/// Dropout, inverted: in training each unit is zero with probability `rate` and otherwise divided by 1 - rate; in
/// inference nothing changes. Which units drop follows from the seed, the step and the sample's index in the data set,
/// never from the thread or the sample's index in the batch. Use it as `Dropout` or `Dropout2d`.
template <DropoutUnit Unit>
struct BasicDropout {
  double rate = 0.5;  ///< probability that a unit drops, in [0, 1)

  /// As every `CustomLayer`; `Differentiable`, with the dropped units held fixed.
  ///@{
  static constexpr bool couples_batch = false;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return Unit == DropoutUnit::value ? "Dropout" : "Dropout2d"; }
  /// @throws OptionError for a rate outside [0, 1).
  void validate() const {
    detail::require_fraction(Unit == DropoutUnit::value ? "Dropout.rate" : "Dropout2d.rate", rate);
  }
  void declare(ParameterLayout&, Index, Shape) const {}
  /// The factor of each unit, 0 or 1 / (1 - rate).
  Index cache_size(Shape in, Index batch) const { return units(in) * batch; }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    const Index n = context.shape.size(), count = units(context.shape);
    const Scalar factors[] = {0, static_cast<Scalar>(1 / (1 - rate))};
    const auto threshold = static_cast<float>(rate);
    detail::for_each_sample(context, [&](Index j) {
      if (!context.pass.training) {
        std::copy_n(x + j * n, n, y + j * n);
        return;
      }
      Random random = context.pass.random(Purpose::dropout, context.position, j);
      for (Index i = j * count; i < (j + 1) * count; ++i)
        context.cache[i] = factors[random.uniform_float() >= threshold];  // a branch would be unpredictable
      multiply_sample(context, j, x, y);
    });
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    multiply(context, dy, dx);
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    multiply(context, dy, dx);
  }
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* r, Scalar* y) const {
    multiply(context, r, y);
  }
  ///@}

 private:
  /// Units of a sample. They repeat from position to position.
  static constexpr Index units(Shape shape) { return Unit == DropoutUnit::value ? shape.size() : shape.channels; }

  /// y = x times the factors of the forward pass: a diagonal map, its own adjoint.
  template <class Scalar>
  static void multiply(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) {
    detail::for_each_sample(context, [&](Index j) { multiply_sample(context, j, x, y); });
  }
  template <class Scalar>
  static void multiply_sample(const LayerContext<Scalar>& context, Index sample, const Scalar* x, Scalar* y) {
    const Index n = context.shape.size(), count = units(context.shape);
    const Scalar* factor = context.cache + sample * count;
    for (Index first = sample * n; first < (sample + 1) * n; first += count)
      for (Index i = 0; i < count; ++i) y[first + i] = x[first + i] * factor[i];
  }
};

/// Dropout of single values (Srivastava et al. 2014). See `BasicDropout`.
using Dropout = BasicDropout<DropoutUnit::value>;

/// Dropout of whole channels (Tompson et al. 2015, "Efficient object localization using convolutional networks",
/// section 3.2, as SpatialDropout): neighboring pixels resemble each other, so dropping single values removes little.
/// On a flat vector it equals `Dropout`. See `BasicDropout`.
using Dropout2d = BasicDropout<DropoutUnit::channel>;

}  // namespace eigencoder
