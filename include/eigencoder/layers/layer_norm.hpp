#pragma once

#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/layers/kernels/row_norm.hpp>

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
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    detail::RowNorm(stage.shape.size(), stage.pass.batch).forward(stage, epsilon, x, y);
  }
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    detail::RowNorm(stage.shape.size(), stage.pass.batch).backward(stage, x, dy, dx, sink);
  }

  template <class Scalar>
  void pull(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    detail::RowNorm(stage.shape.size(), stage.pass.batch).pull(stage, x, dy, dx);
  }
  template <class Scalar>
  void push(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* r, Scalar* y) const {
    detail::RowNorm(stage.shape.size(), stage.pass.batch).push(stage, x, r, y);
  }
  template <class Scalar>
  void bend(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, const Scalar* r, Scalar* dx,
            GradientSink<Scalar>& sink) const {
    detail::RowNorm(stage.shape.size(), stage.pass.batch).bend(stage, x, dy, r, dx, sink);
  }
};

}  // namespace eigencoder
