#pragma once

#include <eigencoder/extend/custom_layer.hpp>
#include <vector>

namespace eigencoder {

// Gradients as they come, by block.
template <class Scalar>
struct CollectedIn final : GradientSink<Scalar> {
  std::vector<std::vector<Scalar>> blocks{2};

  typename GradientSink<Scalar>::GradientSlice open(ContributionOrder, Index block, Index first, Index count, Buffer<Scalar>&) override {
    auto& values = blocks.at(static_cast<std::size_t>(block));
    if (static_cast<Index>(values.size()) < first + count)
      values.resize(static_cast<std::size_t>(first + count));
    return {values.data() + first, false};
  }
  void close(ContributionOrder, Index, Index, Index, Scalar*) override {}
};
using Collected = CollectedIn<double>;

// One custom layer outside a model: what it needs for a batch of `x`.
template <class L, class Scalar = double>
struct Fixture {
  using Matrix = MatrixX<Scalar>;
  using Sink = CollectedIn<Scalar>;
  L layer;
  Shape shape;
  Workspace<Scalar> workspace{1};
  std::vector<Scalar> scale, shift, mean, variance, cache;
  std::vector<std::uint32_t> places;
  bool training = true;
  std::uint64_t seed = 1, step = 0;

  Fixture(const L& of, Shape in, Index batch)
      : layer(of), shape(in), places(static_cast<std::size_t>(batch)) {
    const auto n = static_cast<std::size_t>(in.size());
    scale.assign(n, 1);
    shift.assign(n, 0);
    mean.assign(n, 0);
    variance.assign(n, 1);
    for (std::size_t j = 0; j < places.size(); ++j) places[j] = static_cast<std::uint32_t>(j);
  }

  Matrix forward(const Matrix& x) {
    return with_stage(x, [&](const LayerContext<Scalar>& context) {
      Matrix y(layer.output(shape).size(), x.cols());
      layer.forward(context, x.data(), y.data());
      return y;
    });
  }
  Matrix backward(const Matrix& x, const Matrix& dy, Sink& sink) {
    return with_stage(x, [&](const LayerContext<Scalar>& context) {
      Matrix dx(x.rows(), x.cols());
      layer.backward(context, x.data(), dy.data(), dx.data(), sink);
      return dx;
    });
  }
  void firing_backward(const MatrixX<double>& x, double derivative, Collected& sink) {
    with_stage(x, [&](const LayerContext<double>& context) {
      layer.firing_backward(context, x.data(), derivative, sink);
      return MatrixX<double>();
    });
  }
  // At what the last forward pass selected.
  Matrix jvp(const Matrix& x, const Matrix& r) {
    return with_stage(x, [&](const LayerContext<Scalar>& context) {
      Matrix y(layer.output(shape).size(), x.cols());
      layer.jvp(context, x.data(), r.data(), y.data());
      return y;
    });
  }
  Matrix vjp(const Matrix& x, const Matrix& dy) {
    return with_stage(x, [&](const LayerContext<Scalar>& context) {
      Matrix dx(x.rows(), x.cols());
      layer.vjp(context, x.data(), dy.data(), dx.data());
      return dx;
    });
  }

  // The derivative of <r, J^T dy> by x; those by parameters go to the sink.
  Matrix second_order(const Matrix& x, const Matrix& dy, const Matrix& r, Sink& sink) {
    return with_stage(x, [&](const LayerContext<Scalar>& context) {
      Matrix dx = Matrix::Zero(x.rows(), x.cols());
      layer.second_order(context, x.data(), dy.data(), r.data(), dx.data(), sink);
      return dx;
    });
  }

 private:
  template <class Run>
  Matrix with_stage(const Matrix& x, const Run& run) {
    const Pass<Scalar> pass{workspace, x.cols(), training, seed, step, places.data()};
    cache.resize(static_cast<std::size_t>(layer.cache_size(shape, x.cols())));
    return run({pass,
                shape,
                4,
                {scale.data(), shift.data()},
                {mean.data(), variance.data()},
                {training ? mean.data() : nullptr, training ? variance.data() : nullptr},
                training ? cache.data() : nullptr,
                0});
  }
};

}  // namespace eigencoder
