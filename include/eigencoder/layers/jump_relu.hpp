#pragma once

#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/layers/kernels/channel_cut.hpp>
#include <eigencoder/layers/kernels/firing.hpp>

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
  void forward(const OpaqueStage<Scalar>& stage, const Scalar* x, Scalar* y) const {
    cut_of(stage).each_block(team(stage), [&](const Block& b, int) {
      Scalar threshold[Block::lanes];
      for (Index i = 0; i < b.channels; ++i)
        threshold[i] = static_cast<Scalar>(initial_threshold * std::exp(double{stage.parameters[0][b.channel + i]}));
      if (stage.cache && b.chunk == 0) std::copy_n(threshold, b.channels, stage.cache + b.channel);
      select(b, threshold, x, x, y);
    });
    detail::count_firing(stage, y);
  }

  /// The learned logarithm's gradient is theta times that of theta.
  template <class Scalar>
  void backward(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    add_up_near(
        stage, x, [&](Index i) { return dy[i]; }, [&](double theta) { return -theta * theta / bandwidth; },
        [&](const Block& b) { select(b, stage.cache + b.channel, x, dy, dx); }, sink);
  }

  /// See `LearnsFiring`.
  template <class Scalar>
  void firing_backward(const OpaqueStage<Scalar>& stage, const Scalar* x, double slope,
                       GradientSink<Scalar>& sink) const {
    add_up_near(
        stage, x, [](Index) { return Scalar(1); }, [&](double theta) { return -slope * theta / bandwidth; },
        [](const Block&) {}, sink);
  }

  template <class Scalar>
  void push(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* r, Scalar* y) const {
    cut_of(stage).each_block(team(stage),
                             [&](const Block& b, int) { select(b, stage.cache + b.channel, x, r, y); });
  }
  template <class Scalar>
  void pull(const OpaqueStage<Scalar>& stage, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    push(stage, x, dy, dx);  // its own adjoint
  }

 private:
  using Block = detail::ChannelBlock;

  template <class Scalar>
  static detail::ChannelCut cut_of(const OpaqueStage<Scalar>& stage) {
    return {stage.shape.channels, stage.values() / stage.shape.channels};
  }
  template <class Scalar>
  static int team(const OpaqueStage<Scalar>& stage) { return stage.pass.team(stage.values() * 8); }

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
  void add_up_near(const OpaqueStage<Scalar>& stage, const Scalar* x, const Weight& weight, const Factor& factor,
                   const Map& map, GradientSink<Scalar>& sink) const {
    const detail::ChannelCut cut = cut_of(stage);
    cut.reduce_and_map(
        team(stage), [&](const Block& b) { add_near(stage, b, x, weight); },
        [&](Index first, Index count, int thread) {
          double slope[Block::lanes] = {};
          for (Index chunk = 0; chunk < cut.chunks(); ++chunk)
            for (Index i = 0; i < count; ++i) slope[i] += stage.cache[(1 + chunk) * cut.channels() + first + i];
          for (Index i = 0; i < count; ++i) slope[i] *= factor(double{stage.cache[first + i]});
          detail::deliver(stage.first_block, first, count, slope, stage.pass.workspace.scratch(thread).tile, sink);
        },
        map);
  }

  /// A block's sums of the weights of the values whose x lie under the kernel.
  template <class Scalar, class Weight>
  void add_near(const OpaqueStage<Scalar>& stage, const Block& b, const Scalar* x, const Weight& weight) const {
    const auto half = static_cast<Scalar>(bandwidth / 2);
    Scalar thresholds[Block::lanes], sum[Block::lanes] = {};
    b.spread(stage.cache + b.channel, thresholds);
    b.each_line([&](Index at, Index n) {
      for (Index i = 0; i < n; ++i)
        sum[i] += (std::abs)(x[at + i] - thresholds[i]) < half ? weight(at + i) : Scalar(0);
    });
    b.gather(sum, stage.cache + (1 + b.chunk) * b.period + b.channel);
  }
};

}  // namespace eigencoder
