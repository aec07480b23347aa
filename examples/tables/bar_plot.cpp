#include "bar_plot.hpp"

#include <algorithm>
#include <cmath>
#include <common/line_plot.hpp>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>

namespace examples {

namespace {

constexpr const char* colors[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7"};

std::string number(double value) { return fixed_text(value, 1); }

std::string text_at(double x, double y, const std::string& style, const std::string& text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + style + ">" + xml_text(text) + "</text>\n";
}

std::string box(double x, double y, double width, double height, const char* color) {
  return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\"" +
         number(height) + "\" fill=\"" + color + "\"/>\n";
}

std::string upright(double x, double top, double bottom, const std::string& style) {
  return "<line x1=\"" + number(x) + "\" y1=\"" + number(top) + "\" x2=\"" + number(x) + "\" y2=\"" + number(bottom) +
         "\" " + style + "/>\n";
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
  const double wanted = std::fmax(text_width(plot.title, 15), text_width(plot.note, 12)) + 28;
  const std::string width = number(std::fmax(left + length + 60, wanted)), height = number(bottom + 30);

  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
                    "\" viewBox=\"0 0 " + width + " " + height +
                    "\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"11\" fill=\"#333\">\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  out += text_at(14, 26, "font-size=\"15\" font-weight=\"bold\" fill=\"#222\"", plot.title);
  if (!plot.note.empty()) out += text_at(14, 44, "font-size=\"12\"", plot.note);
  double legend = left;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    out += box(legend, 58, 12, 9, colors[s % std::size(colors)]) + text_at(legend + 17, 66, "", plot.series[s]);
    legend += 40 + text_width(plot.series[s], font);
  }
  for (const PlotAxis::Tick& tick : axis.ticks()) {
    const double x = left + length * tick.position;
    out += upright(x, top, bottom, "stroke=\"#ddd\"") + text_at(x, bottom + 16, "text-anchor=\"middle\"", tick.label);
  }
  for (std::size_t k = 0; k < plot.groups.size(); ++k) {
    const double y = top + group * static_cast<double>(k) + gap / 2;
    out += text_at(left - 8, y + (group - gap) / 2 + 4, "text-anchor=\"end\"", plot.groups[k]);
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
      const double value = plot.values[k][s], shown = std::isfinite(value) ? std::clamp(value, 0.0, high) : 0;
      const double size = length * axis.position(shown), at = y + bar * static_cast<double>(s);
      out += box(left, at, size, bar - 1, colors[s % std::size(colors)]);
      if (value > shown) out += text_at(left + size + 4, at + bar - 1, "font-size=\"9\"", fixed_text(value, 2));
    }
  }
  if (plot.mark > 0)
    out +=
        upright(left + length * axis.position(plot.mark), top - 6, bottom, "stroke=\"#444\" stroke-dasharray=\"4 3\"");
  return out + "</svg>\n";
}

}  // namespace examples
