#pragma once

#include <eigencoder/detail/kernels/row_norm.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// Layer normalization of images (Liu et al. 2022, "A ConvNet for the 2020s", section 2.6): the channels of each
/// position are normalized by themselves, then scaled and shifted by learned values, one pair for each channel. The
/// same in training and inference; on a flat vector it is `LayerNorm`.
struct LayerNorm2d {
  static constexpr bool couples_batch = false;

  double epsilon = 1e-5;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "LayerNorm2d"; }
  constexpr Setting setting() const { return {"epsilon", epsilon}; }
  void validate() const {
    if (!(epsilon > 0)) throw OptionError("eigencoder: LayerNorm2d.epsilon must be positive");
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.channels, 1);
    layout.add(ParameterKind::shift, position, in.channels, 1);
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

 private:
  static detail::RowNorm rows(Shape in, Index batch) { return {in.channels, in.height * in.width * batch}; }
};

}  // namespace eigencoder
