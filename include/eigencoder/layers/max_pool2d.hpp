#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/kernels/simd.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/skip_layer.hpp>
#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <string>

/// @file
/// Max pooling, and the layer that undoes it.
namespace eigencoder {

/// Max pooling: the largest value of the image in each window, channel by channel; of equal ones the first, row by row.
/// Padding never wins; it is at most half the kernel. NaN wins, so that it is not hidden.
///
///     MaxPool2d<2>                                   halves an image
///     MaxPool2d{3, Stride{2}, Padding{1}}            the same with overlap, by value
///
/// Options: as `AveragePool2d`.
///
/// The cache holds the *argmax* of each output value: the index of the winning tap, row by row in the kernel. With
/// these held fixed, pooling is linear: `gather` is that map on one sample, `scatter` its adjoint.
template <Index Kernel = Dynamic, PoolingOption... Options>
struct MaxPool2d : PoolingBase<Kernel, Options...> {
  using PoolingBase<Kernel, Options...>::PoolingBase;

  /// As every `CustomLayer`; `Differentiable`, with the argmax held fixed.
  ///@{
  static constexpr bool couples_batch = false;

  constexpr Text name() const {
    return detail::spelled_type("MaxPool2d", Kernel == Dynamic, {this->kernel_size}, this->options);
  }
  /// @throws OptionError for a kernel or option outside its range.
  void validate() const {
    if (!this->output({Dynamic, Dynamic, Dynamic}).is_possible())
      throw OptionError(std::string(Text::of("eigencoder: ", name(), ": expected ", this->expected_input()).view()));
  }
  void declare(ParameterLayout&, Index, Shape) const {}
  Index cache_size(Shape in, Index batch) const { return this->output(in).size() * batch; }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    const Index inputs = context.shape.size(), outputs = this->output(context.shape).size();
    detail::for_each_sample(context, [&](Index j) {
      if (context.cache) pool<true>(context.shape, x + j * inputs, y + j * outputs, context.cache + j * outputs);
      else pool<false>(context.shape, x + j * inputs, y + j * outputs, context.cache);
    });
  }

  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    vjp(context, x, dy, dx);
  }

  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* r, Scalar* y) const {
    const Index inputs = context.shape.size(), outputs = this->output(context.shape).size();
    detail::for_each_sample(context, [&](Index j) {
      gather(context.shape, context.cache + j * outputs, r + j * inputs, y + j * outputs);
    });
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    const Index inputs = context.shape.size(), outputs = this->output(context.shape).size();
    detail::for_each_sample(context, [&](Index j) {
      scatter(context.shape, context.cache + j * outputs, dy + j * outputs, dx + j * inputs);
    });
  }
  ///@}
  /// The layer of a mirrored decoder: nearest upsampling to the input's height and width.
  constexpr auto mirror(Shape in) const { return UpsampleTo<>(in.height, in.width); }

  /// Adds each value of y, one sample of shape `output(in)`, to the value of x, of shape `in`, that won its window; x
  /// is 0 where none won. x overlaps neither y nor argmax.
  template <class Scalar>
  void scatter(Shape in, const Scalar* argmax, const Scalar* y, Scalar* x) const {
    const Window window = this->window();
    const bool once = detail::PoolingSide{window.height, in.height}.is_partition() &&
                      detail::PoolingSide{window.width, in.width}.is_partition();  // every value is written once
    if (!once) std::fill_n(x, in.values(), Scalar(0));
    for_each_window<Scalar>(in, [&]<class Values>(Values*, const auto& for_each_tap, Index to) {
      Values value, winner;
      detail::load(y + to, value);
      detail::load(argmax + to, winner);
      for_each_tap([&](Index tap, Index from) {
        Values sum = {};
        if (!once) detail::load(x + from, sum);
        detail::store(sum + (winner == static_cast<Scalar>(tap) ? value : Values{}), x + from);
      });
    });
  }

  /// The adjoint of `scatter`: y, of shape `output(in)`, holds the values of x, of shape `in`, that won.
  template <class Scalar>
  void gather(Shape in, const Scalar* argmax, const Scalar* x, Scalar* y) const {
    for_each_window<Scalar>(in, [&]<class Values>(Values*, const auto& for_each_tap, Index to) {
      Values value, winner, selected = {};
      detail::load(argmax + to, winner);
      for_each_tap([&](Index tap, Index from) {
        detail::load(x + from, value);
        selected = winner == static_cast<Scalar>(tap) ? value : selected;
      });
      detail::store(selected, y + to);
    });
  }

 private:
  /// Pools one sample; writes the argmax if `Save`.
  template <bool Save, class Scalar>
  void pool(Shape in, const Scalar* x, Scalar* y, Scalar* argmax) const {
    for_each_window<Scalar>(in, [&]<class Values>(Values*, const auto& for_each_tap, Index to) {
      Values value, best = {}, winner = {};
      bool first = true;
      for_each_tap([&](Index tap, Index from) {
        detail::load(x + from, value);
        const auto wins = (value > best) | (value != value);
        best = first ? value : wins ? value : best;
        winner = first ? Values{} + static_cast<Scalar>(tap) : wins ? Values{} + static_cast<Scalar>(tap) : winner;
        first = false;
      });
      detail::store(best, y + to);
      if constexpr (Save) detail::store(winner, argmax + to);
    });
  }

  /// Calls `visit(tag, for_each_tap, to)` for every window on one sample and every SIMD vector of its channels. `tag`
  /// is a null pointer to the vector's type and `to` the index of its first value in the output; `for_each_tap(visit)`
  /// calls `visit(tap, from)` for every tap inside the image, with its index in the input.
  template <class Scalar, class Visit>
  void for_each_window(Shape in, const Visit& visit) const {
    const Window window = this->window();
    const detail::PoolingSide rows{window.height, in.height}, cols{window.width, in.width};
    const Index row_step = window.height.dilation * in.width * in.channels;
    const Index col_step = window.width.dilation * in.channels;
    const bool square = Kernel != Dynamic && window.width.kernel == Kernel;
    Index to = 0;
    for (Index row = 0; row < rows.out; ++row) {
      const Range vertical = rows.taps_inside(row);
      for (Index col = 0; col < cols.out; ++col, to += in.channels) {
        const Range horizontal = cols.taps_inside(col);
        const Index corner = (rows.start(row) * in.width + cols.start(col)) * in.channels;
        const auto taps = [&](Index channel, Range k_range, Range l_range, Index width, const auto& visit_tap) {
          for (Index k = k_range.first; k < k_range.first + k_range.count; ++k)
            for (Index l = l_range.first; l < l_range.first + l_range.count; ++l)
              visit_tap(k * width + l, corner + k * row_step + l * col_step + channel);
        };
        if (square && vertical.count == Kernel && horizontal.count == Kernel)
          detail::for_each_vector<Scalar>(in.channels, [&](auto* tag, Index channel) {  // constant bounds: unrolled
            visit(tag, [&](const auto& tap) { taps(channel, {0, Kernel}, {0, Kernel}, Kernel, tap); }, to + channel);
          });
        else
          detail::for_each_vector<Scalar>(in.channels, [&](auto* tag, Index channel) {
            visit(tag, [&](const auto& tap) { taps(channel, vertical, horizontal, window.width.kernel, tap); },
                  to + channel);
          });
      }
    }
  }
};

