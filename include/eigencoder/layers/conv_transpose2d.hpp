#pragma once

#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/layers/convolution_base.hpp>

namespace eigencoder {

/// A transposed convolution: the adjoint of the convolution with the same window, so that it enlarges what that one
/// shrinks. A side of n values becomes (n - 1) stride + the kernel's extent - padding + `OutputPadding`, with `Same`
/// n stride. Source: as `Conv2d`, chapter 4.
///
///     ConvTranspose2d<16, 4, Stride<2>, Same>        twice as high and wide, 16 channels
///     ConvTranspose2d{16, 3, Stride{2}, Padding{1}, OutputPadding{1}}
///
/// Options: as `Conv2d`, and `OutputPadding`.
template <Index Channels = Dynamic, Index Kernel = Dynamic, LayerOption... Options>
struct ConvTranspose2d : ConvolutionBase<Channels, Kernel, Options...> {
  using ConvolutionBase<Channels, Kernel, Options...>::ConvolutionBase;

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const {
    const Window window = this->window();
    const Shape out{window.height.transposed_output(in.height), window.width.transposed_output(in.width),
                    window.groups == Dynamic ? Index{Dynamic} : Shape::checked(this->channels)};
    if (!out.is_possible()) return Shape::none();
    return convolution(out, in).output().is_possible() ? out : Shape::none();
  }
  constexpr Text name() const {
    return detail::spelled_type("ConvTranspose2d", Channels == Dynamic, {this->channels, this->kernel_size},
                              this->options);
  }
  constexpr Text expected_input() const {
    const bool possible = output({Dynamic, Dynamic, Dynamic}).is_possible();
    const Window window = this->window();
    if (possible && window.groups == 1) return "an image that does not shrink to nothing";
    return detail::convolution_requirement(window, possible);
  }
  WeightShape weight_shape(Shape in) const {
    const WeightShape w = convolution(output(in), in).weight_shape();
    return {w.rows, w.cols, w.fan_out, w.fan_in};
  }

  template <class Scalar>
  auto kernel(Shape in, const Scalar* weight) const {
    using Adjoint = detail::Transposed<detail::ConvolutionKernel<Scalar>>;
    return Adjoint{{convolution(output(in), in), weight}};
  }
  ///@}

 private:
  /// The convolution whose adjoint this layer is: it maps this layer's output to its input.
  constexpr detail::Convolution convolution(Shape out, Shape in) const {
    return {this->window(), out, in.channels};
  }
};

template <class... Options>
ConvTranspose2d(Index, Index, Options...) -> ConvTranspose2d<Dynamic, Dynamic, Options...>;
template <class... Options>
ConvTranspose2d(Index, Index, Initializer, Options...) -> ConvTranspose2d<Dynamic, Dynamic, Options...>;

}  // namespace eigencoder
