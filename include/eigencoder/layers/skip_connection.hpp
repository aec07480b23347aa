#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/skip_layer.hpp>
#include <limits>

/// @file
/// Skip connections: layers that read the output of an earlier layer too, usually decoder layers that read the encoder
/// in image-to-image models (Ronneberger, Fischer & Brox 2015, "U-Net"). Such a decoder cannot decode a bare code. And
/// residual stacks, which skip their own layers.
namespace eigencoder {

/// y = x + source: the part that `SkipAdd` and the sum at the end of a `Residual` share.
struct SkipSum {
  /// As every `SkipLayer`.
  ///@{
  static constexpr bool reads_cache = false;

  constexpr Shape output(Shape in, Shape, Shape source) const {
    const bool known = in.is_static() && source.is_static();
    return in.fits(source) && (!known || in == source) ? in : Shape::none();
  }
  constexpr Text expected_input(Shape, Shape source) const { return Text::of(source.in_words(), ", the shape of the layer it adds"); }

  template <class Scalar>
  void forward(const SkipContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    for_each_tile(context, [&](Index first, Index count) {
      for (Index i = first; i < first + count; ++i) y[i] = x[i] + context.source[i];
    });
  }
  template <class Scalar>
  void backward(const SkipContext<Scalar>& context, const Scalar* dy, Scalar* dx, Scalar* dsource) const {
    for_each_tile(context, [&](Index first, Index count) {
      for (Index i = first; i < first + count; ++i) dx[i] = dsource[i] = dy[i];
    });
  }
  ///@}

 private:
  template <class Scalar, class Run>
  static void for_each_tile(const SkipContext<Scalar>& context, const Run& run) {
    detail::parallel_slices(context.pass, context.in.values() * context.pass.batch, 8, run);
  }
};

/// Adds the output of the layer at a position, counted from the encoder's first: `SkipAdd<AtLayer<1>>`.
template <LayerPosition Place>
struct SkipAdd : SkipSum {
  /// As every `SkipLayer`.
  ///@{
  static constexpr Index source(Index) { return Place::at_layer; }
  constexpr Text name() const { return Text::of("SkipAdd<AtLayer<", static_cast<long long>(Place::at_layer), ">>"); }
  ///@}
};

/// Appends the channels of the output of the layer at a position to its input's: `SkipConcatenate<AtLayer<1>>`.
template <LayerPosition Place>
struct SkipConcatenate {
  /// As every `SkipLayer`.
  ///@{
  static constexpr bool reads_cache = false;
  static constexpr Index source(Index) { return Place::at_layer; }

  constexpr Text name() const {
    return Text::of("SkipConcatenate<AtLayer<", static_cast<long long>(Place::at_layer), ">>");
  }
  constexpr Shape output(Shape in, Shape, Shape source) const {
    const auto agree = [](Index a, Index b) { return a == b || a == Dynamic || b == Dynamic; };
    if (!in.is_possible() || !source.is_possible()) return Shape::none();
    if (!agree(in.height, source.height) || !agree(in.width, source.width)) return Shape::none();
    if (in.channels == Dynamic || source.channels == Dynamic) return {in.height, in.width, Dynamic};
    const bool too_many = in.channels > (std::numeric_limits<Index>::max)() - source.channels;
    return {in.height, in.width, too_many ? Shape::impossible : in.channels + source.channels};
  }
  constexpr Text expected_input(Shape, Shape source) const {
    Text text = "the height and width of ";
    return text.append(source.text());
  }

  template <class Scalar>
  void forward(const SkipContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    for_each_position(context, [&](Index p, Index own, Index read) {
      std::copy_n(x + p * own, own, y + p * (own + read));
      std::copy_n(context.source + p * read, read, y + p * (own + read) + own);
    });
  }
  template <class Scalar>
  void backward(const SkipContext<Scalar>& context, const Scalar* dy, Scalar* dx, Scalar* dsource) const {
    for_each_position(context, [&](Index p, Index own, Index read) {
      std::copy_n(dy + p * (own + read), own, dx + p * own);
      std::copy_n(dy + p * (own + read) + own, read, dsource + p * read);
    });
  }
  ///@}

 private:
  /// Calls `run(position, channels of the input, channels of the source)` for each position of each sample.
  template <class Scalar, class Run>
  static void for_each_position(const SkipContext<Scalar>& context, const Run& run) {
    const Index own = context.in.channels, read = context.source_out.channels;
    const Index positions = context.in.height * context.in.width * context.pass.batch;
    detail::parallel_tiles(positions, 256, context.pass.team(positions * (own + read) * 8),
                           [&](Index first, Index count, int) {
                             for (Index p = first; p < first + count; ++p) run(p, own, read);
                           });
  }
};

/// A stack of layers F whose output is added to its input: y = x + F(x) (He, Zhang, Ren & Sun 2015, "Deep residual
/// learning", equation 1). The output's shape must be the input's.
///
///     Residual<Conv2d<64, 3, Same>, BatchNorm, Relu, Conv2d<64, 3, Same>, BatchNorm>
///     Residual{Conv2d{64, 3, Same{}}, Relu{}, Conv2d{64, 3, Same{}}}
///
/// In a model its layers and the sum after them count as layers of their own: positions (`AtLayer<k>`) include all of
/// them. `Mirror` turns it into the residual of its layers mirrored by blocks, without what follows its last linear
/// layer. By value, `Residual{Residual{...}}` is a copy of the inner one: spell such a layer as a type.
template <class... Layers>
struct Residual {
  Pack<Layers...> layers;  ///< in order

  constexpr Residual() = default;
  /// Layers by value.
  constexpr explicit Residual(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}
};
template <class... Layers>
Residual(Layers...) -> Residual<Layers...>;

}  // namespace eigencoder
