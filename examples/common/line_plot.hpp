#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "plot_axis.hpp"
#include "svg.hpp"
#include "text_file.hpp"

/// @file
/// Small plots as SVG text: lines, made for loss curves, or points, such as codes of two values.
namespace examples {

/// One line of a plot, or one color of points.
struct Series {
  std::string name = {};  ///< in the legend; without a name it has no entry there
  std::vector<double> y = {};  ///< a value not finite or >= 1e300 leaves a gap; on a log axis one <= 1e-300 too
  std::vector<double> x = {};  ///< as many as `y`, or empty: 1, 2, 3, ... such as epochs
  bool area = false;  ///< the area below the line is filled and no point is marked, for a histogram
};

/// A place on the x axis, such as a threshold.
struct PlotMark {
  std::string name;
  double x;
};

/// The size, style and labels of a plot. Texts are UTF-8.
struct LinePlotOptions {
  std::string title = {};
  std::string x_label = {};
  std::string y_label = {};
  bool log_y = false;
  bool points = false;  ///< points without lines, all marked
  std::optional<PlotMark> mark = {};  ///< a dashed line from bottom to top
  int width = 720;   ///< pixels, at least 240
  int height = 420;  ///< pixels, at least 160
};

/// Builds a plot; pixel coordinates grow to the right and down.
class LinePlot {
 public:
  LinePlot(std::span<const Series> series, const LinePlotOptions& options)
      : options_(options), x_(axis(series, true)), y_(axis(series, false)) {
    double legend = 0;
    for (const Series& s : series)
      if (!s.name.empty()) legend = std::fmax(legend, 46 + text_width(s.name, 12));
    double labels = 0;
    for (const auto& tick : y_.ticks()) labels = std::fmax(labels, text_width(tick.label, 11));
    left_ = (options.y_label.empty() ? 18 : 40) + labels;
    right_ = std::fmax(options.width - 22 - legend, left_ + 60);
    top_ = options.title.empty() ? 18 : 44;
    bottom_ = options.height - (options.x_label.empty() ? 32 : 52);
  }

  std::string draw(std::span<const Series> series) {
    const std::string width = std::to_string(options_.width), height = std::to_string(options_.height);
    out_ = svg_opening(width, height, "#444");
    draw_frame();
    for (std::size_t i = 0; i < series.size(); ++i)
      options_.points ? draw_points(series[i], i) : draw_line(series[i], i);
    draw_mark();
    draw_legend(series);
    return out_ + "</svg>\n";
  }

 private:
  static constexpr std::size_t few_points = 30;  // so few are marked one by one

  static double x_value(const Series& s, std::size_t i) {
    return s.x.empty() ? static_cast<double>(i + 1) : s.x[i];
  }
  bool shows(const Series& s, std::size_t i) const {
    return PlotAxis::shows(x_value(s, i), false) && PlotAxis::shows(s.y[i], options_.log_y);
  }

  PlotAxis axis(std::span<const Series> series, bool is_x) const {
    double low = INFINITY, high = -INFINITY;
    bool whole = is_x && !options_.points;
    for (const Series& s : series)
      for (std::size_t i = 0; i < s.y.size(); ++i) {
        if (!shows(s, i)) continue;
        const double value = is_x ? x_value(s, i) : s.y[i];
        low = std::fmin(low, value);
        high = std::fmax(high, value);
        whole = whole && value == std::floor(value);
      }
    if (is_x && options_.mark && PlotAxis::shows(options_.mark->x, false)) {
      low = std::fmin(low, options_.mark->x);
      high = std::fmax(high, options_.mark->x);
      whole = false;
    }
    const bool log = !is_x && options_.log_y;
    if (low > high) return PlotAxis(log ? 0.1 : 0, 1, log, false, false);  // nothing to show
    return PlotAxis(low, high, log, whole, !is_x || options_.points);
  }

  static std::string pixel(double at) { return fixed_text(at, 2); }
  double across(double position) const { return left_ + (right_ - left_) * position; }
  double down(double position) const { return bottom_ - (bottom_ - top_) * position; }

  void line(double x1, double y1, double x2, double y2, const std::string& style) {
    out_ += "<path d=\"M" + pixel(x1) + "," + pixel(y1) + "L" + pixel(x2) + "," + pixel(y2) + "\" " + style +
            "/>\n";
  }
  void text(double x, double y, const std::string& style, const std::string& content) {
    out_ += "<text x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" " + style + ">" + xml_text(content) +
            "</text>\n";
  }

  void draw_frame() {
    const double middle = (left_ + right_) / 2;
    for (const auto& tick : y_.ticks()) {
      const double y = down(tick.position);
      line(left_, y, right_, y, "stroke=\"#e4e4e4\"");
      text(left_ - 8, y + 4, "text-anchor=\"end\"", tick.label);
    }
    for (const auto& tick : x_.ticks()) {
      const double x = across(tick.position);
      line(x, bottom_, x, bottom_ + 4, "stroke=\"#888\"");
      text(x, bottom_ + 18, "text-anchor=\"middle\"", tick.label);
    }
    line(left_, bottom_, right_, bottom_, "stroke=\"#888\"");
    if (!options_.title.empty())
      text(left_, 26, "font-size=\"15\" font-weight=\"bold\" fill=\"#222\"", options_.title);
    if (!options_.x_label.empty())
      text(middle, options_.height - 12, "font-size=\"12\" text-anchor=\"middle\"", options_.x_label);
    if (!options_.y_label.empty()) {
      const std::string position = "18," + pixel((top_ + bottom_) / 2);
      text(0, 0, "font-size=\"12\" text-anchor=\"middle\" transform=\"translate(" + position + ") rotate(-90)\"",
           options_.y_label);
    }
  }