template <class... Options>
MaxPool2d(Index, Options...) -> MaxPool2d<Dynamic, Options...>;

/// Undoes the max pooling at a position of the encoder: each value returns to where its maximum came from, and all
/// other values are zero (Zeiler, Taylor & Fergus 2011, "Adaptive deconvolutional networks", section 3). The output has
/// the shape of the pooling's input.
///
///     Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, MaxPool2d<2>, ...>
///     Decoder<..., MaxUnpool2d<AtLayer<2>>, ...>
template <LayerPosition Place>
struct MaxUnpool2d {
  /// As every `SkipLayer`. It reads the cache of a layer with `scatter` and `gather`, as `MaxPool2d` has them.
  ///@{
  static constexpr bool reads_cache = true;
  static constexpr Index source(Index) { return Place::at_layer; }
  template <class L>
  static constexpr bool reads = requires(const L& pooling, const double* in, double* out) {
    pooling.scatter(Shape(), in, in, out);
    pooling.gather(Shape(), in, in, out);
  };

  constexpr Text name() const {
    return Text::of("MaxUnpool2d<AtLayer<", static_cast<long long>(Place::at_layer), ">>");
  }
  constexpr Shape output(Shape in, Shape pooled, Shape maxima) const {
    const bool known = in.is_static() && maxima.is_static();
    return in.fits(maxima) && (!known || in == maxima) ? pooled : Shape::none();
  }
  constexpr Text expected_input(Shape, Shape maxima) const {
    return Text::of(maxima.in_words(), ", the pooling's output");
  }

  template <class Scalar, class Pooling>
  void forward(const SkipContext<Scalar>& context, const Pooling& pooling, const Scalar* x, Scalar* y) const {
    for_each_sample(context, [&](Index j, Index maxima, Index values) {
      pooling.scatter(context.source_in, context.cache + j * maxima, x + j * maxima, y + j * values);
    });
  }
  template <class Scalar, class Pooling>
  void backward(const SkipContext<Scalar>& context, const Pooling& pooling, const Scalar* dy, Scalar* dx) const {
    for_each_sample(context, [&](Index j, Index maxima, Index values) {
      pooling.gather(context.source_in, context.cache + j * maxima, dy + j * values, dx + j * maxima);
    });
  }
  ///@}

 private:
  template <class Scalar, class Run>
  static void for_each_sample(const SkipContext<Scalar>& context, const Run& run) {
    const Index maxima = context.source_out.size(), values = context.source_in.size();
    detail::parallel_columns(context.pass, values, 8, [&](Index j) { run(j, maxima, values); });
  }
};

}  // namespace eigencoder
