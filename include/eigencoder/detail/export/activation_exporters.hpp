#pragma once

#include <eigencoder/detail/export/page.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/batch_top_k.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/dropout2d.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/layer_norm2d.hpp>
#include <eigencoder/layers/top_k.hpp>

/// @file
/// How layers that keep the shape are written: activations, normalization, and those that keep some values.
namespace eigencoder::detail {

/// Layers with nothing to do in inference.
struct NothingExporter {
  template <class L, class Scalar>
  static Step step(const L&, const Page<Scalar>&) {
    return {};
  }
};
template <>
struct Exporter<Identity> : NothingExporter {};
template <>
struct Exporter<Dropout> : NothingExporter {};
template <>
struct Exporter<Dropout2d> : NothingExporter {};

/// Activations whose kernels take nothing but how many values there are.
template <class L>
struct PlainExporter {
  template <class Scalar>
  static Step step(const L&, const Page<Scalar>& page) {
    std::string kernel;
    for (const char c : L::name) kernel += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return {kernel, std::to_string(page.size()), true};
  }
};
template <>
struct Exporter<Relu> : PlainExporter<Relu> {};
template <>
struct Exporter<Gelu> : PlainExporter<Gelu> {};
template <>
struct Exporter<Silu> : PlainExporter<Silu> {};
template <>
struct Exporter<Sigmoid> : PlainExporter<Sigmoid> {};
template <>
struct Exporter<Softplus> : PlainExporter<Softplus> {};
template <>
struct Exporter<Tanh> : PlainExporter<Tanh> {};

template <>
struct Exporter<LeakyRelu> {
  template <class Scalar>
  static Step step(const LeakyRelu& layer, const Page<Scalar>& page) {
    return {"leaky_relu", listed({page.size(), page.number(layer.negative_slope)}), true};
  }
};
template <>
struct Exporter<Elu> {
  template <class Scalar>
  static Step step(const Elu& layer, const Page<Scalar>& page) {
    return {"elu", listed({page.size(), page.number(1), page.number(layer.alpha)}), true};
  }
};
template <>
struct Exporter<Selu> {
  template <class Scalar>
  static Step step(const Selu&, const Page<Scalar>& page) {
    return {"elu", listed({page.size(), page.number(Selu::scale), page.number(Selu::scale * Selu::alpha)}), true};
  }
};

/// Variance and scale of inference become one factor. The mean stays apart: a large one, multiplied beforehand, would
/// round away what is left of a value.
template <>
struct Exporter<BatchNorm> {
  template <class Scalar>
  static Step step(const BatchNorm& layer, const Page<Scalar>& page) {
    const std::string mean = page.array("mean", page.channels(), [&](Index c) { return page.statistic(0)[c]; });
    const std::string scale = page.array("scale", page.channels(), [&](Index c) {
      const double variance = static_cast<double>(page.statistic(1)[c]);
      return static_cast<Scalar>(1 / std::sqrt(variance + layer.epsilon)) * page.parameter(0)[c];
    });
    const std::string shift = page.array("shift", page.channels(), [&](Index c) { return page.parameter(1)[c]; });
    return {"center_and_scale", listed({page.size(), page.channels(), mean, scale, shift}), true};
  }
};

/// Rows of `count` values each.
template <class Scalar>
Step normalize_step(double epsilon, Index count, const Page<Scalar>& page) {
  const std::string scale = page.array("scale", count, [&](Index i) { return page.parameter(0)[i]; });
  const std::string shift = page.array("shift", count, [&](Index i) { return page.parameter(1)[i]; });
  const std::string smallest = Sheet(false).number(epsilon);
  return {"normalize", listed({page.size() / count, count, smallest, scale, shift}), true};
}
template <>
struct Exporter<LayerNorm> {
  template <class Scalar>
  static Step step(const LayerNorm& layer, const Page<Scalar>& page) {
    return normalize_step(layer.epsilon, page.size(), page);
  }
};
template <>
struct Exporter<LayerNorm2d> {
  template <class Scalar>
  static Step step(const LayerNorm2d& layer, const Page<Scalar>& page) {
    return normalize_step(layer.epsilon, page.channels(), page);
  }
};

template <Index K>
struct Exporter<TopK<K>> {
  template <class Scalar>
  static Step step(const TopK<K>& layer, const Page<Scalar>& page) {
    return {"top_k", listed({page.size(), layer.k})};
  }
};
template <Index K>
struct Exporter<BatchTopK<K>> {
  template <class Scalar>
  static Step step(const BatchTopK<K>&, const Page<Scalar>& page) {
    const std::string threshold = page.number(static_cast<double>(page.statistic(1)[0]));
    return {"from_threshold", listed({page.size(), threshold}), true};
  }
};
template <>
struct Exporter<JumpRelu> {
  template <class Scalar>
  static Step step(const JumpRelu& layer, const Page<Scalar>& page) {
    const std::string thresholds = page.array("threshold", page.channels(), [&](Index c) {
      return static_cast<Scalar>(layer.initial_threshold * std::exp(static_cast<double>(page.parameter(0)[c])));
    });
    return {"jump_relu", listed({page.size(), page.channels(), thresholds}), true};
  }
};

}  // namespace eigencoder::detail
