#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/pass.hpp>

/// @file
/// Loops for layers, losses and policies of your own, on the threads of a pass. Small loops run on the calling thread.
/// What a call of `run` computes must depend on its arguments alone, so that results do not depend on the number of
/// threads. In these loops subnormal numbers count as 0. The first exception that `run` throws is rethrown.
namespace eigencoder {

/// Calls `run(j)` once for each column j of the pass, a sample or one of its draws, of `values` values each.
template <class Scalar, class Run>
void for_each_sample(const Pass<Scalar>& pass, Index values, const Run& run) {
  detail::parallel_columns(pass, values, 8, run);
}

/// Divides `size` values into slices and calls `run(first, count)` once for each: values first, ..., first + count - 1.
/// The slices depend on `size` alone.
template <class Scalar, class Run>
void for_each_slice(const Pass<Scalar>& pass, Index size, const Run& run) {
  detail::parallel_slices(pass, size, 8, run);
}

}  // namespace eigencoder
