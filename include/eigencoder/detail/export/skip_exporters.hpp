#pragma once

#include <eigencoder/detail/export/linear_exporters.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/layers/max_unpool2d.hpp>
#include <eigencoder/layers/residual.hpp>
#include <eigencoder/layers/skip_connection.hpp>

/// @file
/// How max pooling and layers that read an earlier one are written.
namespace eigencoder::detail {

template <Index Kernel, class... Options>
struct Exporter<MaxPool2d<Kernel, Options...>> {
  using Layer = MaxPool2d<Kernel, Options...>;
  static std::string window(const Layer& layer, Shape in) {
    const Window window = layer.window();
    return listed({window_text(window, in, layer.output(in)), in.channels});
  }
  template <class Scalar>
  static Step step(const Layer& layer, const Page<Scalar>& page) {
    Step step{"max_pool", window(layer, page.info.in)};
    step.has_taps = true;
    return step;
  }
};

/// Gets the layer that it reads as well.
template <class Place>
struct Exporter<MaxUnpool2d<Place>> {
  template <class Scalar, class Pooling>
  static Step step(const MaxUnpool2d<Place>&, const Page<Scalar>& page, const Pooling& pooling, const LayerInfo& of) {
    static_cast<void>(page);
    return {"max_unpool", Exporter<Pooling>::window(pooling, of.in), false, Step::Reads::taps, Place::place};
  }
};

template <class L>
struct SumExporter {
  template <class Scalar>
  static Step step(const L&, const Page<Scalar>& page) {
    return {"add", std::to_string(page.size()), true, Step::Reads::output, L::link(page.position)};
  }
};
template <class Place>
struct Exporter<SkipAdd<Place>> : SumExporter<SkipAdd<Place>> {};
template <Index Length>
struct Exporter<ResidualSum<Length>> : SumExporter<ResidualSum<Length>> {};

template <class Place>
struct Exporter<SkipConcatenate<Place>> {
  template <class Scalar>
  static Step step(const SkipConcatenate<Place>&, const Page<Scalar>& page) {
    const Shape in = page.info.in;
    const std::string sizes = listed({in.height * in.width, in.channels, page.channels() - in.channels});
    return {"concatenate", sizes, false, Step::Reads::output, Place::place};
  }
};

}  // namespace eigencoder::detail
