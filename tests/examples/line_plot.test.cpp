#include "support/catch.hpp"

#include <common/line_plot.hpp>

#include <clocale>
#include <cmath>
#include <limits>

#include "support/temporary_folder.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Point {
  double x, y;
  bool begins;  // a piece of its line
};

/// The points of the lines of series in an SVG, line by line.
std::vector<std::vector<Point>> lines_of(const std::string& svg) {
  std::vector<std::vector<Point>> lines;
  for (std::size_t at = 0; (at = svg.find("<path d=\"", at)) != std::string::npos; ++at) {
    const std::string element = svg.substr(at, svg.find("/>", at) - at);
    if (element.find("stroke-width=\"1.8\"") == std::string::npos) continue;
    std::vector<Point> points;
    const char* c = element.c_str() + 9;
    while (*c == 'M' || *c == 'L') {
      char* end = nullptr;
      Point point{0, 0, *c == 'M'};
      point.x = std::strtod(c + 1, &end);
      point.y = std::strtod(end + 1, &end);
      points.push_back(point);
      c = end;
    }
    lines.push_back(points);
  }
  return lines;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("points are drawn at their values") {
  const std::vector<Series> series{{"a", {1, 3, 2}}, {"b", {4, 1}, {1.5, 3}}};
  const auto lines = lines_of(line_plot_svg(series));
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[0].size() == 3);
  REQUIRE(lines[1].size() == 2);
  const auto &a = lines[0], &b = lines[1];
  CHECK(a[1].x - a[0].x == Approx(a[2].x - a[1].x).margin(0.02));
  CHECK(b[1].x == a[2].x);
  CHECK(b[0].x == Approx((a[0].x + a[1].x) / 2).margin(0.02));
  CHECK(a[0].y - a[1].y == Approx(2 * (a[2].y - a[1].y)).margin(0.04));  // up is less
  CHECK(b[1].y == a[0].y);
  CHECK(a[1].y - b[0].y == Approx((a[0].y - a[1].y) / 2).margin(0.04));
}

TEST_CASE("on a log axis equal factors are equal distances") {
  const std::vector<Series> series{{"loss", {1e-3, 1e-1, 1, 1e4}}};
  const auto line = lines_of(line_plot_svg(series, {.log_y = true})).at(0);
  const double decade = line[1].y - line[2].y;
  CHECK(decade > 0);
  CHECK(line[0].y - line[1].y == Approx(2 * decade).margin(0.05));
  CHECK(line[2].y - line[3].y == Approx(4 * decade).margin(0.05));
}

TEST_CASE("values that cannot be shown leave a gap") {
  const std::vector<Series> series{{"gaps", {1, no_number, 2, 3, infinity, 4, 0, 5, -1}}};
  const auto linear = lines_of(line_plot_svg(series)).at(0);
  CHECK(linear.size() == 7);
  const auto log = lines_of(line_plot_svg(series, {.log_y = true})).at(0);
  REQUIRE(log.size() == 5);
  const bool begins[] = {true, true, false, true, true};
  for (std::size_t i = 0; i < 5; ++i) CHECK(log[i].begins == begins[i]);
}

TEST_CASE("points without lines are drawn where those on lines are, each series in its own color") {
  const std::vector<Series> series{{"a", {1, no_number, 2}, {0.25, 1, 3}}, {"b", {-1, 5}, {-2, 2}}};
  const std::string svg = line_plot_svg(series, {.points = true});
  CHECK(lines_of(svg).empty());
  const auto first = svg.find("stroke-width=\"3\""), second = svg.find("stroke-width=\"3\"", first + 1);
  REQUIRE(second != std::string::npos);
  CHECK(svg.find("stroke-width=\"3\"", second + 1) == std::string::npos);
  const auto color = [&](std::size_t at) { return svg.substr(svg.find("stroke=\"", at), 16); };
  CHECK(color(first) != color(second));

  std::vector<Point> points;
  for (const std::size_t at : {first, second}) {
    const char* c = svg.c_str() + svg.rfind("d=\"", at) + 3;
    while (*c == 'M') {
      char* end = nullptr;
      const double x = std::strtod(c + 1, &end), y = std::strtod(end + 1, &end);
      points.push_back({x, y, true});
      CHECK(std::string(end, 2) == "h0");
      c = end + 2;
    }
  }
  REQUIRE(points.size() == 4);  // the value that is no number is left out
  const double x = (points[1].x - points[0].x) / 2.75, y = points[0].y - points[1].y;  // a unit
  CHECK(x > 0);
  CHECK(y > 0);
  CHECK(points[0].x - points[2].x == Approx(2.25 * x).margin(0.03));
  CHECK(points[3].x - points[2].x == Approx(4 * x).margin(0.05));
  CHECK(points[2].y - points[3].y == Approx(6 * y).margin(0.05));
}

