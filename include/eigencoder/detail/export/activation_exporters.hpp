#pragma once

#include <eigencoder/detail/export/layer_exporter.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/top_k.hpp>

/// @file
/// Exporters of layers that keep the shape: activations, normalization, and sparse activations such as `TopK`.
namespace eigencoder::detail {

/// Layers that do nothing in inference.
struct NoOpExporter {
  template <class L, class Scalar>
  static LayerCall call(const L&, const LayerData<Scalar>&) {
    return {};
  }
};
template <>
struct LayerExporter<Identity> : NoOpExporter {};
template <>
struct LayerExporter<Dropout> : NoOpExporter {};
template <>
struct LayerExporter<Dropout2d> : NoOpExporter {};

/// Activations without hyperparameters. The kernel is named as the layer, in lower case.
template <class L>
struct UnaryExporter {
  template <class Scalar>
  static LayerCall call(const L&, const LayerData<Scalar>& data) {
    std::string kernel;
    for (const char c : L::name) kernel += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return {kernel, std::to_string(data.size()), true};
  }
};
template <>
struct LayerExporter<Relu> : UnaryExporter<Relu> {};
template <>
struct LayerExporter<Gelu> : UnaryExporter<Gelu> {};
template <>
struct LayerExporter<Silu> : UnaryExporter<Silu> {};
template <>
struct LayerExporter<Sigmoid> : UnaryExporter<Sigmoid> {};
template <>
struct LayerExporter<Softplus> : UnaryExporter<Softplus> {};
template <>
struct LayerExporter<Tanh> : UnaryExporter<Tanh> {};

template <>
struct LayerExporter<LeakyRelu> {
  template <class Scalar>
  static LayerCall call(const LeakyRelu& layer, const LayerData<Scalar>& data) {
    return {"leaky_relu", comma_separated({data.size(), data.number(layer.negative_slope)}), true};
  }
};
template <>
struct LayerExporter<Elu> {
  template <class Scalar>
  static LayerCall call(const Elu& layer, const LayerData<Scalar>& data) {
    return {"elu", comma_separated({data.size(), data.number(1), data.number(layer.alpha)}), true};
  }
};
template <>
struct LayerExporter<Selu> {
  template <class Scalar>
  static LayerCall call(const Selu&, const LayerData<Scalar>& data) {
    const double scaled_alpha = Selu::scale * Selu::alpha;
    return {"elu", comma_separated({data.size(), data.number(Selu::scale), data.number(scaled_alpha)}), true};
  }
};

/// Variance and scale become one factor. The mean is still subtracted first: folded into the shift, a large mean would
/// cost digits of the result.
template <>
struct LayerExporter<BatchNorm> {
  template <class Scalar>
  static LayerCall call(const BatchNorm& layer, const LayerData<Scalar>& data) {
    const std::string mean = data.array("mean", data.channels(), [&](Index c) { return data.statistic(0)[c]; });
    const std::string scale = data.array("scale", data.channels(), [&](Index c) {
      const double variance = static_cast<double>(data.statistic(1)[c]);
      return static_cast<Scalar>(1 / std::sqrt(variance + layer.epsilon)) * data.parameter(0)[c];
    });
    const std::string shift = data.array("shift", data.channels(), [&](Index c) { return data.parameter(1)[c]; });
    return {"center_and_scale", comma_separated({data.size(), data.channels(), mean, scale, shift}), true};
  }
};

/// Normalizes each row of `count` values.
template <class Scalar>
LayerCall normalize_call(double epsilon, Index count, const LayerData<Scalar>& data) {
  const std::string scale = data.array("scale", count, [&](Index i) { return data.parameter(0)[i]; });
  const std::string shift = data.array("shift", count, [&](Index i) { return data.parameter(1)[i]; });
  const std::string epsilon_text = ArrayWriter(false).number(epsilon);  // the kernel takes a double
  return {"normalize", comma_separated({data.size() / count, count, epsilon_text, scale, shift}), true};
}
template <>
struct LayerExporter<LayerNorm> {
  template <class Scalar>
  static LayerCall call(const LayerNorm& layer, const LayerData<Scalar>& data) {
    return normalize_call(layer.epsilon, data.size(), data);
  }
};
template <>
struct LayerExporter<LayerNorm2d> {
  template <class Scalar>
  static LayerCall call(const LayerNorm2d& layer, const LayerData<Scalar>& data) {
    return normalize_call(layer.epsilon, data.channels(), data);
  }
};

template <Index K>
struct LayerExporter<TopK<K>> {
  template <class Scalar>
  static LayerCall call(const TopK<K>& layer, const LayerData<Scalar>& data) {
    return {"top_k", comma_separated({data.size(), layer.k})};
  }
};
template <Index K>
struct LayerExporter<BatchTopK<K>> {
  template <class Scalar>
  static LayerCall call(const BatchTopK<K>&, const LayerData<Scalar>& data) {
    const std::string threshold = data.number(static_cast<double>(data.statistic(1)[0]));
    return {"from_threshold", comma_separated({data.size(), threshold}), true};
  }
};
template <>
struct LayerExporter<JumpRelu> {
  template <class Scalar>
  static LayerCall call(const JumpRelu& layer, const LayerData<Scalar>& data) {
    const std::string thresholds = data.array("threshold", data.channels(), [&](Index c) {
      return static_cast<Scalar>(layer.initial_threshold * std::exp(static_cast<double>(data.parameter(0)[c])));
    });
    return {"jump_relu", comma_separated({data.size(), data.channels(), thresholds}), true};
  }
};

}  // namespace eigencoder::detail
