#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/kernels/keep_largest.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>

/// @file
/// Layers that keep the largest values, of each sample or of a batch, and set the others to zero.
namespace eigencoder {

/// Base of `TopK` and `BatchTopK`: the number of values to keep (a template argument or, where that is `Dynamic`, a
/// value) and the mask of the values kept.
template <Index K>
struct TopKBase {
  Index k = K;  ///< values kept of each sample

  constexpr TopKBase() = default;
  /// By value: `TopK{25}`.
  constexpr explicit TopKBase(Index count)
    requires(K == Dynamic)
      : k(count) {}

  /// As every `CustomLayer` that `CountsFiring`.
  ///@{
  static constexpr bool counts_firing = true;

  /// The input's shape. Where k is not known yet, neither is whether it fits: the channels stay `Dynamic`.
  constexpr Shape output(Shape in) const {
    if (!in.is_possible() || Shape::checked(k) == Shape::impossible) return Shape::none();
    if (in.is_static() && k > in.size()) return Shape::none();
    return k == Dynamic ? Shape{in.height, in.width, Dynamic} : in;
  }
  /// "at least 8 values"
  constexpr Text expected_input() const {
    return k > 0 ? Text::of("at least ", Shape::flat(k).in_words()) : Text("a positive k");
  }
  /// The mask: 1 where a value was kept, 0 elsewhere.
  Index cache_size(Shape in, Index batch) const { return in.size() * batch; }

  /// dx is dy where a value was kept, and 0 elsewhere.
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    detail::apply_mask(context, dy, dx);
  }
  ///@}

 protected:
  /// "TopK<8>", "TopK{8}"
  constexpr Text name_of(std::string_view layer) const {
    return detail::spelled_type(layer, K == Dynamic && k != Dynamic, {k});
  }
};

/// Keeps the k largest values of each sample (of an image: over all positions and channels) and sets the others to
/// zero. Of ties the first are kept. The gradient passes where a value was kept. Source: Makhzani & Frey,
/// "k-sparse autoencoders" (2013), section 2.1.
///
///     Encoder<Input<784>, Dense<512>, TopK<25>>
///     TopK{25}                                     the same by value
///
/// Negative values are kept too if they are among the largest; a `Relu` after it removes them (Gao et al. 2024,
/// "Scaling and evaluating sparse autoencoders", section 2.3). Counts firing, see `CountsFiring`.
template <Index K = Dynamic>
struct TopK : TopKBase<K> {
  using TopKBase<K>::TopKBase;

  /// As every `CustomLayer`; `Differentiable`, with the selection held fixed.
  ///@{
  static constexpr bool couples_batch = false;
  static constexpr std::string_view tensors[] = {"samples_since_fired"};

  constexpr Text name() const { return this->name_of("TopK"); }
  void validate() const {}
  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add_statistics(position, in.size(), 0, {detail::counted_range});
  }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    const Index n = context.shape.size();
    detail::for_each_sample(context, [&](Index j) {
      Scalar* const mask = context.cache ? context.cache + j * n : nullptr;
      detail::keep_largest(x + j * n, n, this->k, y + j * n, mask);
    });
    detail::count_firing(context, y);
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    detail::apply_mask(context, dy, dx);
  }
  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* r, Scalar* y) const {
    detail::apply_mask(context, r, y);
  }
  ///@}
};

TopK(Index) -> TopK<>;

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
/// Where the layer is `Frozen`, training uses the threshold too.
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
    if (!context.pass.training || context.frozen) {
      const Scalar threshold = context.statistics[1][0];
      const Index n = context.shape.size();
      return detail::for_each_sample(context, [&](Index j) {
        for (Index i = j * n; i < (j + 1) * n; ++i) y[i] = x[i] < threshold ? Scalar(0) : x[i];
        for (Index i = j * n; context.cache && i < (j + 1) * n; ++i) context.cache[i] = x[i] < threshold ? 0 : 1;
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
