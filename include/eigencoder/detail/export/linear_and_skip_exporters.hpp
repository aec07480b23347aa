#pragma once

#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/detail/export/layer_exporter.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/layers/pixel_shuffle.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <string>
#include <utility>

/// @file
/// Exporters of linear layers, of max pooling, and of layers that read an earlier layer. An exported weight is stored
/// by inputs: for each input, its factors for all outputs.
namespace eigencoder::detail {

/// "Side{28, 14, 3, 2, 1, 1}": a window along one side of an image, with this number of positions.
inline std::string side_text(const WindowSide& side, Index size, Index positions, Index padding) {
  return "Side{" + comma_separated({size, positions, side.kernel, side.stride, side.dilation, padding}) + "}";
}
/// Both sides of a window over an image; `positions` is the shape of its output.
inline std::string window_text(const Window& window, Shape image, Shape positions) {
  return side_text(window.height, image.height, positions.height, window.height.padding(image.height)) + ", " +
         side_text(window.width, image.width, positions.width, window.width.padding(image.width));
}

/// Writes the weight and the bias of a layer. If the weight is tied to that of another layer, `owner`, only the bias is
/// written. The weight is `groups` matrices of inputs x outputs, stored in the model row by row (`by_input`) or column
/// by column. @returns the arrays' names, "weight_0, bias_2"
template <class Scalar>
std::string weight_and_bias(const LayerData<Scalar>& data, Index owner, bool by_input, Index groups, Index inputs,
                            Index outputs) {
  std::string text = "weight_" + std::to_string(owner);
  if (owner == data.position) {
    const Scalar* weight = data.block(data.info.blocks.weight);
    data.array("weight", groups * inputs * outputs, [&](Index i) {
      const Index input = i / outputs % inputs, output = i % outputs, group = i / (inputs * outputs);
      return weight[by_input ? i : (group * outputs + output) * inputs + input];
    });
  }
  text += ", ";
  if (data.info.blocks.bias < 0) return text + "nullptr";
  const Scalar* bias = data.block(data.info.blocks.bias);
  return text + data.array("bias", data.info.blocks.bias_period, [&](Index i) { return bias[i]; });
}

/// A kernel that multiplies by a weight of its own, or by a tied one.
inline std::string with_product(const char* kernel, bool tied) {
  return std::string(kernel) + (tied ? "<add_tied_product>" : "<add_product>");
}

/// `by_input`: see `weight_and_bias`.
template <class Scalar>
LayerCall dense_call(const LayerData<Scalar>& data, Index owner, bool by_input, Index inputs, Index outputs) {
  const std::string arrays = weight_and_bias(data, owner, by_input, 1, inputs, outputs);
  return {with_product("dense", owner != data.position), comma_separated({inputs, outputs, arrays})};
}

/// A convolution or, if `transposed`, its adjoint.
template <class Scalar>
LayerCall convolution_call(const LayerData<Scalar>& data, Index owner, const Convolution& convolution,
                           bool transposed) {
  const Index groups = convolution.window.groups, matrices = groups * convolution.taps();
  Index in = convolution.in.channels, out = convolution.channels;
  Index inputs = convolution.inputs(), outputs = convolution.outputs();
  if (transposed) {
    std::swap(in, out);
    std::swap(inputs, outputs);
  }
  const std::string window = window_text(convolution.window, convolution.in, convolution.output());
  const std::string channels = "Channels{" + comma_separated({in, out, groups}) + "}";
  const std::string arrays = weight_and_bias(data, owner, !transposed, matrices, inputs, outputs);
  return {with_product(transposed ? "conv_transpose2d" : "conv2d", owner != data.position),
          comma_separated({window, channels, arrays})};
}

template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>& data, Index owner, const DenseKernel<Scalar>& kernel) {
  return dense_call(data, owner, false, kernel.inputs, kernel.outputs);
}
template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>& data, Index owner, const Transposed<DenseKernel<Scalar>>& kernel) {
  return dense_call(data, owner, true, kernel.original.outputs, kernel.original.inputs);
}
template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>& data, Index owner, const ConvolutionKernel<Scalar>& kernel) {
  return convolution_call(data, owner, kernel.convolution, false);
}
template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>& data, Index owner, const Transposed<ConvolutionKernel<Scalar>>& kernel) {
  return convolution_call(data, owner, kernel.original.convolution, true);
}

/// The adjoint of an adjoint is the kernel itself.
template <class Scalar, class Kernel>
LayerCall linear_call(const LayerData<Scalar>& data, Index owner, const Transposed<Transposed<Kernel>>& kernel) {
  return linear_call(data, owner, kernel.original.original);
}

template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>&, Index, const CopyKernel&) {
  return {};
}
template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>&, Index, const Transposed<CopyKernel>&) {
  return {};
}

