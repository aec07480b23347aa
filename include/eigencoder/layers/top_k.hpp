#pragma once

#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/kernels/firing.hpp>
#include <eigencoder/detail/kernels/largest.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// SavedForBackward the k largest values of each sample (of an image: over all positions and channels) and sets the others to
/// zero; of equal ones the first stay. The gradient passes where a value was kept. Source: Makhzani & Frey, "k-sparse
/// autoencoders" (2013), section 2.1.
///
///     Encoder<Input<784>, Dense<512>, TopK<25>>
///     TopK{25}                                     the same by value
///
/// The values are kept as they are, negative ones too; put `Relu` behind to have none (Gao et al. 2024, "Scaling and
/// evaluating sparse autoencoders", section 2.3). Counts firing, see `CountsFiring`.
template <Index K = Dynamic>
struct TopK : detail::LargestK<K> {
  static constexpr bool couples_batch = false;
  static constexpr bool counts_firing = true;
  static constexpr std::string_view tensors[] = {"samples_since_fired"};

  constexpr TopK() = default;
  constexpr explicit TopK(Index count)
    requires(K == Dynamic)
      : detail::LargestK<K>(count) {}

  constexpr Text name() const { return detail::LargestK<K>::name("TopK"); }
  void validate() const {}
  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add_statistics(position, in.size(), 0, {detail::counted_range});
  }
  /// Whether each value was kept, 1 or 0.
  Index cache_size(Shape in, Index batch) const { return in.size() * batch; }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    const Index n = context.shape.size();
    detail::for_each_sample(context, [&](Index j) {
      detail::keep_largest(x + j * n, n, this->k, y + j * n, context.cache ? context.cache + j * n : nullptr);
    });
    detail::count_firing(context, y);
  }
  template <class Scalar>
  void backward(const LayerContext<Scalar>& context, const Scalar* x, const Scalar* dy, Scalar* dx,
                GradientSink<Scalar>&) const {
    vjp(context, x, dy, dx);
  }

  template <class Scalar>
  void jvp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* r, Scalar* y) const {
    detail::pass_kept(context, r, y);
  }
  template <class Scalar>
  void vjp(const LayerContext<Scalar>& context, const Scalar*, const Scalar* dy, Scalar* dx) const {
    detail::pass_kept(context, dy, dx);
  }
};

TopK(Index) -> TopK<>;

}  // namespace eigencoder