  /// Colors that remain distinct without full color vision; a further round of them is dashed.
  /// Source: Okabe & Ito, "Color universal design" (2008), without the yellow, too light for a line.
  static std::string color(std::size_t i) {
    constexpr const char* colors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#222222"};
    return colors[i % 7];
  }
  static std::string stroke(std::size_t i) {
    constexpr const char* dashes[] = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 3\""};
    return "stroke=\"" + color(i) + "\"" + dashes[i / 7 % 3];
  }

  /// As many colors as there are digits: those of the lines and three more.
  static std::string point_stroke(std::size_t i) {
    constexpr const char* more[] = {"#8c564b", "#9a9a9a", "#a6c520"};
    return i % 10 < 7 ? stroke(i % 10) : std::string("stroke=\"") + more[i % 10 - 7] + "\"";
  }

  /// A line of no length with round ends is a dot.
  void draw_points(const Series& s, std::size_t index) {
    std::string marks;
    for (std::size_t i = 0; i < s.y.size(); ++i)
      if (shows(s, i))
        marks += "M" + pixel(across(x_.position(x_value(s, i)))) + "," + pixel(down(y_.position(s.y[i]))) + "h0";
    if (marks.empty()) return;
    out_ += "<path d=\"" + marks + "\" stroke-linecap=\"round\" stroke-width=\"3\" stroke-opacity=\"0.7\" " +
            point_stroke(index) + "/>\n";
  }

  void draw_mark() {
    if (!options_.mark || !PlotAxis::shows(options_.mark->x, false)) return;
    const double x = across(x_.position(options_.mark->x));
    line(x, bottom_, x, top_, "stroke=\"#222\" stroke-dasharray=\"5 4\"");
    const bool left = x + 6 + text_width(options_.mark->name, 12) > right_;
    text(x + (left ? -6 : 6), top_ + 10, std::string("font-size=\"12\" text-anchor=\"") + (left ? "end\"" : "start\""),
         options_.mark->name);
  }

  void draw_line(const Series& s, std::size_t index) {
    std::string path, marks, area;
    for (std::size_t i = 0; i < s.y.size(); ++i) {
      if (!shows(s, i)) continue;
      const std::string x = pixel(across(x_.position(x_value(s, i)))), y = pixel(down(y_.position(s.y[i])));
      const bool begins = i == 0 || !shows(s, i - 1);
      const bool alone = begins && (i + 1 == s.y.size() || !shows(s, i + 1));
      path += (begins ? "M" : "L") + x + "," + y;
      if (s.area) {
        const bool ends = i + 1 == s.y.size() || !shows(s, i + 1);
        area += (begins ? "M" + x + "," + pixel(bottom_) + "L" : "L") + x + "," + y +
                (ends ? "L" + x + "," + pixel(bottom_) + "Z" : "");
      } else if (alone || s.y.size() <= few_points) {
        marks += "M" + x + "," + y + "h0";
      }
    }
    const std::string style = "\" fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" ";
    if (!area.empty())
      out_ += "<path d=\"" + area + "\" stroke=\"none\" fill-opacity=\"0.3\" fill=\"" + color(index) + "\"/>\n";
    if (!path.empty()) out_ += "<path d=\"" + path + style + "stroke-width=\"1.8\" " + stroke(index) + "/>\n";
    if (!marks.empty()) out_ += "<path d=\"" + marks + style + "stroke-width=\"5\" " + stroke(index) + "/>\n";
  }

  void draw_legend(std::span<const Series> series) {
    double y = top_ + 8;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (series[i].name.empty()) continue;
      if (options_.points)
        line(right_ + 25, y, right_ + 25, y, "stroke-linecap=\"round\" stroke-width=\"8\" " + point_stroke(i));
      else
        line(right_ + 14, y, right_ + 36, y, "fill=\"none\" stroke-width=\"2.4\" " + stroke(i));
      text(right_ + 43, y + 4, "font-size=\"12\"", series[i].name);
      y += 20;
    }
  }

  const LinePlotOptions& options_;
  PlotAxis x_;
  PlotAxis y_;
  double left_ = 0, right_ = 0, top_ = 0, bottom_ = 0;
  std::string out_;
};

/// The plot of some series as an SVG document: axes with ticks, a legend, colors that remain distinct
/// without full color vision. Points are marked where a series has at most 30, and where one is alone. With
/// `points` there are no lines, and ten colors.
/// @throws ShapeError where a series has an x of another length than its y
/// @throws OptionError where the plot is smaller than 240 x 160
inline std::string line_plot_svg(std::span<const Series> series, const LinePlotOptions& options = {}) {
  for (const Series& s : series)
    if (!s.x.empty() && s.x.size() != s.y.size())
      throw eigencoder::ShapeError("line_plot_svg: the series '" + s.name + "' has " + std::to_string(s.x.size()) +
                                   " x and " + std::to_string(s.y.size()) + " y");
  if (options.width < 240 || options.height < 160)
    throw eigencoder::OptionError("line_plot_svg: " + std::to_string(options.width) + " x " +
                                  std::to_string(options.height) + " is too small for a plot, at least 240 x 160");
  return LinePlot(series, options).draw(series);
}

/// Writes `line_plot_svg` to a file. @throws as `write_text` and `line_plot_svg`
inline void write_svg(const std::string& path, std::span<const Series> series,
                      const LinePlotOptions& options = {}) {
  write_text(path, line_plot_svg(series, options));
}

}  // namespace examples
