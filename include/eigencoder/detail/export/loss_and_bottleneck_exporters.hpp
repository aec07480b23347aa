#pragma once

#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/detail/export/layer_exporter.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/losses/absolute_error.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/huber.hpp>
#include <eigencoder/losses/squared_error.hpp>

/// @file
/// Exporters of what follows a half of the model: the bottleneck after the encoder, the loss's mean after the decoder.
/// Each is a call that works in place, or none.
namespace eigencoder::detail {

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
