// Dates in text.
#include "support/catch.hpp"

#include <eigencoder/detail/tables/iso_date.hpp>

#include <string>

using namespace eigencoder::detail;

namespace iso_date_test {
namespace {

/// The text of a date that was read, or "" where it was not.
std::string again(const std::string& text) {
  const auto date = parse_date(text);
  return date ? date_text(date->microseconds, date->format) : "";
}

}  // namespace

TEST_CASE("dates are counted from 1970 in the Gregorian calendar") {
  const auto days = [](const std::string& text) { return parse_date(text)->microseconds / microseconds_a_day; };
  CHECK(days("1970-01-01") == 0);
  CHECK(days("1970-01-02") == 1);
  CHECK(days("2000-01-01") == 10957);  // 30 years, 7 of them leap years
  CHECK(days("2000-03-01") == 10957 + 31 + 29);
  CHECK(days("1969-12-31") == -1);
  CHECK(days("0001-01-01") == -719162);
  CHECK(parse_date("1970-01-01T00:00:01.5")->microseconds == 1'500'000);
  CHECK(parse_date("1970-01-01T02:00+02:00")->microseconds == 0);
  CHECK(parse_date("1969-12-31T22:30-0130")->microseconds == 0);
  CHECK(parse_date("1970-01-01T24:00")->microseconds == microseconds_a_day);
  CHECK(parse_date("1970-01-01T24:00:00.0+01:00")->microseconds == 23 * 3'600'000'000);
  CHECK(parse_date("1970-01-01T23:59:60")->microseconds == microseconds_a_day);
  CHECK(parse_date("1970-01-02T05:29:60.5+05:30")->microseconds == microseconds_a_day + 500'000);
  CHECK(parse_date("1970-01-01T01+01") == std::nullopt);
}

TEST_CASE("a date is written as it was read, a time with a difference to UTC in UTC") {
  for (const std::string text :
       {"2024-02-29", "0001-01-01", "9999-12-31", "1900-02-28", "2024-02-29T13:05", "1969-07-20T20:17:40Z",
        "2024-02-29 13:05:59", "2024-02-29T13:05:59.25", "1910-06-22 00:00:00.000001Z", "9999-12-31T23:59:59.999999Z"})
    CHECK(again(text) == text);
  CHECK(again("2024-03-01T01:30+02:00") == "2024-02-29T23:30Z");
  CHECK(again("2024-02-29T23:30-01") == "2024-03-01T00:30Z");
  CHECK(again("2024-02-29T13:05:59,123456789") == "2024-02-29T13:05:59.123456");
}

TEST_CASE("what is no date of ISO 8601 is none") {
  for (const std::string text : {"",
                                 "2024",
                                 "2024-02",
                                 "2024-2-29",
                                 "2023-02-29",
                                 "1900-02-29",
                                 "2024-13-01",
                                 "2024-00-10",
                                 "2024-01-00",
                                 "2024-04-31",
                                 "0000-01-01",
                                 "24-01-01",
                                 "20240101",
                                 "2024/01/01",
                                 "2024-01-01T",
                                 "2024-01-01T24:01",
                                 "2024-01-01T24:00:00.5",
                                 "2024-01-01T25:00",
                                 "2024-01-01T12",
                                 "2024-01-01T12:60",
                                 "2024-01-01T12:00:60",
                                 "2024-01-01T23:59:61",
                                 "2024-01-01T12:00:00.",
                                 "2024-01-01T12:00Zx",
                                 "2024-01-01T12:00+",
                                 "2024-01-01T12:00+2",
                                 "2024-01-01T12:00+24:00",
                                 "2024-01-01x",
                                 "2024-01-01Z",
                                 " 2024-01-01",
                                 "+024-01-01",
                                 "2024-01--1"})
    CHECK(parse_date(text) == std::nullopt);
}

TEST_CASE("a point in time is rounded to what the format shows, within the years 1 to 9999") {
  const std::int64_t noon = microseconds_a_day / 2;
  CHECK(date_text(noon - 1, {}) == "1970-01-01");
  CHECK(date_text(noon, {}) == "1970-01-02");
  CHECK(date_text(-noon - 1, {}) == "1969-12-31");
  CHECK(date_text(29'999'999, {.has_time = true}) == "1970-01-01T00:00");
  CHECK(date_text(30'000'000, {.has_time = true}) == "1970-01-01T00:01");
  CHECK(date_text(-1, {.has_time = true, .has_seconds = true}) == "1970-01-01T00:00:00");
  CHECK(date_text(INT64_C(400000000000000000), {}) == "9999-12-31");
  CHECK(date_text(INT64_C(400000000000000000), {.has_time = true}) == "9999-12-31T23:59");
  CHECK(date_text(INT64_C(-400000000000000000), {.has_time = true}) == "0001-01-01T00:00");
}

}  // namespace iso_date_test
