#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/tables/iso_date.hpp>
#include <eigencoder/extend/types.hpp>
#include <numbers>

namespace eigencoder::detail {

/// A column of dates. Values are the time, scaled to mean 0 and variance 1, and the sine and the cosine of the phases
/// of the year, of the week, and, where the column has times, of the day.
struct DateCode {
  DateFormat format = {};
  double offset = 0, scale = 1;  ///< in seconds since 1970
  static constexpr ColumnKind kind = ColumnKind::date;
  static constexpr bool of_numbers = false;

  Index size() const { return format.has_time ? 7 : 5; }

  /// Writes the `size()` values of a date.
  void encode(std::int64_t microseconds, double* out) const {
    namespace time = std::chrono;
    const time::sys_days day =
        time::floor<time::days>(time::sys_time<time::microseconds>(time::microseconds(microseconds)));
    const double of_day = static_cast<double>(microseconds - day.time_since_epoch().count() * microseconds_a_day) /
                          static_cast<double>(microseconds_a_day);  // from 0 to 1
    const time::year year = time::year_month_day(day).year();
    const auto of_year = static_cast<double>((day - time::sys_days(year / time::January / 1)).count());
    const auto of_week = static_cast<double>(time::weekday(day).iso_encoding() - 1);  // Monday is 0
    *out++ = (static_cast<double>(microseconds) / 1e6 - offset) / scale;
    const auto write_phase = [&out](double phase) {
      *out++ = std::sin(2 * std::numbers::pi * phase);
      *out++ = std::cos(2 * std::numbers::pi * phase);
    };
    write_phase((of_year + of_day) / (year.is_leap() ? 366 : 365));
    write_phase((of_week + of_day) / 7);
    if (format.has_time) write_phase(of_day);
  }

  /// The date of `size()` values: that of the first one, whose time of the day is too coarse in single precision and
  /// comes from the phase of the day.
  std::int64_t decode(const double* values) const {
    constexpr double limit = 4e11;  // beyond the years 1 to 9999
    double seconds = (std::fmin)((std::fmax)(values[0] * scale + offset, -limit), limit);
    constexpr double least_radius = 0.1;  // of the day's phase, on the unit circle where the values are those of a date
    if (format.has_time && std::hypot(values[5], values[6]) > least_radius) {
      constexpr double day = 86400;
      const double of_day = std::atan2(values[5], values[6]) / (2 * std::numbers::pi) * day;
      seconds = of_day + day * (std::round)((seconds - of_day) / day);
    }
    return static_cast<std::int64_t>(std::llround(seconds * 1e6));
  }

  friend bool operator==(const DateCode&, const DateCode&) = default;
};

}  // namespace eigencoder::detail
