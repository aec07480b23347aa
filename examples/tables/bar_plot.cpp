#include "bar_plot.hpp"

#include <algorithm>
#include <cmath>
#include <common/svg.hpp>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>

namespace examples {

namespace {

constexpr const char* colors[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7"};

std::string box(double x, double y, double width, double height, const char* color) {
  return "<rect x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) + "\" width=\"" + svg_number(width) + "\" height=\"" +
         svg_number(height) + "\" fill=\"" + color + "\"/>\n";
}

std::string upright(double x, double top, double bottom, const std::string& style) {
  return "<line x1=\"" + svg_number(x) + "\" y1=\"" + svg_number(top) + "\" x2=\"" + svg_number(x) + "\" y2=\"" +
         svg_number(bottom) + "\" " + style + "/>\n";
}

void check(const BarPlot& plot) {
  bool fits = plot.groups.size() == plot.values.size();
  for (const auto& values : plot.values) fits = fits && values.size() == plot.series.size();
  if (!fits) throw eigencoder::ShapeError("bar_plot_svg: every group needs a value for each series");
}

}  // namespace

std::string bar_plot_svg(const BarPlot& plot) {
  check(plot);
  constexpr double bar = 9, gap = 8, font = 11, length = 560, top = 84;
  const double group = bar * static_cast<double>(plot.series.size()) + gap;
  double left = 40, high = plot.mark;
  for (const std::string& name : plot.groups) left = std::fmax(left, 26 + text_width(name, font));
  for (const auto& values : plot.values)
    for (const double value : values)
      if (std::isfinite(value)) high = std::fmax(high, value);
  if (plot.limit > 0) high = std::fmin(high, plot.limit);
  const PlotAxis axis(0, high > 0 ? high : 1, false, false, true);
  const double bottom = top + group * static_cast<double>(plot.groups.size());
  std::string out = svg_with_title(left + length + 60, bottom + 30, plot.title, plot.note);
  double legend = left;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    out += box(legend, 58, 12, 9, colors[s % std::size(colors)]) + svg_text(legend + 17, 66, "", plot.series[s]);
    legend += 40 + text_width(plot.series[s], font);
  }
  for (const PlotAxis::Tick& tick : axis.ticks()) {
    const double x = left + length * tick.position;
    out += upright(x, top, bottom, "stroke=\"#ddd\"") + svg_text(x, bottom + 16, "text-anchor=\"middle\"", tick.label);
  }
  for (std::size_t k = 0; k < plot.groups.size(); ++k) {
    const double y = top + group * static_cast<double>(k) + gap / 2;
    out += svg_text(left - 8, y + (group - gap) / 2 + 4, "text-anchor=\"end\"", plot.groups[k]);
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
      const double value = plot.values[k][s], shown = std::isfinite(value) ? std::clamp(value, 0.0, high) : 0;
      const double size = length * axis.position(shown), at = y + bar * static_cast<double>(s);
      out += box(left, at, size, bar - 1, colors[s % std::size(colors)]);
      if (value > shown) out += svg_text(left + size + 4, at + bar - 1, "font-size=\"9\"", fixed_text(value, 2));
    }
  }
  if (plot.mark > 0)
    out +=
        upright(left + length * axis.position(plot.mark), top - 6, bottom, "stroke=\"#444\" stroke-dasharray=\"4 3\"");
  return out + "</svg>\n";
}

}  // namespace examples
