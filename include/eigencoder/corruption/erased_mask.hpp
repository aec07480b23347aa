#pragma once

#include <cstdint>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/view.hpp>
#include <type_traits>

/// @file
/// Inpainting: which values a corruption erased, and the known ones put back into what a model made of the rest.
namespace eigencoder {

/// A corruption that replaces some values by others that tell nothing about them, and knows which: `BlockErasure`,
/// `Masking`, or one of your own.
///
/// - `mark_erased(mask, shape, random)`, a const template on the scalar: writes 1 to each value of the mask, of `shape`
///   and 0 before, that `corrupt` would replace with the same draws. It takes as many draws.
template <class C>
concept Erases = NamedCorruption<C> && requires(const C& corruption, float* mask, Shape shape, Random& random) {
  corruption.mark_erased(mask, shape, random);
};

/// The masks of samples that `corrupted` returns for the same shape, corruption and seed, sample by sample: 1 where a
/// value was erased, also where it was replaced by an equal one, otherwise 0.
///
///     const BlockErasure hole{.height = 16, .width = 16};
///     const auto holed = corrupted(test, test.shape, hole, 7);
///     const auto mask = erased_mask(test.samples.cols(), test.shape, hole, 7);
///     const auto filled = copy_known(model.reconstruct(holed), test, mask);
///
/// @param samples     how many masks to return, at least 1
/// @param shape       of one sample, with all sizes known
/// @param corruption  one that `Erases`
/// @param seed        of the random numbers
/// @throws ShapeError, DataError, OptionError, CompositionError as `corrupted` does
template <class Scalar = float, Erases C>
MatrixX<Scalar> erased_mask(Index samples, Shape shape, const C& corruption, std::uint64_t seed = 0) {
  validate_corruption(corruption);
  diagnose_corruption(corruption, shape).require_ok();
  const Index values = shape.is_static() && shape.is_possible() ? shape.size() : 0;
  const auto mark = [&](Scalar* mask, Shape image, Random& random) { corruption.mark_erased(mask, image, random); };
  return corrupted(MatrixX<Scalar>(MatrixX<Scalar>::Zero(values, samples > 0 ? samples : 0)), shape, mark, seed);
}

/// The results with the values of the originals where the mask is 0, bit for bit. Each set may be a `View`, a stored
/// Eigen matrix or a `Dataset`; all have the same scalar.
/// @param result    what a model made, one sample a column
/// @param original  the samples, corrupted or not, whose known values are right
/// @param mask      0 where a value is known, as of `erased_mask`
/// @throws ShapeError where the sizes of the sets differ
/// @throws DataError where the mask holds NaN or infinity
template <class R, class O, class M>
auto copy_known(const R& result, const O& original, const M& mask) {
  const View made(result);
  const decltype(View(result)) known(original), erased(mask);
  using Scalar = std::remove_cvref_t<decltype(*made.data())>;
  for (const auto& set : {known, erased})
    if (set.rows() != made.rows() || set.cols() != made.cols())
      throw ShapeError(detail::message({"copy_known: got ", set.rows(), " x ", set.cols(), " values for a result of ",
                                        made.rows(), " x ", made.cols()}));
  detail::check_finite(erased, "copy_known: the mask");
  MatrixX<Scalar> out(made.rows(), made.cols());
  for (Index j = 0; j < out.cols(); ++j)
    for (Index i = 0; i < out.rows(); ++i)
      out(i, j) = erased.column(j)[i] == 0 ? known.column(j)[i] : made.column(j)[i];
  return out;
}

}  // namespace eigencoder
