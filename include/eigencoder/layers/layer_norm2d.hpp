#pragma once

#include <eigencoder/core/errors.hpp>
#include <eigencoder/layers/kernels/row_norm.hpp>

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
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    rows(stage.shape, stage.pass.batch).forward(stage, epsilon, x, y);
  }
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    rows(stage.shape, stage.pass.batch).backward(stage, x, dy, dx, sink);
  }

  template <class Scalar>
  void pull(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    rows(stage.shape, stage.pass.batch).pull(stage, x, dy, dx);
  }
  template <class Scalar>
  void push(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* r, Scalar* y) const {
    rows(stage.shape, stage.pass.batch).push(stage, x, r, y);
  }
  template <class Scalar>
  void bend(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, const Scalar* r, Scalar* dx,
            GradientSink<Scalar>& sink) const {
    rows(stage.shape, stage.pass.batch).bend(stage, x, dy, r, dx, sink);
  }

 private:
  static detail::RowNorm rows(Shape in, Index batch) { return {in.channels, in.height * in.width * batch}; }
};

}  // namespace eigencoder
