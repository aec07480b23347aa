#pragma once

#include <algorithm>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/extend/custom_layer.hpp>

/// @file
/// Selection of the largest values: what `TopK` and `BatchTopK` share.
namespace eigencoder::detail {

/// The order by which values are selected: what is not a number comes first, so that it shows.
template <class Scalar>
bool comes_first(Scalar a, Scalar b) {
  return a > b || (a != a && b == b);
}

/// The k-th largest of n values, 0 < k <= n. `scratch` holds n values and does not overlap x.
template <class Scalar>
Scalar kth_largest(const Scalar* x, Index n, Index k, Scalar* scratch) {
  const auto order = [](Scalar a, Scalar b) { return comes_first(a, b); };
  if (k <= n / 16) {  // a heap of the few best so far, at which most values stop
    std::partial_sort_copy(x, x + n, scratch, scratch + k, order);
  } else {
    std::copy_n(x, n, scratch);
    std::nth_element(scratch, scratch + k - 1, scratch + n, order);
  }
  return scratch[k - 1];
}

/// y = the k largest of the n values x, of equal ones the first, and 0 elsewhere. `kept`, unless null, is 1 where one
/// was kept and 0 elsewhere. Returns the smallest kept. Nothing overlaps.
template <class Scalar>
Scalar keep_largest(const Scalar* x, Index n, Index k, Scalar* y, Scalar* kept) {
  const Scalar least = kth_largest(x, n, k, y);
  Index places = k;  // for values equal to the least
  for (Index i = 0; i < n; ++i) places -= comes_first(x[i], least);
  for (Index i = 0; i < n; ++i) {
    const bool wins = comes_first(x[i], least), ties = !wins && !comes_first(least, x[i]);
    const bool stays = wins || (ties && places > 0);
    places -= stays && ties;
    y[i] = stays ? x[i] : Scalar(0);
    if (kept) kept[i] = stays;
  }
  return least;
}

/// y = r where the cache, which has a value for each, is not 0, and 0 elsewhere.
template <class Scalar>
void pass_kept(const LayerContext<Scalar>& context, const Scalar* r, Scalar* y) {
  const Index n = context.shape.size();
  for_each_sample(context, [&](Index j) {
    for (Index i = j * n; i < (j + 1) * n; ++i) y[i] = context.cache[i] != 0 ? r[i] : Scalar(0);
  });
}

/// How many values a layer keeps: a template argument, or a value where that is `Dynamic`.
template <Index K>
struct LargestK {
  Index k = K;

  /// As what enters. Where k is a value, a type does not tell whether it fits: then the channels are left open.
  constexpr Shape output(Shape in) const {
    if (!in.is_possible() || Shape::checked(k) == Shape::impossible) return Shape::none();
    if (in.is_static() && k > in.size()) return Shape::none();
    return k == Dynamic ? Shape{in.height, in.width, Dynamic} : in;
  }
  /// "at least 8 values"
  constexpr Text wanted() const {
    return k > 0 ? Text::of("at least ", Shape::flat(k).in_words()) : Text("a positive k");
  }

 protected:
  constexpr LargestK() = default;
  constexpr explicit LargestK(Index count) : k(count) {}

  /// "TopK<8>", "TopK{8}"
  constexpr Text name(std::string_view kind) const {
    if (k == Dynamic) return Text::of(kind, "<Dynamic>");
    return Text::of(kind, K == Dynamic ? "{" : "<", static_cast<long long>(k), K == Dynamic ? "}" : ">");
  }
};

}  // namespace eigencoder::detail
