#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/math/bits.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/view.hpp>
#include <string_view>

/// @file
/// The checks that data passes before anything else happens to it.
namespace eigencoder::detail {

[[noreturn, gnu::cold]] inline void wrong_rows(Index rows, Index cols, Index wanted, const char* what) {
  throw ShapeError(message({what, ": got ", rows, " x ", cols, " (values x samples), wanted ", wanted,
                            " values a sample, one sample a column"}));
}
[[noreturn, gnu::cold]] inline void not_finite(Index sample, Index value, bool nan, const char* what) {
  throw DataError(message({what, ": sample ", sample, " holds ", nan ? "NaN" : "infinity", " at value ", value}));
}
[[noreturn, gnu::cold]] inline void out_of_range(Index sample, std::string_view loss, std::string_view range,
                                                 const char* what) {
  throw DataError(
      message({what, ": sample ", sample, " is outside the range of ", loss, ", which takes ", range}));
}

/// Throws `DataError` for an empty set and `ShapeError` unless the samples have `rows` values.
template <class Scalar>
void check_rows(View<Scalar> data, Index rows, const char* what) {
  if (data.cols() == 0) throw DataError(message({what, ": no samples"}));
  if (data.rows() != rows) wrong_rows(data.rows(), data.cols(), rows, what);
}
/// Whether none of some values is NaN or infinite. Only those have all bits of the exponent set, so that adding 1 to it
/// carries into the sign. Arithmetic would not do: a program may trap it, and `-fno-signed-zeros` turns v * 0 into 0.
template <class Scalar>
bool is_finite(const Scalar* values, Index count) {
  using Format = detail::math::Format<Scalar>;
  using Bits = typename Format::Bits;
  constexpr Bits one = Bits{1} << Format::mantissa, sign = Bits{1} << (8 * sizeof(Bits) - 1);
  constexpr Bits exponent = sign - one;
  Bits carried = 0;
  for (Index i = 0; i < count; ++i) carried |= (std::bit_cast<Bits>(values[i]) & exponent) + one;
  return (carried & sign) == 0;
}

/// Throws `DataError` for the first NaN or infinity among the values of a sample, which is at `place` in its data set.
template <class Scalar>
void check_finite(const Scalar* sample, Index rows, Index place, const char* what) {
  if (is_finite(sample, rows)) return;
  for (Index i = 0; i < rows; ++i)
    if (!std::isfinite(sample[i])) not_finite(place, i, std::isnan(sample[i]), what);
}
template <class Scalar>
void check_finite(View<Scalar> data, const char* what) {
  std::atomic<bool> known_finite = false;
  if (data.rows() * data.cols() > 65536) {
    known_finite = true;
    parallel_samples(data.cols(), data.rows(), threads(), [&](Index j, int) {
      if (!is_finite(data.column(j), data.rows())) known_finite = false;
    });
  }
  for (Index j = 0; !known_finite && j < data.cols(); ++j) check_finite(data.column(j), data.rows(), j, what);
}

/// Throws `DataError` for a target outside the loss's range.
template <class Scalar, class Loss>
void check_range(const Scalar* target, Index rows, const Loss& loss, Index channels, Index place, const char* what) {
  if (!loss.is_valid_target(target, rows, channels)) out_of_range(place, Loss::name, Loss::range, what);
}
template <class Scalar, class Loss>
void check_range(View<Scalar> targets, const Loss& loss, Index channels, const char* what) {
  for (Index j = 0; j < targets.cols(); ++j)
    check_range(targets.column(j), targets.rows(), loss, channels, j, what);
}

}  // namespace eigencoder::detail
