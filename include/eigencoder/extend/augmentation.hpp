#pragma once

#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>

namespace eigencoder {

/// A policy that changes training samples before the model sees them, such as `Augmented`. A model has one at most.
///
/// Required, beside the members of a `Policy`:
///
/// - `apply(from, to, scratch, shape, random)`, a const template on the scalar: writes the changed sample of `shape`
///   from `from` to `to`. `from`, `to` and `scratch` hold `shape.size()` values each and do not overlap; `scratch` may
///   be overwritten. `random` is keyed by step and sample, so that an input and its target get the same draws.
template <class P>
concept Augments = Policy<P> && requires(const P& policy, float* values, Shape shape, Random& random) {
  policy.apply(values, values, values, shape, random);
};

}  // namespace eigencoder
