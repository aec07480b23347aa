#include "plots.hpp"

namespace examples {

void write_plot(const Options& options, const std::string& name, const std::vector<Series>& series,
                const LinePlotOptions& look) {
  write_svg(options.result(name), series, look);
}

void write_clouds(const Options& options, const std::string& name, const std::vector<int>& labels,
                  eigencoder::View<float> points, LinePlotOptions look) {
  std::vector<Series> clouds(10);
  for (std::size_t digit = 0; digit < 10; ++digit) clouds[digit].name = std::to_string(digit);
  for (eigencoder::Index j = 0; j < points.cols(); ++j) {
    Series& cloud = clouds.at(static_cast<std::size_t>(labels[static_cast<std::size_t>(j)]));
    cloud.x.push_back(points.column(j)[0]);
    cloud.y.push_back(points.column(j)[1]);
  }
  look.points = true;
  look.height = 660;
  write_plot(options, name, clouds, look);
}

}  // namespace examples
