#pragma once

#include <cmath>
#include <eigencoder/detail/kernels/row_norm.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// Layer normalization (Ba, Kiros & Hinton 2016, equation 3): each sample is normalized over all its values,
/// then scaled and shifted by learned values, one pair for each. The same in training and inference.
struct LayerNorm {
  static constexpr bool couples_batch = false;

  double epsilon = 1e-5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "LayerNorm"; }
  constexpr Setting setting() const { return {"epsilon", epsilon}; }
  void validate() const {
    if (!(epsilon > 0)) throw OptionError("eigencoder: LayerNorm.epsilon must be positive");
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.size(), 1);
    layout.add(ParameterKind::shift, position, in.size(), 1);
  }
  Index cache_size(Shape in, Index batch) const { return detail::RowNorm(in.size(), batch).cache_size(); }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    detail::RowNorm(context.shape.size(), context.pass.batch).forward(context, epsilon, x, y);
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    detail::RowNorm(context.shape.size(), context.pass.batch).backward(context, x, dy, dx, sink);
  }

  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    detail::RowNorm(context.shape.size(), context.pass.batch).vjp(context, x, dy, dx);
  }
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* r, Scalar* y) const {
    detail::RowNorm(context.shape.size(), context.pass.batch).jvp(context, x, r, y);
  }
  template <class Scalar>
  void second_order(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, const Scalar* r, Scalar* dx,
            GradientSink<Scalar>& sink) const {
    detail::RowNorm(context.shape.size(), context.pass.batch).second_order(context, x, dy, r, dx, sink);
  }
};

}  // namespace eigencoder
