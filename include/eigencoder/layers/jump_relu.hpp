#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/kernels/channel_sums.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// y = z where z > theta, and 0 elsewhere, with a learned threshold theta > 0 for each feature, or for each channel of
/// an image. The gradient by z is the ordinary one: 1 where z > theta. The loss jumps in theta and has no gradient
/// there; its expectation has one, which is estimated from the values near the threshold by a rectangle kernel:
/// dy/dtheta = -theta / bandwidth where |z - theta| < bandwidth / 2, and 0 elsewhere. Source: Rajamanoharan et al.,
/// "Jumping ahead: improving reconstruction fidelity with JumpReLU sparse autoencoders" (2024), section 3.
///
/// For `Sparse<L0>` the derivative by theta of the number of active values, the sum of the unit steps H(z - theta), is
/// estimated likewise: -1 / bandwidth for each value with |z - theta| < bandwidth / 2.
///
/// The parameter is log(theta / initial_threshold), 0 at first, so that theta stays positive. The defaults are the
/// paper's. A threshold learns only from values within half a `bandwidth` of it: for values of about 1, set both
/// options to 0.1, or thresholds hardly move. Counts firing, see `CountsFiring`.
struct JumpRelu {
  double initial_threshold = 1e-3;  ///< theta before training, finite and above 0
  double bandwidth = 1e-3;          ///< width of the rectangle kernel, finite and above 0

  /// As every `CustomLayer` that `CountsFiring` and `LearnsFiring`; `Differentiable`, with the active values held
  /// fixed.
  ///@{
  static constexpr bool couples_batch = false;
  static constexpr bool counts_firing = true;
  static constexpr std::string_view tensors[] = {"log_threshold", "samples_since_fired"};

  constexpr Shape output(Shape in) const { return in; }
  constexpr Text name() const { return "JumpRelu"; }
  constexpr Setting setting() const { return {"initial_threshold", initial_threshold}; }
  /// @throws OptionError for an option that is not above 0 or not finite.
  void validate() const {
    detail::require_positive("JumpRelu.initial_threshold", initial_threshold);
    detail::require_positive("JumpRelu.bandwidth", bandwidth);
  }

  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::shift, position, in.channels, 1);
    layout.add_statistics(position, in.size(), 0, {detail::counted_range});
  }
  /// For each channel the threshold, and for each chunk of rows the sum over the values near it.
  Index cache_size(Shape in, Index batch) const {
    return in.channels * (1 + Partition(in.channels, in.height * in.width * batch).chunks());
  }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    Partition::of(context).for_each_block(team(context), [&](const Block& b, int) {
      Scalar threshold[Block::max_lanes];
      for (Index i = 0; i < b.channels; ++i)
        threshold[i] = static_cast<Scalar>(initial_threshold * std::exp(double{context.parameters[0][b.channel + i]}));
      if (context.cache && b.chunk == 0) std::copy_n(threshold, b.channels, context.cache + b.channel);
      select(b, threshold, x, x, y);
    });
    detail::count_firing(context, y);
  }

  /// The derivative by the parameter, a logarithm, is theta times that by theta.
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>& sink) const {
    sum_near_threshold(
        context, x, [&](Index i) { return dy[i]; }, [&](double theta) { return -theta * theta / bandwidth; },
        [&](const Block& b) { select(b, context.cache + b.channel, x, dy, dx); }, sink);
  }

  template <class Scalar>
  void firing_backward(const LayerContext<Scalar>& context, const Scalar* x, double derivative,
                       GradientSink<Scalar>& sink) const {
    sum_near_threshold(
        context, x, [](Index) { return Scalar(1); }, [&](double theta) { return -derivative * theta / bandwidth; },
        [](const Block&) {}, sink);
  }

  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* r, Scalar* y) const {
    Partition::of(context).for_each_block(
        team(context), [&](const Block& b, int) { select(b, context.cache + b.channel, x, r, y); });
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx) const {
    jvp(context, x, dy, dx);  // its own adjoint
  }
  ///@}

 private:
  using Block = detail::ChannelBlock;
  using Partition = detail::ChannelPartition;

  template <class Scalar>
  static int team(const LayerContext<Scalar>& context) { return context.pass.team(context.values() * 8); }

  /// y = r where x is above the threshold or NaN, so that a NaN is not hidden; 0 elsewhere.
  template <class Scalar>
  static void select(const Block& b, const Scalar* threshold, const Scalar* x, const Scalar* r, Scalar* y) {
    Scalar thresholds[Block::max_lanes];
    b.to_lanes(threshold, thresholds);
    b.for_each_line([&](Index first, Index n) {
      for (Index i = 0; i < n; ++i) y[first + i] = x[first + i] <= thresholds[i] ? Scalar(0) : r[first + i];
    });
  }

  /// For each channel, hands to the sink `factor(theta)` times the sum of `weight(i)` over the values i near the
  /// threshold, within half a bandwidth. Then calls `map(block)` for each block.
  template <class Scalar, class Weight, class Factor, class Map>
  void sum_near_threshold(const LayerContext<Scalar>& context, const Scalar* x, const Weight& weight,
                          const Factor& factor, const Map& map, GradientSink<Scalar>& sink) const {
    const Partition partition = Partition::of(context);
    partition.reduce_and_map(
        team(context), [&](const Block& b) { sum_block(context, b, x, weight); },
        [&](Index first, Index count, int thread) {
          double derivative[Block::max_lanes] = {};
          for (Index chunk = 0; chunk < partition.chunks(); ++chunk)
            for (Index i = 0; i < count; ++i)
              derivative[i] += context.cache[(1 + chunk) * partition.channels() + first + i];
          for (Index i = 0; i < count; ++i) derivative[i] *= factor(double{context.cache[first + i]});
          auto& scratch = context.pass.workspace.scratch(thread).tile;
          accumulate_gradient(context.first_block, first, count, derivative, scratch, sink);
        },
        map);
  }

  /// The sums of `sum_near_threshold` over one block, into the cache.
  template <class Scalar, class Weight>
  void sum_block(const LayerContext<Scalar>& context, const Block& b, const Scalar* x, const Weight& weight) const {
    const auto half = static_cast<Scalar>(bandwidth / 2);
    Scalar thresholds[Block::max_lanes], sum[Block::max_lanes] = {};
    b.to_lanes(context.cache + b.channel, thresholds);
    b.for_each_line([&](Index first, Index n) {
      for (Index i = 0; i < n; ++i)
        sum[i] += (std::abs)(x[first + i] - thresholds[i]) < half ? weight(first + i) : Scalar(0);
    });
    b.sum_lanes(sum, context.cache + (1 + b.chunk) * b.row_stride + b.channel);
  }
};

}  // namespace eigencoder
