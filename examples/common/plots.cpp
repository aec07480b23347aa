#include "plots.hpp"

namespace examples {

void write_plot(const Options& options, const std::string& name, const std::vector<Series>& series,
                const LinePlotOptions& look) {
  write_svg(options.result(name), series, look);
}

}  // namespace examples
