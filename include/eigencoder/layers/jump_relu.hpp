#pragma once

#include <cmath>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/kernels/channel_cut.hpp>
#include <eigencoder/detail/kernels/firing.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// y = z where z > theta and 0 elsewhere, with a learned threshold theta > 0 for each value, or for each channel of an
/// image. The gradient by z is the ordinary one, 1 where z > theta. That by theta, which the loss does not have (y
/// jumps), is the expected one, estimated from the values near the threshold: dy/dtheta = -theta / bandwidth where
/// |z - theta| < bandwidth / 2, the rectangle kernel, and 0 elsewhere. Source: Rajamanoharan et al., "Jumping ahead:
/// improving reconstruction fidelity with JumpReLU sparse autoencoders" (2024), section 3.
///
/// The number of values that fire, the sum of H(z - theta) for the unit step H, has an expected derivative by theta
/// that is estimated likewise, for `Sparse<L0>`: -1 / bandwidth for each value with |z - theta| < bandwidth / 2.
///
/// What is learned is log(theta / initial_threshold), which begins at 0: so theta stays positive. The defaults are the
/// paper's. Thresholds learn from the values within half a `bandwidth` alone: for values of about 1, 0.1 for both is a
/// start from which they move. Counts firing, see `CountsFiring`.
struct JumpRelu {
  static constexpr bool couples_batch = false;
  static constexpr bool counts_firing = true;
  static constexpr std::string_view tensors[] = {"log_threshold", "samples_since_fired"};

  double initial_threshold = 1e-3;
  double bandwidth = 1e-3;

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "JumpRelu"; }
  constexpr Setting setting() const { return {"initial_threshold", initial_threshold}; }
  void validate() const {
    if (!(initial_threshold > 0 && std::isfinite(initial_threshold)))
      throw OptionError("eigencoder: JumpRelu.initial_threshold must be finite and above 0");
    if (!(bandwidth > 0 && std::isfinite(bandwidth)))
      throw OptionError("eigencoder: JumpRelu.bandwidth must be finite and above 0");
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::shift, position, in.channels, 1);
    layout.add_statistics(position, in.size(), 0, {detail::counted_range});
  }
  /// For each channel the threshold, and the sum of the dy near it for each chunk of rows.
  Index cache_size(Shape in, Index batch) const {
    return in.channels * (1 + detail::ChannelCut(in.channels, in.height * in.width * batch).chunks());
  }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    cut_of(context).each_block(team(context), [&](const Block& b, int) {
      Scalar threshold[Block::lanes];
      for (Index i = 0; i < b.channels; ++i)
        threshold[i] = static_cast<Scalar>(initial_threshold * std::exp(double{context.parameters[0][b.channel + i]}));
      if (context.cache && b.chunk == 0) std::copy_n(threshold, b.channels, context.cache + b.channel);
      select(b, threshold, x, x, y);
    });
    detail::count_firing(context, y);
  }

  /// The learned logarithm's gradient is theta times that of theta.
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    add_up_near(
        context, x, [&](Index i) { return dy[i]; }, [&](double theta) { return -theta * theta / bandwidth; },
        [&](const Block& b) { select(b, context.cache + b.channel, x, dy, dx); }, sink);
  }

  /// See `LearnsFiring`.
  template <class Scalar>
  void firing_backward(const LayerContext<Scalar>& context, const Scalar* x, double derivative,
                       GradientSink<Scalar>& sink) const {
    add_up_near(
        context, x, [](Index) { return Scalar(1); }, [&](double theta) { return -derivative * theta / bandwidth; },
        [](const Block&) {}, sink);
  }

  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* r, Scalar* y) const {
    cut_of(context).each_block(team(context),
                             [&](const Block& b, int) { select(b, context.cache + b.channel, x, r, y); });
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    jvp(context, x, dy, dx);  // its own adjoint
  }

 private:
  using Block = detail::ChannelBlock;

  template <class Scalar>
  static detail::ChannelCut cut_of(const LayerContext<Scalar>& context) {
    return {context.shape.channels, context.values() / context.shape.channels};
  }
  template <class Scalar>
  static int team(const LayerContext<Scalar>& context) { return context.pass.team(context.values() * 8); }

  /// y = r where x is above the threshold (or not a number, so that it shows), and 0 elsewhere.
  template <class Scalar>
  static void select(const Block& b, const Scalar* threshold, const Scalar* x, const Scalar* r, Scalar* y) {
    Scalar thresholds[Block::lanes];
    b.spread(threshold, thresholds);
    b.each_line([&](Index at, Index n) {
      for (Index i = 0; i < n; ++i) y[at + i] = x[at + i] <= thresholds[i] ? Scalar(0) : r[at + i];
    });
  }

  /// Hands `factor(theta)` times the sum of `weight(i)` over the values i whose x lie under the kernel to the sink, for
  /// each channel; and calls `map(block)` for each block once its channels are done.
  template <class Scalar, class Weight, class Factor, class Map>
  void add_up_near(const LayerContext<Scalar>& context, const Scalar* x, const Weight& weight, const Factor& factor,
                   const Map& map, GradientSink<Scalar>& sink) const {
    const detail::ChannelCut cut = cut_of(context);
    cut.reduce_and_map(
        team(context), [&](const Block& b) { add_near(context, b, x, weight); },
        [&](Index first, Index count, int thread) {
          double derivative[Block::lanes] = {};
          for (Index chunk = 0; chunk < cut.chunks(); ++chunk)
            for (Index i = 0; i < count; ++i) derivative[i] += context.cache[(1 + chunk) * cut.channels() + first + i];
          for (Index i = 0; i < count; ++i) derivative[i] *= factor(double{context.cache[first + i]});
          detail::accumulate_gradient(context.first_block, first, count, derivative, context.pass.workspace.scratch(thread).tile, sink);
        },
        map);
  }

  /// A block's sums of the weights of the values whose x lie under the kernel.
  template <class Scalar, class Weight>
  void add_near(const LayerContext<Scalar>& context, const Block& b, const Scalar* x, const Weight& weight) const {
    const auto half = static_cast<Scalar>(bandwidth / 2);
    Scalar thresholds[Block::lanes], sum[Block::lanes] = {};
    b.spread(context.cache + b.channel, thresholds);
    b.each_line([&](Index at, Index n) {
      for (Index i = 0; i < n; ++i)
        sum[i] += (std::abs)(x[at + i] - thresholds[i]) < half ? weight(at + i) : Scalar(0);
    });
    b.gather(sum, context.cache + (1 + b.chunk) * b.period + b.channel);
  }
};

}  // namespace eigencoder
