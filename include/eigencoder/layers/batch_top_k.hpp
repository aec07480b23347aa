#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/kernels/keep_largest.hpp>
#include <eigencoder/layers/top_k.hpp>

namespace eigencoder {

/// `TopK` over a whole batch: in training it keeps the k n largest values of a batch of n samples (ties: the first) and
/// sets the others to zero, so that one sample may keep more values than another. In inference, where a sample is
/// alone, it keeps all values from a threshold on: the running mean of the smallest value that each batch kept.
/// Otherwise as `TopK`. Source: Bussmann, Leask & Nanda, "BatchTopK sparse autoencoders" (2024), section 2, where
/// the threshold is the mean of the smallest *positive* value.
///
///     Encoder<Input<784>, Dense<512>, BatchTopK<25>>
///     BatchTopK{25}, BatchTopK{25, 0.01}             by value, and with another momentum
///
/// The running mean weighs a new batch with `momentum` and all earlier ones with 1 - momentum. It is corrected for its
/// start: after the first batch it equals that batch's value. Before, the threshold is 0. A batch of one is legal.
template <Index K = Dynamic>
struct BatchTopK : TopKBase<K> {
  double momentum = 0.1;  ///< of the threshold's running mean, in (0, 1]

  constexpr BatchTopK() = default;
  /// A static k and a momentum.
  constexpr explicit BatchTopK(double threshold_momentum)
    requires(K != Dynamic)
      : momentum(threshold_momentum) {}
  /// By value.
  constexpr explicit BatchTopK(Index count, double threshold_momentum = 0.1)
    requires(K == Dynamic)
      : TopKBase<K>(count), momentum(threshold_momentum) {}

  /// As every `CustomLayer`.
  ///@{
  static constexpr bool couples_batch = true;
  static constexpr bool takes_one_sample = true;
  static constexpr std::string_view tensors[] = {"samples_since_fired", "threshold"};

  constexpr Text name() const { return this->name_of("BatchTopK"); }
  /// @throws OptionError for a momentum outside (0, 1].
  void validate() const {
    detail::require_positive_fraction("BatchTopK.momentum", momentum);
  }
  /// The second block of statistics is the threshold, and the total weight of the batches in its running mean.
  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add_statistics(position, in.size(), 0, {detail::counted_range});
    layout.add_statistics(position, 2, 0, {ValueRange{}, nonnegative});
  }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    if (!context.pass.training) {
      const Scalar threshold = context.statistics[1][0];
      const Index n = context.shape.size();
      return detail::for_each_sample(context, [&](Index j) {
        for (Index i = j * n; i < (j + 1) * n; ++i) y[i] = x[i] < threshold ? Scalar(0) : x[i];
      });
    }
    const Scalar smallest = detail::keep_largest(x, context.values(), this->k * context.pass.batch, y, context.cache);
    if (context.updated[1]) update_threshold(context.updated[1], smallest);
    detail::count_firing(context, y);
  }
  ///@}

 private:
  template <class Scalar>
  void update_threshold(Scalar* statistics, Scalar smallest) const {
    const double threshold = statistics[0], weight = (1 - momentum) * statistics[1] + momentum;
    statistics[0] = static_cast<Scalar>(threshold + momentum / weight * (smallest - threshold));
    statistics[1] = static_cast<Scalar>(weight);
  }
};

BatchTopK(Index) -> BatchTopK<>;
BatchTopK(Index, double) -> BatchTopK<>;

}  // namespace eigencoder
