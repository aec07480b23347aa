#pragma once

#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>

namespace eigencoder {

/// A policy that changes training samples on their way in, such as `Augmented`: `apply(from, to, spare, shape, random)`
/// writes the changed sample of `shape` from `from` to `to`, which do not overlap, and may use `spare`, which is as
/// long. `random` is keyed by step and sample: the same draws for an input and its target. A model has one
/// at most.
template <class P>
concept Augments = Policy<P> && requires(const P& policy, float* values, Shape shape, Random& random) {
  policy.apply(values, values, values, shape, random);
};

}  // namespace eigencoder
