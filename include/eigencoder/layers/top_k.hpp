#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/kernels/keep_largest.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>

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

}  // namespace eigencoder
