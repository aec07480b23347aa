#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/kernels/row_norm.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// Over which values `BasicLayerNorm` normalizes: all of a sample, or the channels of each position.
enum class LayerNormAxes { sample, channels };

/// Layer normalization: values are shifted and scaled to mean 0 and variance 1, then multiplied by a learned scale and
/// added to a learned shift, one of each for every value of the `Axes`. The same in training and inference. Use it as
/// `LayerNorm` or `LayerNorm2d`.
template <LayerNormAxes Axes>
struct BasicLayerNorm {
  double epsilon = 1e-5;  ///< added to the variance, above 0

  /// As every `CustomLayer`; `Differentiable`, to second order.
  ///@{
  static constexpr bool couples_batch = false;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return Axes == LayerNormAxes::sample ? "LayerNorm" : "LayerNorm2d"; }
  constexpr Setting setting() const { return {"epsilon", epsilon}; }
  /// @throws OptionError for an epsilon that is not above 0.
  void validate() const {
    const bool is_2d = Axes == LayerNormAxes::channels;
    detail::require_above_zero(is_2d ? "LayerNorm2d.epsilon" : "LayerNorm.epsilon", epsilon);
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, row_size(in), 1);
    layout.add(ParameterKind::shift, position, row_size(in), 1);
  }
  Index cache_size(Shape in, Index batch) const { return rows(in, batch).cache_size(); }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    rows(context.shape, context.pass.batch).forward(context, epsilon, x, y);
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    rows(context.shape, context.pass.batch).backward(context, x, dy, dx, sink);
  }

  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    rows(context.shape, context.pass.batch).vjp(context, x, dy, dx);
  }
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* r, Scalar* y) const {
    rows(context.shape, context.pass.batch).jvp(context, x, r, y);
  }
  template <class Scalar>
  void second_order(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, const Scalar* r, Scalar* dx,
                    GradientSink<Scalar>& sink) const {
    rows(context.shape, context.pass.batch).second_order(context, x, dy, r, dx, sink);
  }
  ///@}

 private:
  /// Values that are normalized together.
  static constexpr Index row_size(Shape in) { return Axes == LayerNormAxes::sample ? in.size() : in.channels; }
  static detail::RowNorm rows(Shape in, Index batch) {
    return {row_size(in), Axes == LayerNormAxes::sample ? batch : in.height * in.width * batch};
  }
};

/// Layer normalization over all values of a sample (Ba, Kiros & Hinton 2016, equation 3). See `BasicLayerNorm`.
using LayerNorm = BasicLayerNorm<LayerNormAxes::sample>;

/// Layer normalization of images, over the channels of each position (Liu et al. 2022, "A ConvNet for the 2020s",
/// section 2.6). On a flat vector it equals `LayerNorm`. See `BasicLayerNorm`.
using LayerNorm2d = BasicLayerNorm<LayerNormAxes::channels>;

}  // namespace eigencoder
