#include <bit>
#include <charconv>
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <eigencoder/extend/random.hpp>
#include <limits>
#include <string>

#include "support/catch.hpp"

#if __has_include(<unistd.h>) && !defined(_WIN32) && defined(__cpp_lib_to_chars)
#include <eigencoder/detail/files/read_decimal.hpp>

using namespace eigencoder;

namespace {

/// The number that the standard library reads, if the whole text is one.
std::errc read_by_standard(const std::string& text, double& value) {
  double read = value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error == std::errc() && end != text.data() + text.size()) return std::errc::invalid_argument;
  value = read;
  return error;
}

void check(const std::string& text) {
  double value = 1, expected = 1;
  const std::errc error = detail::read_decimal(text, value);
  INFO(text);
  REQUIRE(error == read_by_standard(text, expected));
  if (std::isnan(expected) || std::isinf(expected)) REQUIRE_FALSE(std::isfinite(value));
  else REQUIRE(std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(expected));
}

std::string printed(double value, int digits) {
  char text[1200];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.*e", digits, value))};
}

}  // namespace

TEST_CASE("a text is a number where std::from_chars says so") {
  for (const char* text :
       {"", "-", "+1", " 1", "1 ", "1", "-0", "00012", "1.", ".5", ".", "-.", "1.5.2", "1,5", "1e5", "1e", "1e+",
        "1E-3", "1e5x", "e5", "0x10", "1f", "--1", "inf", "-INF", "Infinity", "infinite", "nan", "-NaN", "nan()",
        "nan(a_1)", "nan(", "nan(a-b)", "nan(a)b", "1e400", "-1e400", "1e-400", "0e-400", "0.000e999", "1e99999999999",
        "1e-99999999999", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2e-324",
        "1.7976931348623158e308", "1.7976931348623159e308", "2.2250738585072011e-308", "9007199254740993",
        "9007199254740992.999999999999"})
    check(text);
}

TEST_CASE("a number is read to its last bit: of any size, with few digits and many, half way between two") {
  Random random(7, Purpose::user);
  for (int i = 0; i < 3000; ++i) {
    const auto bits = random.next();
    const double value = std::bit_cast<double>(i % 4 == 0 ? bits & 0x800FFFFFFFFFFFFFU : bits);  // some are subnormal
    if (!std::isfinite(value)) continue;
    for (const int digits : {0, 5, 15, 16, 17, 40}) check(printed(value, digits));
    // Half way to the next one, which takes at most 770 digits, and a little more or less.
    const double next = std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) + 1);
    if (!std::isfinite(next) || std::abs(value) > 1e300 || i % 10 != 0) continue;
    const long double half = (static_cast<long double>(value) + static_cast<long double>(next)) / 2;
    char text[1200];
    std::snprintf(text, sizeof text, "%.780Le", half);
    std::string middle = text;
    check(middle);
    const auto last = middle.find('e') - 1;
    middle[last] = '1';
    check(middle);
  }
}

TEST_CASE("a number is read alike where the program's locale has a comma") {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  bool comma = false;
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"})
    comma = comma || (std::setlocale(LC_NUMERIC, name) != nullptr && *std::localeconv()->decimal_point == ',');
  check("2.5");
  check("2,5");
  std::setlocale(LC_NUMERIC, before.c_str());
  if (!comma) WARN("skipped: no locale with a decimal comma is installed");
}

#else

TEST_CASE("there is no other reader to compare with here") { SUCCEED("skipped"); }

#endif
