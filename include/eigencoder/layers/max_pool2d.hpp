#pragma once

#include <eigencoder/core/errors.hpp>
#include <eigencoder/layers/kernels/lanes.hpp>
#include <eigencoder/layers/opaque.hpp>
#include <eigencoder/layers/kernels/pooling.hpp>
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
  void validate() const {
    if (!this->output({Dynamic, Dynamic, Dynamic}).is_possible())
      throw OptionError(std::string(Text::of("eigencoder: ", name(), " wants ", this->wanted()).view()));
  }
  void declare(ParameterLayout&, Index, Shape) const {}
  Index cache_size(Shape in, Index batch) const { return this->output(in).size() * batch; }

  template <class Scalar>
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    const Index inputs = stage.shape.size(), outputs = this->output(stage.shape).size();
    detail::for_each_sample(stage, [&](Index j) {
      if (stage.cache) pool<true>(stage.shape, x + j * inputs, y + j * outputs, stage.cache + j * outputs);
      else pool<false>(stage.shape, x + j * inputs, y + j * outputs, stage.cache);
    });
  }

  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    pull(stage, x, dy, dx);
  }

  template <class Scalar>
  void push(const OpaqueStage<Scalar>& stage, const Scalar*, const Scalar* r, Scalar* y) const {
    const Index inputs = stage.shape.size(), outputs = this->output(stage.shape).size();
    detail::for_each_sample(
        stage, [&](Index j) { gather(stage.shape, stage.cache + j * outputs, r + j * inputs, y + j * outputs); });
  }
  template <class Scalar>
  void pull(const OpaqueStage<Scalar>& stage, const Scalar*, const Scalar* dy, Scalar* dx) const {
    const Index inputs = stage.shape.size(), outputs = this->output(stage.shape).size();
    detail::for_each_sample(
        stage, [&](Index j) { scatter(stage.shape, stage.cache + j * outputs, dy + j * outputs, dx + j * inputs); });
  }

  /// One sample's values y, of shape `output(in)`, each at the place in x, of shape `in`, whose value won; the sum
  /// where one place won several times, zero where none. x overlaps neither y nor the places.
  template <class Scalar>
  void scatter(Shape in, const Scalar* places, const Scalar* y, Scalar* x) const {
    std::fill_n(x, in.size(), Scalar(0));
    each_tap(in, [&](Index tap, bool, Index from, Index to) {
      const auto own = static_cast<Scalar>(tap);
      detail::fill_lanes(x + from, in.channels, [=](Index c) {
        const Scalar value = y[to + c];
        return x[from + c] + (places[to + c] == own ? value : Scalar(0));
      });
    });
  }

  /// The adjoint of `scatter`: the values of x, of shape `in`, at the places that won, as y of shape `output(in)`.
  template <class Scalar>
  void gather(Shape in, const Scalar* places, const Scalar* x, Scalar* y) const {
    each_tap(in, [&](Index tap, bool first, Index from, Index to) {
      const auto own = static_cast<Scalar>(tap);
      detail::fill_lanes(y + to, in.channels, [=](Index c) {
        const Scalar value = x[from + c], other = y[to + c];
        return first || places[to + c] == own ? value : other;
      });
    });
  }

 private:
  template <bool Keep, class Scalar>
  void pool(Shape in, const Scalar* x, Scalar* y, Scalar* places) const {
    each_tap(in, [&](Index tap, bool first, Index from, Index to) {
      const auto wins = [=](Index c) {
        const Scalar value = x[from + c], best = y[to + c];
        return first | (value > best) | (value != value);  // no branches
      };
      if constexpr (Keep) {
        const auto own = static_cast<Scalar>(tap);
        detail::fill_lanes(places + to, in.channels, [=](Index c) {
          const Scalar other = places[to + c];
          return wins(c) ? own : other;
        });
      }
      detail::fill_lanes(y + to, in.channels, [=](Index c) {
        const Scalar value = x[from + c], other = y[to + c];
        return wins(c) ? value : other;
      });
    });
  }

  /// Calls `visit(tap, first, from, to)` for every tap on one sample: whether it is the first at its place, and where
  /// its channels are in what enters and in what leaves.
  template <class Visit>
  void each_tap(Shape in, const Visit& visit) const {
    const Window window = this->window();
    const detail::PoolingSide rows{window.height, in.height}, cols{window.width, in.width};
    Index to = 0;
    for (Index down = 0; down < rows.out; ++down) {
      const detail::Range vertical = rows.inside(down);
      for (Index right = 0; right < cols.out; ++right, to += in.channels) {
        const detail::Range horizontal = cols.inside(right);
        for (Index k = vertical.first; k < vertical.first + vertical.count; ++k)
          for (Index l = horizontal.first; l < horizontal.first + horizontal.count; ++l) {
            const Index row = rows.start(down) + k * window.height.dilation;
            const Index col = cols.start(right) + l * window.width.dilation;
            visit(k * window.width.kernel + l, k == vertical.first && l == horizontal.first,
                  (row * in.width + col) * in.channels, to);
          }
      }
    }
  }
};

template <class... Options>
MaxPool2d(Index, Options...) -> MaxPool2d<Dynamic, Options...>;

}  // namespace eigencoder