template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>&, Index, const PixelShuffleKernel& kernel) {
  const Shape in = kernel.in;
  return {"pixel_shuffle", comma_separated({in.height, in.width, kernel.out.channels, kernel.factor})};
}
template <class Scalar>
LayerCall linear_call(const LayerData<Scalar>&, Index, const Transposed<PixelShuffleKernel>& kernel) {
  const Shape out = kernel.original.in;
  return {"pixel_unshuffle",
          comma_separated({out.height, out.width, kernel.original.out.channels, kernel.original.factor})};
}

template <class Scalar, class Side>
LayerCall linear_call(const LayerData<Scalar>& data, Index, const ResamplingKernel<Side>& kernel) {
  const auto taps = [&](const char* name, const Side& side, Index count) {
    return data.arrays.array_of("Taps", data.numbered(name), count, [&](Index i) {
      const FilterTaps t = side.taps(i);
      const auto weight = [&](Index k) { return data.number(t.weight(k)); };
      return "{" + comma_separated({t.first, t.step, t.count}) + ", {" +
             comma_separated({weight(0), weight(1), weight(2), weight(3)}) + "}}";
    });
  };
  const Shape out = kernel.out;
  const std::string rows = taps("rows", kernel.rows, out.height), columns = taps("columns", kernel.cols, out.width);
  return {"resample", comma_separated({kernel.in.width, out.height, out.width, out.channels, rows, columns})};
}

/// A linear layer is exported by its kernel. That of a mirrored layer is the transposed one.
struct LinearExporter {
  template <class L, class Scalar>
  static LayerCall call(const L& layer, const LayerData<Scalar>& data) {
    Index owner = data.position;
    if constexpr (requires { requires L::tied; }) owner = layer.source;
    const Index weight = data.info.blocks.weight;
    return linear_call(data, owner, layer.kernel(data.info.in, weight < 0 ? nullptr : data.block(weight)));
  }
};

template <Index Width, class Bias>
struct LayerExporter<Dense<Width, Bias>> : LinearExporter {};
template <Index Channels, Index Kernel, class... Options>
struct LayerExporter<Conv2d<Channels, Kernel, Options...>> : LinearExporter {};
template <Index Channels, Index Kernel, class... Options>
struct LayerExporter<ConvTranspose2d<Channels, Kernel, Options...>> : LinearExporter {};
template <Index Kernel, class... Options>
struct LayerExporter<AveragePool2d<Kernel, Options...>> : LinearExporter {};
template <Index Factor, class Mode>
struct LayerExporter<Upsample<Factor, Mode>> : LinearExporter {};
template <Index Height, Index Width, class Mode>
struct LayerExporter<UpsampleTo<Height, Width, Mode>> : LinearExporter {};
template <Index Factor>
struct LayerExporter<PixelShuffle<Factor>> : LinearExporter {};
template <Index Height, Index Width, Index Channels>
struct LayerExporter<Reshape<Height, Width, Channels>> : LinearExporter {};
template <ExportableLayer L, bool Tied>
struct LayerExporter<Mirrored<L, Tied>> : LinearExporter {};

template <Index Kernel, class... Options>
struct LayerExporter<MaxPool2d<Kernel, Options...>> {
  using Layer = MaxPool2d<Kernel, Options...>;
  static std::string window(const Layer& layer, Shape in) {
    const Window window = layer.window();
    return comma_separated({window_text(window, in, layer.output(in)), in.channels});
  }
  template <class Scalar>
  static LayerCall call(const Layer& layer, const LayerData<Scalar>& data) {
    LayerCall call{"max_pool", window(layer, data.info.in)};
    call.has_taps = true;
    return call;
  }
};

/// Takes the pooling that it inverts as well.
template <class Place>
struct LayerExporter<MaxUnpool2d<Place>> {
  template <class Scalar, class Pooling>
  static LayerCall call(const MaxUnpool2d<Place>&, const LayerData<Scalar>&, const Pooling& pooling,
                        const LayerInfo& source_info) {
    const std::string window = LayerExporter<Pooling>::window(pooling, source_info.in);
    return {"max_unpool", window, false, LayerCall::Reads::taps, Place::at_layer};
  }
};

/// Layers that add an earlier layer's output.
template <class L>
struct SumExporter {
  template <class Scalar>
  static LayerCall call(const L&, const LayerData<Scalar>& data) {
    return {"add", std::to_string(data.size()), true, LayerCall::Reads::output, L::source(data.position)};
  }
};
template <class Place>
struct LayerExporter<SkipAdd<Place>> : SumExporter<SkipAdd<Place>> {};
template <Index Length>
struct LayerExporter<ResidualSum<Length>> : SumExporter<ResidualSum<Length>> {};

template <class Place>
struct LayerExporter<SkipConcatenate<Place>> {
  template <class Scalar>
  static LayerCall call(const SkipConcatenate<Place>&, const LayerData<Scalar>& data) {
    const Shape in = data.info.in;
    const std::string sizes = comma_separated({in.height * in.width, in.channels, data.channels() - in.channels});
    return {"concatenate", sizes, false, LayerCall::Reads::output, Place::at_layer};
  }
};

}  // namespace eigencoder::detail
