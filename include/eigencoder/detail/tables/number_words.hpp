#pragma once

#include <charconv>
#include <eigencoder/detail/files/number_text.hpp>
#include <string>

/// @file
/// Numbers as the cells of a table show them.
namespace eigencoder::detail {

/// The shortest decimal number that rounds to this finite value: "0.1", "-3", "1e+30".
template <class Scalar>
std::string number_word(Scalar value) {
  char digits[64];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// A value that was computed in `Scalar` without the digits that `Scalar` cannot hold: 0.1F becomes 0.1, not
/// 0.10000000149.
template <class Scalar>
double without_excess_digits(double value) {
  double nearest = value;
  return parse_number(number_word(static_cast<Scalar>(value)), nearest) == NumberText::number ? nearest : value;
}

}  // namespace eigencoder::detail
