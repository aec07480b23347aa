#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/view.hpp>

namespace eigencoder {

/// Returns the samples after a corruption, to show them or to evaluate a model on them. Sample j has its own random
/// numbers, those of `Random(seed, Purpose::corruption, 1, 0, j)`, for any number of threads.
///
///     const auto noisy = corrupted(test.samples, test.shape, Masking{.rate = 0.5});
///
/// @param samples     one sample a column: a `View`, a stored Eigen matrix or vector, or a `Dataset`
/// @param shape       of one sample, with all sizes known
/// @param corruption  a `Corruption`, a policy that corrupts, or a function; here also a lambda with captures. It is
///                    called by several threads at once
/// @param seed        of the random numbers
/// @throws ShapeError unless the samples have `shape`
/// @throws DataError for no samples, for more than 4294967295, and for NaN or infinity
/// @throws OptionError for hyperparameters outside their ranges
/// @throws CompositionError for a corruption that cannot be applied to the shape
template <class Scalar, class C>
MatrixX<Scalar> corrupted(View<Scalar> samples, Shape shape, const C& corruption, std::uint64_t seed = 0) {
  if (!shape.is_possible() || !shape.is_static())
    throw ShapeError(detail::message({"corrupted: a sample needs known sizes, not ", shape.text().view()}));
  detail::check_rows(samples, shape.size(), "corrupted: samples");
  detail::require_countable(samples.cols(), "corrupted");
  detail::check_finite(samples, "corrupted: samples");
  validate_corruption(corruption);
  diagnose_corruption(corruption, shape).require_ok();

  MatrixX<Scalar> out = samples.matrix();
  detail::parallel_tiles(out.cols(), 16, threads(), [&](Index first, Index count, int) {
    for (Index j = first; j < first + count; ++j) {
      Random random(seed, Purpose::corruption, 1, 0, static_cast<std::uint32_t>(j));  // training uses position 0
      corrupt_with(corruption, out.data() + j * out.rows(), shape, random);
    }
  });
  return out;
}

/// The same for a stored Eigen matrix or a vector, which is one sample.
template <class Derived, class C>
MatrixX<typename Derived::Scalar> corrupted(const Eigen::MatrixBase<Derived>& samples, Shape shape,
                                            const C& corruption, std::uint64_t seed = 0) {
  return corrupted(View<typename Derived::Scalar>(samples), shape, corruption, seed);
}

/// The same for a data set. `shape` is the shape in which the corruption sees a sample, usually `data.shape`.
template <class Scalar, class C>
MatrixX<Scalar> corrupted(const Dataset<Scalar>& data, Shape shape, const C& corruption, std::uint64_t seed = 0) {
  return corrupted(View<Scalar>(data), shape, corruption, seed);
}

}  // namespace eigencoder
