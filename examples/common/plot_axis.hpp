#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

/// @file
/// One axis of a plot: its range, and its ticks and their labels.
namespace examples {

/// Decimals that do not depend on the locale.
inline std::string fixed_text(double value, int decimals) {
  char out[400];
  const auto end =
      std::to_chars(out, out + sizeof out, value == 0 ? 0.0 : value, std::chars_format::fixed, decimals);
  return {out, end.ptr};
}

/// A power of ten, as in 10⁻³.
inline std::string power_text(int exponent) {
  constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "10⁻" : "10";
  for (const char c : std::to_string((std::abs)(exponent))) out += digits[c - '0'];
  return out;
}

class PlotAxis {
 public:
  struct Tick {
    double position;  ///< as `PlotAxis::position`
    std::string label;
  };

  /// Values a plot can show on such an axis; the others leave a gap.
  static bool shows(double value, bool log) { return (std::abs)(value) < 1e300 && (!log || value > 1e-300); }

  /// The axis of values from `low` to `high`, both shown.
  /// @param whole  the values are whole numbers: no ticks between them
  /// @param widen  leave room at the ends; linear: up to the next ticks
  PlotAxis(double low, double high, bool log, bool whole, bool widen)
      : log_(log), low_(log ? std::log10(low) : low), high_(log ? std::log10(high) : high) {
    const double size = std::fmax((std::abs)(low), (std::abs)(high));
    if (high - low <= 1e-9 * size) {  // one value, or nearly: it goes to the middle
      const double room = log ? 0.3 : whole || size < 1e-280 ? 1 : 0.1 * size;
      low_ -= room;
      high_ += room;
    }
    if (log)
      place_log(widen);
    else
      place_linear(whole, widen);
  }

  /// The position of a value: 0 is the low end, 1 the high end.
  double position(double value) const { return fraction(log_ ? std::log10(value) : value); }
  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  double fraction(double on_axis) const { return (on_axis - low_) / (high_ - low_); }

  /// The next of 1, 2, 5, 10, ... times a power of ten.
  static double nice(double step) {
    const double power = std::pow(10, std::floor(std::log10(step)));
    const double factor = step / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  /// The label of a tick, with enough digits to distinguish ticks `step` apart, among values up to `size`.
  static std::string label(double value, double step, double size) {
    const int decade = static_cast<int>(std::floor(std::log10(step) + 1e-9));
    if (size < 1e6 && size >= 1e-3) return fixed_text(value, decade < 0 ? -decade : 0);
    if (value == 0) return "0";
    const int exponent = static_cast<int>(std::floor(std::log10((std::abs)(value)) + 1e-9));
    const int digits = exponent > decade ? exponent - decade : 0;
    return fixed_text(value / std::pow(10, exponent), digits < 15 ? digits : 15) + "e" +
           std::to_string(exponent);
  }

  /// Ticks at the multiples of `step` between two values.
  void add_multiples(double step, double low, double high) {
    const double size = std::fmax((std::abs)(low), (std::abs)(high));
    const double last = std::floor(high / step + 1e-6);
    for (double i = std::ceil(low / step - 1e-6); i <= last && ticks_.size() < 50; i += 1)
      ticks_.push_back({position(i * step), label(i * step, step, size)});
  }

  void place_linear(bool whole, bool widen) {
    double step = nice((high_ - low_) / 6);
    if (whole && step < 1) step = 1;
    if (widen) {
      low_ = std::floor(low_ / step + 1e-6) * step;
      high_ = std::ceil(high_ / step - 1e-6) * step;
    }
    add_multiples(step, low_, high_);
  }

  void place_log(bool widen) {
    if (widen) {
      const double room = 0.05 * (high_ - low_);
      low_ -= room;
      high_ += room;
    }
    const int first = static_cast<int>(std::ceil(low_));
    const int last = static_cast<int>(std::floor(high_));
    if (last - first >= 2) {
      const bool plain = first >= -3 && last <= 4;
      for (int e = first; e <= last; e += (last - first) / 6 + 1)
        ticks_.push_back({fraction(e), plain ? fixed_text(std::pow(10, e), e < 0 ? -e : 0) : power_text(e)});
      return;
    }
    for (int e = first - 1; e <= last; ++e)
      for (const double mantissa : {1., 2., 5.}) {
        const double at = e + std::log10(mantissa), power = std::pow(10, e);
        if (at >= low_ && at <= high_) ticks_.push_back({fraction(at), label(mantissa * power, power, power)});
      }
    if (ticks_.size() >= 3) return;
    ticks_.clear();
    const double low = std::pow(10, low_), high = std::pow(10, high_);
    add_multiples(nice((high - low) / 5), low, high);
  }

  bool log_;
  double low_;  // on a log axis the logarithms
  double high_;
  std::vector<Tick> ticks_;
};

}  // namespace examples
