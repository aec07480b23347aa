#pragma once

#include <algorithm>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/kernels/lanes.hpp>
#include <eigencoder/detail/kernels/pooling.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <string>

namespace eigencoder {

/// Max pooling: the largest value, channel by channel, of the image under a window; of equal ones the first, row by
/// row. Padding never wins; it is at most half the kernel. What is not a number wins, so that it shows.
///
///     MaxPool2d<2>                                   halves an image
///     MaxPool2d{3, Stride{2}, Padding{1}}            the same with overlap, by value
///
/// Options: as `AveragePool2d`.
///
/// The cache holds the *places*: for each value that leaves, the index of the tap that won, row by row in the kernel.
/// With these held, pooling is linear: `gather` is that map of one sample, `scatter` its adjoint.
template <Index Kernel = Dynamic, PoolingOption... Options>
struct MaxPool2d : detail::Pooling2d<Kernel, Options...> {
  static constexpr bool couples_batch = false;
  using detail::Pooling2d<Kernel, Options...>::Pooling2d;

  constexpr Text name() const {
    return detail::window_name("MaxPool2d", Kernel == Dynamic, {this->kernel_size}, this->options);
  }
  /// In a mirrored decoder: repetition up to the size that entered.
  constexpr auto mirror(Shape in) const { return UpsampleTo<>(in.height, in.width); }
  void validate() const {
    if (!this->output({Dynamic, Dynamic, Dynamic}).is_possible())
      throw OptionError(std::string(Text::of("eigencoder: ", name(), " wants ", this->wanted()).view()));
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
    detail::for_each_sample(
        context, [&](Index j) { gather(context.shape, context.cache + j * outputs, r + j * inputs, y + j * outputs); });
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    const Index inputs = context.shape.size(), outputs = this->output(context.shape).size();
    detail::for_each_sample(
        context, [&](Index j) { scatter(context.shape, context.cache + j * outputs, dy + j * outputs, dx + j * inputs); });
  }

  /// One sample's values y, of shape `output(in)`, each at the place in x, of shape `in`, whose value won; the sum
  /// where one place won several times, zero where none. x overlaps neither y nor the places.
  template <class Scalar>
  void scatter(Shape in, const Scalar* places, const Scalar* y, Scalar* x) const {
    const Window window = this->window();
    const bool once = detail::PoolingSide{window.height, in.height}.tiles() &&
                      detail::PoolingSide{window.width, in.width}.tiles();  // each place is written
    if (!once) std::fill_n(x, in.values(), Scalar(0));
    each_place<Scalar>(in, [&]<class Values>(Values*, const auto& taps, Index to) {
      Values value, place;
      detail::load(y + to, value);
      detail::load(places + to, place);
      taps([&](Index tap, Index from) {
        Values sum = {};
        if (!once) detail::load(x + from, sum);
        detail::store(sum + (place == static_cast<Scalar>(tap) ? value : Values{}), x + from);
      });
    });
  }

  /// The adjoint of `scatter`: the values of x, of shape `in`, at the places that won, as y of shape `output(in)`.
  template <class Scalar>
  void gather(Shape in, const Scalar* places, const Scalar* x, Scalar* y) const {
    each_place<Scalar>(in, [&]<class Values>(Values*, const auto& taps, Index to) {
      Values value, place, won = {};
      detail::load(places + to, place);
      taps([&](Index tap, Index from) {
        detail::load(x + from, value);
        won = place == static_cast<Scalar>(tap) ? value : won;
      });
      detail::store(won, y + to);
    });
  }

 private:
  template <bool Keep, class Scalar>
  void pool(Shape in, const Scalar* x, Scalar* y, Scalar* places) const {
    each_place<Scalar>(in, [&]<class Values>(Values*, const auto& taps, Index to) {
      Values value, best = {}, place = {};
      bool first = true;
      taps([&](Index tap, Index from) {
        detail::load(x + from, value);
        const auto wins = (value > best) | (value != value);
        best = first ? value : wins ? value : best;
        place = first ? Values{} + static_cast<Scalar>(tap) : wins ? Values{} + static_cast<Scalar>(tap) : place;
        first = false;
      });
      detail::store(best, y + to);
      if constexpr (Keep) detail::store(place, places + to);
    });
  }

  /// Calls `visit(values, taps, to)` for every place of the window on one sample and some neighboring channels, as many
  /// as `values`, null, would point to: `to` is where the first of them is in what leaves, and `taps(see)` calls
  /// `see(tap, from)` for every tap that sees the image with where it is in what enters.
  template <class Scalar, class Visit>
  void each_place(Shape in, const Visit& visit) const {
    const Window window = this->window();
    const detail::PoolingSide rows{window.height, in.height}, cols{window.width, in.width};
    const Index below = window.height.dilation * in.width * in.channels, beside = window.width.dilation * in.channels;
    const bool square = Kernel != Dynamic && window.width.kernel == Kernel;
    Index to = 0;
    for (Index down = 0; down < rows.out; ++down) {
      const Range vertical = rows.inside(down);
      for (Index right = 0; right < cols.out; ++right, to += in.channels) {
        const Range horizontal = cols.inside(right);
        const Index corner = (rows.start(down) * in.width + cols.start(right)) * in.channels;
        const auto each_tap = [&](Index channel, Range high, Range wide, Index width, const auto& see) {
          for (Index k = high.first; k < high.first + high.count; ++k)
            for (Index l = wide.first; l < wide.first + wide.count; ++l)
              see(k * width + l, corner + k * below + l * beside + channel);
        };
        if (square && vertical.count == Kernel && horizontal.count == Kernel)
          detail::in_lanes<Scalar>(in.channels, [&](auto* values, Index channel) {  // loops that compilers unroll
            visit(values, [&](const auto& see) { each_tap(channel, {0, Kernel}, {0, Kernel}, Kernel, see); },
                  to + channel);
          });
        else
          detail::in_lanes<Scalar>(in.channels, [&](auto* values, Index channel) {
            visit(values,
                  [&](const auto& see) { each_tap(channel, vertical, horizontal, window.width.kernel, see); },
                  to + channel);
          });
      }
    }
  }
};

template <class... Options>
MaxPool2d(Index, Options...) -> MaxPool2d<Dynamic, Options...>;

}  // namespace eigencoder
