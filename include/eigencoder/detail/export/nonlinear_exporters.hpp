#pragma once

#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/detail/export/layer_exporter.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>

/// @file
/// Exporters of layers that keep the shape: activations, normalization, and sparse activations such as `TopK`; and of
/// what follows a half of the model: the bottleneck after the encoder, the loss's mean after the decoder, each a call
/// that works in place, or none.
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

/// Exports the mean of a loss, from the model's output: `static LayerCall call(shape)`.
template <class L>
struct LossMeanExporter;

/// Losses whose mean is the model's output itself.
struct OutputIsMean {
  static LayerCall call(Shape) { return {}; }
};
template <>
struct LossMeanExporter<SquaredError> : OutputIsMean {};
template <>
struct LossMeanExporter<AbsoluteError> : OutputIsMean {};
template <>
struct LossMeanExporter<Huber> : OutputIsMean {};
template <>
struct LossMeanExporter<Gaussian> : OutputIsMean {};
template <>
struct LossMeanExporter<LearnedGaussian> : OutputIsMean {};
template <>
struct LossMeanExporter<Bernoulli> {
  static LayerCall call(Shape shape) { return {"sigmoid", std::to_string(shape.size()), true}; }
};
template <>
struct LossMeanExporter<Categorical> {
  static LayerCall call(Shape shape) { return {"softmax", comma_separated({shape.size(), shape.channels}), true}; }
};

template <class L>
concept ExportableLoss = requires { sizeof(LossMeanExporter<L>); };

/// A bottleneck that changes the code in inference.
template <class P, class Scalar, class Layer>
concept ChangesCode =
    requires(const P& policy, const BottleneckContext<Scalar, Layer>& context) { policy.infer(context); };

/// Exports such a bottleneck: `static LayerCall call(policy, info, layout, statistics, arrays)`.
template <class P>
struct BottleneckExporter;

template <Index K>
struct BottleneckExporter<VectorQuantized<K>> {
  template <class Scalar>
  static LayerCall call(const VectorQuantized<K>&, const LayerInfo& info, const ParameterLayout& layout,
                        const Scalar* statistics, ArrayWriter& arrays) {
    const ModelCodebook<Scalar> codebook(layout, statistics);
    const Index codes = codebook.codes(), width = codebook.width();
    const std::string name = arrays.array("codebook", codes * width, [&](Index i) { return codebook.value(i); });
    return {"quantize", comma_separated({info.out.values() / width, width, codes, name}), true};
  }
};

template <class P>
concept ExportableBottleneck = requires { sizeof(BottleneckExporter<P>); };

}  // namespace eigencoder::detail
