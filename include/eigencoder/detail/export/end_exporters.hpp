#pragma once

#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/detail/export/page.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/losses/absolute_error.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/huber.hpp>
#include <eigencoder/losses/squared_error.hpp>

/// @file
/// What a written header does at the ends of the two halves of a model: the bottleneck's part and the loss's mean, each
/// a step in place, or nothing.
namespace eigencoder::detail {

/// How the mean of a loss is written: `static Step step(shape)`.
template <class L>
struct MeanExporter;

struct OutputIsMean {
  static Step step(Shape) { return {}; }
};
template <>
struct MeanExporter<SquaredError> : OutputIsMean {};
template <>
struct MeanExporter<AbsoluteError> : OutputIsMean {};
template <>
struct MeanExporter<Huber> : OutputIsMean {};
template <>
struct MeanExporter<Gaussian> : OutputIsMean {};
template <>
struct MeanExporter<LearnedGaussian> : OutputIsMean {};
template <>
struct MeanExporter<Bernoulli> {
  static Step step(Shape shape) { return {"sigmoid", std::to_string(shape.size()), true}; }
};
template <>
struct MeanExporter<Categorical> {
  static Step step(Shape shape) { return {"softmax", listed({shape.size(), shape.channels}), true}; }
};

template <class L>
concept ExportedLoss = requires { sizeof(MeanExporter<L>); };

/// A policy that changes a code in inference: a bottleneck with `infer`.
template <class P, class Scalar, class Layer>
concept ChangesCode = requires(const P& policy, const BottleneckContext<Scalar, Layer>& info) { policy.infer(info); };

/// How such a bottleneck is written: `static Step step(policy, info, layout, statistics, sheet)`.
template <class P>
struct BottleneckExporter;

/// The last two blocks of statistics are the bottleneck's.
template <Index K>
struct BottleneckExporter<VectorQuantized<K>> {
  template <class Scalar>
  static Step step(const VectorQuantized<K>& policy, const LayerInfo& info, const ParameterLayout& layout,
                   const Scalar* statistics, Sheet& sheet) {
    const Index codes = policy.codes, width = info.out.channels / policy.groups;
    const auto& counts = *(layout.statistics_blocks().end() - 2);
    const auto& sums = layout.statistics_blocks().back();
    Buffer<Scalar> room(codebook_room(codes, width)), vectors(codes * width);
    const Codebook<Scalar> book(statistics + counts.offset, statistics + sums.offset, codes, width, room.data());
    for (Index k = 0; k < codes; ++k) book.copy(k, vectors.data() + k * width);
    const std::string name =
        sheet.array("codebook", codes * width, [&](Index i) { return vectors.data()[i]; });
    return {"quantize", listed({info.out.values() / width, width, codes, name}), true};
  }
};

template <class P>
concept ExportedBottleneck = requires { sizeof(BottleneckExporter<P>); };

}  // namespace eigencoder::detail
