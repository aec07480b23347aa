#pragma once

#include <eigencoder/extend/custom_layer.hpp>
#include <vector>

#include "laws/samples.hpp"

namespace eigencoder {

// Uniform values in (-1/2, 1/2).
inline MatrixX<double> centered(Index rows, Index cols, std::uint64_t seed = 1) {
  return laws::samples(rows, cols, false, seed).array() - 0.5;
}

// Collects gradients by block.
template <class Scalar>
struct CollectedIn final : GradientSink<Scalar> {
  std::vector<std::vector<Scalar>> blocks{2};

  typename GradientSink<Scalar>::GradientSlice open(ContributionOrder, Index block, Index first, Index count,
                                                    Buffer<Scalar>&) override {
    auto& values = blocks.at(static_cast<std::size_t>(block));
    if (static_cast<Index>(values.size()) < first + count)
      values.resize(static_cast<std::size_t>(first + count));
    return {values.data() + first, false};
  }
  void close(ContributionOrder, Index, Index, Index, Scalar*) override {}
};
using Collected = CollectedIn<double>;

// What a layer is tried on.
struct FixtureCase {
  Shape shape;
  Index batch;
};

// One custom layer outside a model, with the parameters, statistics and cache that a batch needs.
template <class L, class Scalar = double>
struct Fixture {
  using Matrix = MatrixX<Scalar>;
  using Sink = CollectedIn<Scalar>;
  L layer;
  Shape shape;
  Workspace<Scalar> workspace{1};
  std::vector<Scalar> scale, shift, mean, variance, cache;
  std::vector<std::uint32_t> samples;  // index of each sample in the data set
  bool training = true;
  std::uint64_t seed = 1, step = 0;

  Fixture(const L& tested, Shape in, Index batch)
      : layer(tested), shape(in), samples(static_cast<std::size_t>(batch)) {
    const auto n = static_cast<std::size_t>(in.size());
    scale.assign(n, 1);
    shift.assign(n, 0);
    mean.assign(n, 0);
    variance.assign(n, 1);
    for (std::size_t j = 0; j < samples.size(); ++j) samples[j] = static_cast<std::uint32_t>(j);
  }

  // Results start from a value that no layer writes, so that a value left out shows.
  Matrix forward(const Matrix& x) {
    return with_context(x, [&](const LayerContext<Scalar>& context) {
      Matrix y = Matrix::Constant(layer.output(shape).size(), x.cols(), 77);
      layer.forward(context, x.data(), y.data());
      return y;
    });
  }
  Matrix backward(const Matrix& x, const Matrix& dy, Sink& sink) {
    return with_context(x, [&](const LayerContext<Scalar>& context) {
      Matrix dx = Matrix::Constant(x.rows(), x.cols(), 77);
      layer.backward(context, x.data(), dy.data(), dx.data(), sink);
      return dx;
    });
  }
  // For a layer without parameters.
  Matrix backward(const Matrix& x, const Matrix& dy) {
    Sink unused;
    return backward(x, dy, unused);
  }
  void firing_backward(const MatrixX<double>& x, double derivative, Collected& sink) {
    with_context(x, [&](const LayerContext<double>& context) {
      layer.firing_backward(context, x.data(), derivative, sink);
      return MatrixX<double>();
    });
  }
  // At the selection of the last forward pass.
  Matrix jvp(const Matrix& x, const Matrix& r) {
    return with_context(x, [&](const LayerContext<Scalar>& context) {
      Matrix y(layer.output(shape).size(), x.cols());
      layer.jvp(context, x.data(), r.data(), y.data());
      return y;
    });
  }
  Matrix vjp(const Matrix& x, const Matrix& dy) {
    return with_context(x, [&](const LayerContext<Scalar>& context) {
      Matrix dx(x.rows(), x.cols());
      layer.vjp(context, x.data(), dy.data(), dx.data());
      return dx;
    });
  }

  // The derivative of <r, J^T dy> by x; those by parameters go to the sink.
  Matrix second_order(const Matrix& x, const Matrix& dy, const Matrix& r, Sink& sink) {
    return with_context(x, [&](const LayerContext<Scalar>& context) {
      Matrix dx = Matrix::Zero(x.rows(), x.cols());
      layer.second_order(context, x.data(), dy.data(), r.data(), dx.data(), sink);
      return dx;
    });
  }

 private:
  template <class Run>
  Matrix with_context(const Matrix& x, const Run& run) {
    const Pass<Scalar> pass{workspace, x.cols(), training, seed, step, samples.data()};
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
