#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/math/bits.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include <string_view>

/// @file
/// The checks of data before it is used. In messages, `what` names the function and argument that got it.
namespace eigencoder::detail {

[[noreturn, gnu::cold]] inline void throw_wrong_rows(Index rows, Index cols, Index expected, const char* what) {
  throw ShapeError(message({what, ": got ", rows, " x ", cols, " (values x samples), expected ", expected,
                            " values a sample, one sample a column"}));
}
/// What to do about NaN, as messages end.
///@{
inline constexpr const char *needs_missing_values = "; unknown values need the policy MissingValues",
                            *may_be_skipped = "; with Unknown::skipped the known values count";
///@}

[[noreturn, gnu::cold]] inline void throw_not_finite(Index sample, Index value, bool nan, const char* what,
                                                     const char* remedy = "") {
  throw DataError(message(
      {what, ": sample ", sample, " holds ", nan ? "NaN" : "infinity", " at value ", value, nan ? remedy : ""}));
}
[[noreturn, gnu::cold]] inline void throw_out_of_range(Index sample, std::string_view loss,
                                                       std::string_view range, const char* what) {
  throw DataError(
      message({what, ": sample ", sample, " is outside the range of ", loss, ", which takes ", range}));
}

/// @throws DataError for no samples, ShapeError for samples of another number of values than `rows`.
template <class Scalar>
void check_rows(View<Scalar> data, Index rows, const char* what) {
  if (data.cols() == 0) throw DataError(message({what, ": no samples"}));
  if (data.rows() != rows) throw_wrong_rows(data.rows(), data.cols(), rows, what);
}
/// Whether no value is NaN or infinite. Only these have all exponent bits set, so that adding 1 to the exponent carries
/// into the sign. Floating-point arithmetic is no alternative: a program may trap it, and
/// `-fno-signed-zeros` turns v * 0 into 0.
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

/// The same of a data set.
template <class Scalar>
bool is_finite(View<Scalar> data) {
  std::atomic<bool> finite = true;
  const auto look = [&](Index j, int) {
    if (!is_finite(data.column(j), data.rows())) finite = false;
  };
  if (data.rows() * data.cols() > 65536) parallel_samples(data.cols(), data.rows(), threads(), look);
  else for (Index j = 0; j < data.cols(); ++j) look(j, 0);
  return finite;
}

/// @throws DataError for the first NaN or infinity of a sample, whose index in the data set is `index`. For NaN the
///         message ends with `remedy`.
template <class Scalar>
void check_finite(const Scalar* sample, Index rows, Index index, const char* what, const char* remedy = "") {
  if (is_finite(sample, rows)) return;
  for (Index i = 0; i < rows; ++i)
    if (!std::isfinite(sample[i])) throw_not_finite(index, i, std::isnan(sample[i]), what, remedy);
}
/// The same of a data set.
template <class Scalar>
void check_finite(View<Scalar> data, const char* what, const char* remedy = "") {
  if (is_finite(data)) return;
  for (Index j = 0; j < data.cols(); ++j) check_finite(data.column(j), data.rows(), j, what, remedy);
}

/// @throws DataError for the first infinity of a sample that may have unknown values, which are NaN, or where it has no
///         others; its index in the data set is `index`.
template <class Scalar>
void check_known(const Scalar* sample, Index rows, Index index, const char* what) {
  if (is_finite(sample, rows)) return;
  Index known = 0;
  for (Index i = 0; i < rows; ++i) {
    if (std::isinf(sample[i])) throw_not_finite(index, i, false, what);
    known += std::isnan(sample[i]) ? 0 : 1;
  }
  if (known == 0) throw DataError(message({what, ": sample ", index, " has no known value"}));
}
/// The same of a data set.
template <class Scalar>
void check_known(View<Scalar> data, const char* what) {
  if (is_finite(data)) return;
  for (Index j = 0; j < data.cols(); ++j) check_known(data.column(j), data.rows(), j, what);
}
/// @throws DataError for a value that is unknown in all samples.
template <class Scalar>
[[gnu::cold]] void check_known_values(View<Scalar> data, const char* what) {
  for (Index i = 0; i < data.rows(); ++i) {
    Index j = 0;
    while (j < data.cols() && std::isnan(data.column(j)[i])) ++j;
    if (j == data.cols()) throw DataError(message({what, ": value ", i, " is unknown in all samples"}));
  }
}

}  // namespace eigencoder::detail
