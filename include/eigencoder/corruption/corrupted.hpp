#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/corruption.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>

namespace eigencoder {

/// The samples after a corruption, to look at or to see what a model makes of them. Sample j has draws of its own,
/// those of `Random(seed, Purpose::corruption, 0, 0, j)`, whatever the number of threads.
///
///     const auto noisy = corrupted(test.samples, test.shape, Masking{.rate = 0.5});
///
/// @param samples     one a column: a `View`, a stored Eigen matrix or vector, or a `Dataset`
/// @param shape       of one sample, all sizes known
/// @param corruption  a `Corruption`, a policy that corrupts, or a function, which may be called by several threads at
///                    once; here also a lambda that captures
/// @throws ShapeError unless the samples have `shape`
/// @throws DataError for no samples, more than 4294967295, NaN or infinity
/// @throws OptionError for hyperparameters out of range
/// @throws CompositionError for a corruption that does not suit the shape
template <class Scalar, class C>
MatrixX<Scalar> corrupted(View<Scalar> samples, Shape shape, const C& corruption, std::uint64_t seed = 0) {
  if (!shape.is_possible() || !shape.is_static())
    throw ShapeError(detail::message({"corrupted: a sample needs known sizes, not ", shape.text().view()}));
  detail::check_rows(samples, shape.size(), "corrupted: samples");
  if (static_cast<std::uint64_t>(samples.cols()) > (std::numeric_limits<std::uint32_t>::max)())
    throw DataError(detail::message({"corrupted: ", samples.cols(), " samples, the most are 4294967295"}));
  detail::check_finite(samples, "corrupted: samples");
  detail::validate_corruption(corruption);
  detail::diagnose_corruption(corruption, shape).require_ok();

  MatrixX<Scalar> out = samples.matrix();
  detail::parallel_tiles(out.cols(), 16, threads(), [&](Index first, Index count, int) {
    for (Index j = first; j < first + count; ++j) {
      Random random(seed, Purpose::corruption, 1, 0, static_cast<std::uint32_t>(j));  // not those of training
      corrupt_with(corruption, out.data() + j * out.rows(), shape, random);
    }
  });
  return out;
}

/// The same of a stored Eigen matrix, or of a vector, which is one sample.
template <class Derived, class C>
MatrixX<typename Derived::Scalar> corrupted(const Eigen::MatrixBase<Derived>& samples, Shape shape,
                                            const C& corruption, std::uint64_t seed = 0) {
  return corrupted(View<typename Derived::Scalar>(samples), shape, corruption, seed);
}

/// The same of a data set; `shape` is how the corruption is to see a sample, `data.shape` as a rule.
template <class Scalar, class C>
MatrixX<Scalar> corrupted(const Dataset<Scalar>& data, Shape shape, const C& corruption, std::uint64_t seed = 0) {
  return corrupted(View<Scalar>(data), shape, corruption, seed);
}

}  // namespace eigencoder
