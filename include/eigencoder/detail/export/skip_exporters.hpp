#pragma once

#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/detail/export/linear_exporters.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/layers/max_unpool2d.hpp>
#include <eigencoder/layers/skip_connection.hpp>

/// @file
/// Exporters of max pooling and of layers that read an earlier layer.
namespace eigencoder::detail {

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