TEST_CASE("every plot keeps its points inside, whatever the values") {
  std::vector<double> many;
  for (int i = 0; i < 3000; ++i) many.push_back(std::exp(-i / 100.) + 1e-9);
  const std::vector<std::vector<double>> cases{{3.5},
                                               {1, 2},
                                               many,
                                               {2, 2, 2},
                                               {0, 0},
                                               {-1e299, 1e299},
                                               {1e-299, 2e-299},
                                               {1e-299, 1e299},
                                               {1e9, 1e9 + 1e-7},
                                               {5e-324, 1e299},
                                               {no_number},
                                               {},
                                               {1e15, 1e15 + 2},
                                               {-3, -3.000001}};
  for (const auto& values : cases)
    for (const bool log : {false, true}) {
      const std::vector<Series> series{{"values", values}};
      const std::string svg =
          line_plot_svg(series, {.title = "t", .x_label = "x", .y_label = "y", .log_y = log});
      CHECK_FALSE(holds(svg, "nan"));
      CHECK_FALSE(holds(svg, "inf"));
      std::size_t shown = 0, expected = 0;
      for (const double v : values) expected += std::isfinite(v) && (!log || v > 1e-300);
      for (const auto& line : lines_of(svg))
        for (const Point& point : line) {
          ++shown;
          CHECK((point.x >= 0 && point.x <= 720));
          CHECK((point.y >= 0 && point.y <= 420));
        }
      CHECK(shown == expected);
      CHECK(svg.size() < 4000 + 40 * values.size());
    }
}

TEST_CASE("texts are escaped, and numbers do not follow the locale") {
  const std::vector<Series> series{{"<a> & \"b\"\n", {0.5, 0.25}}};
  const std::string svg = line_plot_svg(series, {.title = "1 < 2"});
  CHECK(holds(svg, ">&lt;a&gt; &amp; &quot;b&quot; </text>"));
  CHECK(holds(svg, ">1 &lt; 2</text>"));
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"})
    if (std::setlocale(LC_ALL, name) != nullptr) break;
  CHECK(line_plot_svg(series, {.title = "1 < 2"}) == svg);
  std::setlocale(LC_ALL, "C");
}

TEST_CASE("a plot that cannot be drawn or written is refused") {
  const TemporaryFolder folder;
  const std::vector<Series> good{{"a", {1, 2}}}, uneven{{"uneven", {1, 2}, {1}}};
  CHECK(holds(message_of<ShapeError>([&] { line_plot_svg(uneven); }), "uneven"));
  CHECK_THROWS_AS(line_plot_svg(good, {.width = 10}), OptionError);
  CHECK_THROWS_AS(write_svg(folder / "no such folder/loss.svg", good), FileError);
  write_svg(folder / "loss.svg", good);
  const auto bytes = bytes_of(folder / "loss.svg");
  CHECK(std::string(bytes.begin(), bytes.end()) == line_plot_svg(good));
}

TEST_CASE("an area is closed at the axis, and marks no points") {
  const std::vector<Series> series{{.name = "a", .y = {1, 3, 2}, .area = true}};
  const std::string svg = line_plot_svg(series);
  CHECK(holds(svg, "fill-opacity"));
  CHECK(holds(svg, "Z\" stroke=\"none\""));
  CHECK(!holds(svg, "h0"));
  CHECK(lines_of(svg).at(0).size() == 3);
}

TEST_CASE("a mark is a named line at its place, which the axis covers") {
  const std::vector<Series> series{{.name = "a", .y = {1, 3, 2}, .x = {0, 1, 2}}};
  LinePlotOptions options;
  options.mark = PlotMark{"the <limit>", 4};
  const std::string svg = line_plot_svg(series, options);
  const auto at = svg.find("stroke-dasharray=\"5 4\"");
  REQUIRE(at != std::string::npos);
  const double x = std::strtod(svg.c_str() + svg.rfind("M", at) + 1, nullptr);
  const auto line = lines_of(svg).at(0);
  CHECK(x - line[0].x == Approx(2 * (line[2].x - line[0].x)).margin(0.02));
  CHECK(holds(svg, "the &lt;limit&gt;"));
  options.mark->x = infinity;
  CHECK(!holds(line_plot_svg(series, options), "limit"));
}
