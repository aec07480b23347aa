#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

/// @file
/// Dates and times of the day in text. Source: ISO 8601, in the extended format with the Gregorian calendar:
/// 2024-02-29, 2024-02-29T13:05, 2024-02-29 13:05:59.25Z, 2024-02-29T13:05:59+02:00.
namespace eigencoder::detail {

/// What a date is written with.
struct DateFormat {
  bool has_time = false;     ///< hours and minutes
  bool has_seconds = false;  ///< in a time
  int digits = 0;            ///< of the fraction of a second, at most 6
  bool utc = false;          ///< a time ends in Z
  char separator = 'T';      ///< between date and time

  friend bool operator==(const DateFormat&, const DateFormat&) = default;
};

/// A point in time and how it was written. A time without a difference to UTC counts as one in UTC.
struct IsoDate {
  std::int64_t microseconds = 0;  ///< since 1970-01-01T00:00Z
  DateFormat format = {};
};

inline constexpr std::int64_t microseconds_a_day = 86'400'000'000;

/// Reads what it is asked for from the beginning of a text.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  /// Whether the next character is one of these; it is then skipped and `last()`.
  bool skip(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == characters.npos) return false;
    last_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  char last() const { return last_; }
  /// A number of exactly this many digits from `low` to `high`.
  std::optional<int> number(std::size_t digits, int low, int high) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = 10 * value + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value >= low && value <= high ? std::optional(value) : std::nullopt;
  }

 private:
  std::string_view rest_;
  char last_ = '\0';
};

/// The time of the day after its separator, added to the date: 24:00 is the end of the day. A leap second, 23:59:60 in
/// UTC, which ends some quarter of an hour everywhere, counts as the second after it. @returns whether it is one
inline bool scan_time(DateScanner& scan, IsoDate& date) {
  date.format.has_time = true;
  const auto hour = scan.number(2, 0, 24);
  if (!hour || !scan.skip(":")) return false;
  const auto minute = scan.number(2, 0, 59);
  if (!minute) return false;
  std::int64_t seconds = 3600 * *hour + 60 * *minute, fraction = 0;
  if (scan.skip(":")) {
    const auto second = scan.number(2, 0, 60);
    if (!second || (*second == 60 && *minute % 15 != 14)) return false;
    seconds += *second;
    date.format.has_seconds = true;
    if (scan.skip(".,")) {
      int digits = 0;
      for (std::int64_t unit = 100'000; const auto digit = scan.number(1, 0, 9); unit /= 10, ++digits)
        fraction += unit * *digit;
      if (digits == 0) return false;
      date.format.digits = (std::min)(digits, 6);
    }
  }
  constexpr std::int64_t day = 86400;
  if (*hour == 24 && (seconds != day || fraction != 0)) return false;
  if (scan.skip("Z")) {
    date.format.utc = true;
  } else if (scan.skip("+-")) {
    const int sign = scan.last() == '+' ? 1 : -1;
    const auto hours = scan.number(2, 0, 23);
    if (!hours) return false;
    scan.skip(":");
    const auto minutes = scan.at_end() ? std::optional(0) : scan.number(2, 0, 59);
    if (!minutes) return false;
    seconds -= sign * (3600 * *hours + 60 * *minutes);
    date.format.utc = true;
  }
  date.microseconds += 1'000'000 * seconds + fraction;
  return true;
}

/// The date that a whole text is; empty for any other text.
inline std::optional<IsoDate> parse_date(std::string_view text) {
  namespace time = std::chrono;
  DateScanner scan(text);
  const auto year = scan.number(4, 1, 9999);
  if (!year || !scan.skip("-")) return std::nullopt;
  const auto month = scan.number(2, 1, 12);
  if (!month || !scan.skip("-")) return std::nullopt;
  const auto day = scan.number(2, 1, 31);
  if (!day) return std::nullopt;
  const time::year_month_day civil(time::year(*year), time::month(static_cast<unsigned>(*month)),
                                   time::day(static_cast<unsigned>(*day)));
  if (!civil.ok()) return std::nullopt;
  IsoDate date{time::sys_days(civil).time_since_epoch().count() * microseconds_a_day};
  if (scan.skip("T ")) {
    date.format.separator = scan.last();
    if (!scan_time(scan, date)) return std::nullopt;
  }
  return scan.at_end() ? std::optional(date) : std::nullopt;
}

/// The finest unit that a format shows, in microseconds.
inline std::int64_t date_unit(const DateFormat& format) {
  if (!format.has_time) return microseconds_a_day;
  if (!format.has_seconds) return 60'000'000;
  std::int64_t unit = 1'000'000;
  for (int i = 0; i < format.digits; ++i) unit /= 10;
  return unit;
}

/// The text of a point in time, rounded to what the format shows, and brought into the years 1 to 9999.
inline std::string date_text(std::int64_t microseconds, const DateFormat& format) {
  namespace time = std::chrono;
  const std::int64_t unit = date_unit(format), first = -719'162 * microseconds_a_day,
                     last = 2'932'897 * microseconds_a_day - unit;  // 0001-01-01, 9999-12-31
  const std::int64_t shifted = (std::clamp)(microseconds, first, last) - first + unit / 2;
  const std::int64_t rounded = (std::min)(shifted - shifted % unit + first, last);
  const std::int64_t days = (rounded - first) / microseconds_a_day + first / microseconds_a_day;
  const std::int64_t of_day = rounded - days * microseconds_a_day;
  const time::year_month_day civil{time::sys_days(time::days(days))};
  const auto padded = [](std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - (std::min)(width, digits.size()), '0') + digits;
  };
  std::string text = padded(static_cast<int>(civil.year()), 4) + '-' + padded(static_cast<unsigned>(civil.month()), 2) +
                     '-' + padded(static_cast<unsigned>(civil.day()), 2);
  if (!format.has_time) return text;
  const std::int64_t seconds = of_day / 1'000'000;
  text += format.separator + padded(seconds / 3600, 2) + ':' + padded(seconds / 60 % 60, 2);
  if (format.has_seconds) text += ':' + padded(seconds % 60, 2);
  if (format.has_seconds && format.digits > 0)
    text += '.' + padded(of_day % 1'000'000, 6).substr(0, static_cast<std::size_t>(format.digits));
  return format.utc ? text + 'Z' : text;
}

}  // namespace eigencoder::detail
