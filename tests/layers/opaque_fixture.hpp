#pragma once

#include <eigencoder/layers/opaque.hpp>
#include <vector>

namespace eigencoder {

// Gradients as they come, by block.
struct Collected final : GradientSink<double> {
  std::vector<std::vector<double>> blocks{2};

  Stretch open(Turn, Index block, Index first, Index count, Buffer<double>&) override {
    auto& values = blocks.at(static_cast<std::size_t>(block));
    if (static_cast<Index>(values.size()) < first + count)
      values.resize(static_cast<std::size_t>(first + count));
    return {values.data() + first, false};
  }
  void close(Turn, Index, Index, Index, double*) override {}
};

// One opaque layer outside a model: what it needs for a batch of `x`, in double.
template <class L>
struct Fixture {
  L layer;
  Shape shape;
  Workspace<double> workspace{1};
  std::vector<double> scale, shift, mean, variance, cache;
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

  MatrixX<double> forward(const MatrixX<double>& x) {
    return with_stage(x, [&](const OpaqueStage<double>& stage) {
      MatrixX<double> y(layer.output(shape).size(), x.cols());
      layer.forward(stage, x.data(), y.data());
      return y;
    });
  }
  MatrixX<double> backward(const MatrixX<double>& x, const MatrixX<double>& dy, Collected& sink) {
    return with_stage(x, [&](const OpaqueStage<double>& stage) {
      MatrixX<double> dx(x.rows(), x.cols());
      layer.backward(stage, x.data(), dy.data(), dx.data(), sink);
      return dx;
    });
  }
  // At what the last forward pass selected.
  MatrixX<double> push(const MatrixX<double>& x, const MatrixX<double>& r) {
    return with_stage(x, [&](const OpaqueStage<double>& stage) {
      MatrixX<double> y(layer.output(shape).size(), x.cols());
      layer.push(stage, x.data(), r.data(), y.data());
      return y;
    });
  }
  MatrixX<double> pull(const MatrixX<double>& x, const MatrixX<double>& dy) {
    return with_stage(x, [&](const OpaqueStage<double>& stage) {
      MatrixX<double> dx(x.rows(), x.cols());
      layer.pull(stage, x.data(), dy.data(), dx.data());
      return dx;
    });
  }

  // The derivative of <r, J^T dy> by x; those by parameters go to the sink.
  MatrixX<double> bend(const MatrixX<double>& x, const MatrixX<double>& dy, const MatrixX<double>& r, Collected& sink) {
    return with_stage(x, [&](const OpaqueStage<double>& stage) {
      MatrixX<double> dx = MatrixX<double>::Zero(x.rows(), x.cols());
      layer.bend(stage, x.data(), dy.data(), r.data(), dx.data(), sink);
      return dx;
    });
  }

 private:
  template <class Run>
  MatrixX<double> with_stage(const MatrixX<double>& x, const Run& run) {
    const Pass<double> pass{workspace, x.cols(), training, seed, step, places.data()};
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
