#pragma once

#include <eigencoder/detail/export/page.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/detail/stack/mirrored.hpp>
#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/conv_transpose2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/upsample.hpp>

/// @file
/// How linear layers are written. A written weight holds for each input what it adds to each output, side by side.
namespace eigencoder::detail {

/// "Side{28, 14, 3, 2, 1, 1}"
inline std::string side_text(const WindowSide& side, Index size, Index places, Index padding) {
  return "Side{" + listed({size, places, side.kernel, side.stride, side.dilation, padding}) + "}";
}
inline std::string window_text(const Window& window, Shape image, Shape places) {
  return side_text(window.height, image.height, places.height, window.height.padding(image.height)) + ", " +
         side_text(window.width, image.width, places.width, window.width.padding(image.width));
}

/// Writes weight and bias of a layer, and names them; one that is tied to the layer `owner` writes the bias alone. A
/// weight is `groups` matrices of inputs x outputs, learned row by row (`by_input`) or column by column.
template <class Scalar>
std::string learned_text(const Page<Scalar>& page, Index owner, bool by_input, Index groups, Index inputs,
                         Index outputs) {
  std::string text = "weight_" + std::to_string(owner);
  if (owner == page.position) {
    const Scalar* weight = page.block(page.info.blocks.weight);
    page.array("weight", groups * inputs * outputs, [&](Index i) {
      const Index input = i / outputs % inputs, output = i % outputs, group = i / (inputs * outputs);
      return weight[by_input ? i : (group * outputs + output) * inputs + input];
    });
  }
  text += ", ";
  if (page.info.blocks.bias < 0) return text + "nullptr";
  const Scalar* bias = page.block(page.info.blocks.bias);
  return text + page.array("bias", page.info.blocks.bias_period, [&](Index i) { return bias[i]; });
}

inline std::string with_product(const char* kernel, bool tied) {
  return std::string(kernel) + (tied ? "<add_tied_product>" : "<add_product>");
}

template <class Scalar>
Step linear_step(const Page<Scalar>& page, Index owner, const DenseKernel<Scalar>& kernel) {
  const std::string learned = learned_text(page, owner, false, 1, kernel.inputs, kernel.outputs);
  return {with_product("dense", owner != page.position), listed({kernel.inputs, kernel.outputs, learned})};
}
template <class Scalar>
Step linear_step(const Page<Scalar>& page, Index owner, const Transposed<DenseKernel<Scalar>>& kernel) {
  const Index inputs = kernel.of.outputs, outputs = kernel.of.inputs;
  const std::string learned = learned_text(page, owner, true, 1, inputs, outputs);
  return {with_product("dense", owner != page.position), listed({inputs, outputs, learned})};
}

template <class Scalar>
Step linear_step(const Page<Scalar>& page, Index owner, const ConvolutionKernel<Scalar>& kernel) {
  const Convolution& of = kernel.of;
  const Index matrices = of.window.groups * of.taps();
  const std::string channels = "Channels{" + listed({of.in.channels, of.channels, of.window.groups}) + "}";
  const std::string learned = learned_text(page, owner, true, matrices, of.inputs(), of.outputs());
  return {with_product("conv2d", owner != page.position),
          listed({window_text(of.window, of.in, of.output()), channels, learned})};
}
template <class Scalar>
Step linear_step(const Page<Scalar>& page, Index owner, const Transposed<ConvolutionKernel<Scalar>>& kernel) {
  const Convolution& of = kernel.of.of;
  const Index matrices = of.window.groups * of.taps();
  const std::string channels = "Channels{" + listed({of.channels, of.in.channels, of.window.groups}) + "}";
  const std::string learned = learned_text(page, owner, false, matrices, of.outputs(), of.inputs());
  return {with_product("conv_transpose2d", owner != page.position),
          listed({window_text(of.window, of.in, of.output()), channels, learned})};
}

/// The adjoint of an adjoint.
template <class Scalar, class Kernel>
Step linear_step(const Page<Scalar>& page, Index owner, const Transposed<Transposed<Kernel>>& kernel) {
  return linear_step(page, owner, kernel.of.of);
}

template <class Scalar>
Step linear_step(const Page<Scalar>&, Index, const CopyKernel&) {
  return {};
}
template <class Scalar>
Step linear_step(const Page<Scalar>&, Index, const Transposed<CopyKernel>&) {
  return {};
}

template <class Scalar, class Side>
Step linear_step(const Page<Scalar>& page, Index, const ResamplingKernel<Side>& kernel) {
  const auto taps = [&](const char* name, const Side& side, Index count) {
    return page.sheet.table("Taps", page.numbered(name), count, [&](Index i) {
      const LineTaps t = side.taps(i);
      return "{" + listed({t.first, t.step, t.count, page.number(t.weight), page.number(t.others)}) + "}";
    });
  };
  const Shape out = kernel.out;
  const std::string rows = taps("rows", kernel.rows, out.height), columns = taps("columns", kernel.cols, out.width);
  return {"resample", listed({kernel.in.width, out.height, out.width, out.channels, rows, columns})};
}

/// A layer is written by its kernel, which is also what its mirror image transposes.
struct LinearExporter {
  template <class L, class Scalar>
  static Step step(const L& layer, const Page<Scalar>& page) {
    Index owner = page.position;
    if constexpr (requires { requires L::tied; }) owner = layer.source;
    const Index weight = page.info.blocks.weight;
    return linear_step(page, owner, layer.kernel(page.info.in, weight < 0 ? nullptr : page.block(weight)));
  }
};

template <Index Width, class Bias>
struct Exporter<Dense<Width, Bias>> : LinearExporter {};
template <Index Channels, Index Kernel, class... Options>
struct Exporter<Conv2d<Channels, Kernel, Options...>> : LinearExporter {};
template <Index Channels, Index Kernel, class... Options>
struct Exporter<ConvTranspose2d<Channels, Kernel, Options...>> : LinearExporter {};
template <Index Kernel, class... Options>
struct Exporter<AveragePool2d<Kernel, Options...>> : LinearExporter {};
template <Index Factor, class Mode>
struct Exporter<Upsample<Factor, Mode>> : LinearExporter {};
template <Index Height, Index Width, class Mode>
struct Exporter<UpsampleTo<Height, Width, Mode>> : LinearExporter {};
template <Index Height, Index Width, Index Channels>
struct Exporter<Reshape<Height, Width, Channels>> : LinearExporter {};
template <Exported L, bool Tied>
struct Exporter<Mirrored<L, Tied>> : LinearExporter {};

}  // namespace eigencoder::detail
