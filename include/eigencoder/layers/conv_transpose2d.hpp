#pragma once

#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/layers/conv2d.hpp>

namespace eigencoder {

/// A transposed convolution: the adjoint of the convolution with the same window, which it lets grow what that one
/// shrinks. A side of n values becomes (n - 1) stride + the kernel's extent - padding + `OutputPadding`, with `Same`
/// n stride. Source: as `Conv2d`, chapter 4.
///
///     ConvTranspose2d<16, 4, Stride<2>, Same>        twice as high and wide, 16 channels
///     ConvTranspose2d{16, 3, Stride{2}, Padding{1}, OutputPadding{1}}
template <Index Channels = Dynamic, Index Kernel = Dynamic, LayerOption... Options>
struct ConvTranspose2d {
  static constexpr bool has_weight = true;

  Index channels = Channels;
  Index kernel_size = Kernel;
  Pack<Options...> options = {};
  Initializer initializer = {};

  constexpr ConvTranspose2d() = default;
  constexpr explicit ConvTranspose2d(Initializer weights)
    requires(Channels != Dynamic)
      : initializer(weights) {}
  constexpr ConvTranspose2d(Index outputs, Index kernel, const Options&... each)
    requires(Channels == Dynamic)
      : ConvTranspose2d(outputs, kernel, Initializer{}, each...) {}
  constexpr ConvTranspose2d(Index outputs, Index kernel, Initializer weights, const Options&... each)
    requires(Channels == Dynamic)
      : channels(outputs), kernel_size(kernel), options(each...), initializer(weights) {}

  constexpr Shape output(Shape in) const {
    const Window window = detail::window_of(kernel_size, options);
    const Shape out{window.height.transposed_output(in.height), window.width.transposed_output(in.width),
                    window.groups == Dynamic ? Index{Dynamic} : Shape::checked(channels)};
    if (!out.is_possible()) return Shape::none();
    return convolution(out, in).output().is_possible() ? out : Shape::none();
  }
  constexpr Text name() const {
    return detail::window_name("ConvTranspose2d", Channels == Dynamic, {channels, kernel_size}, options);
  }
  constexpr Text wanted() const {
    const bool possible = output({Dynamic, Dynamic, Dynamic}).is_possible();
    const Window window = detail::window_of(kernel_size, options);
    if (possible && window.groups == 1) return "an image that does not shrink to nothing";
    return detail::wanted_image(window, possible);
  }
  constexpr Index bias_size(Shape out) const { return detail::has_bias<Options...> ? out.channels : 0; }
  WeightShape weight_shape(Shape in) const {
    const WeightShape w = convolution(output(in), in).weight_shape();
    return {w.rows, w.cols, w.fan_out, w.fan_in};
  }

  template <class Scalar>
  auto kernel(Shape in, const Scalar* weight) const {
    using Kernel_ = detail::ConvolutionKernel<Scalar>;
    return detail::Transposed<Kernel_>{Kernel_{convolution(output(in), in), weight}};
  }

 private:
  /// The convolution that this one is the adjoint of: from what leaves here to what enters.
  constexpr detail::Convolution convolution(Shape out, Shape in) const {
    return {detail::window_of(kernel_size, options), out, in.channels};
  }
};

ConvTranspose2d(Index, Index) -> ConvTranspose2d<>;
ConvTranspose2d(Index, Index, Initializer) -> ConvTranspose2d<>;
template <class... Options>
ConvTranspose2d(Index, Index, Options...) -> ConvTranspose2d<Dynamic, Dynamic, Options...>;
template <class... Options>
ConvTranspose2d(Index, Index, Initializer, Options...) -> ConvTranspose2d<Dynamic, Dynamic, Options...>;

}  // namespace eigencoder
