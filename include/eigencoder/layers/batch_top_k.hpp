#pragma once

#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/kernels/firing.hpp>
#include <eigencoder/detail/kernels/largest.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// SavedForBackward, in training, the k values a sample that are the largest of the whole batch (k times the batch's samples of
/// them; of equal ones the first, sample by sample) and sets the others to zero: one sample may keep more than another.
/// In inference a sample is on its own: all values from a threshold on are kept, which is the running mean of the
/// smallest value that a batch kept. Otherwise as `TopK`. Source: Bussmann, Leask & Nanda, "BatchTopK sparse
/// autoencoders" (2024), section 2, where the threshold is the mean of the smallest *positive* value.
///
///     Encoder<Input<784>, Dense<512>, BatchTopK<25>>
///     BatchTopK{25}, BatchTopK{25, 0.01}             by value, and with another momentum
///
/// The running mean weighs a batch with `momentum` and those before it with 1 - momentum, without a bias toward its
/// beginning: after the first batch it is that batch's value. Before, the threshold is 0. A batch of one is legal.
template <Index K = Dynamic>
struct BatchTopK : detail::LargestK<K> {
  static constexpr bool couples_batch = true;
  static constexpr bool takes_one_sample = true;
  static constexpr bool counts_firing = true;
  static constexpr std::string_view tensors[] = {"samples_since_fired", "threshold"};

  double momentum = 0.1;

  constexpr BatchTopK() = default;
  constexpr explicit BatchTopK(double of_running_mean)
    requires(K != Dynamic)
      : momentum(of_running_mean) {}
  constexpr explicit BatchTopK(Index count, double of_running_mean = 0.1)
    requires(K == Dynamic)
      : detail::LargestK<K>(count), momentum(of_running_mean) {}

  constexpr Text name() const { return detail::LargestK<K>::name("BatchTopK"); }
  void validate() const {
    if (!(momentum > 0 && momentum <= 1)) throw OptionError("eigencoder: BatchTopK.momentum must lie in (0, 1]");
  }
  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add_statistics(position, in.size(), 0, {detail::counted_range});
    layout.add_statistics(position, 2, 0, {ValueRange{}, nonnegative});  // the threshold, and the weight of the batches in it
  }
  /// Whether each value was kept, 1 or 0.
  Index cache_size(Shape in, Index batch) const { return in.size() * batch; }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    if (!context.pass.training) {
      const Scalar threshold = context.statistics[1][0];
      const Index n = context.shape.size();
      return detail::for_each_sample(context, [&](Index j) {
        for (Index i = j * n; i < (j + 1) * n; ++i) y[i] = x[i] < threshold ? Scalar(0) : x[i];
      });
    }
    const Scalar least = detail::keep_largest(x, context.values(), this->k * context.pass.batch, y, context.cache);
    if (context.updated[1]) move(context.updated[1], least);
    detail::count_firing(context, y);
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    detail::pass_kept(context, dy, dx);
  }

 private:
  template <class Scalar>
  void move(Scalar* running, Scalar least) const {
    const double threshold = running[0], weight = (1 - momentum) * running[1] + momentum;
    running[0] = static_cast<Scalar>(threshold + momentum / weight * (least - threshold));
    running[1] = static_cast<Scalar>(weight);
  }
};

BatchTopK(Index) -> BatchTopK<>;
BatchTopK(Index, double) -> BatchTopK<>;

}  // namespace eigencoder
