#include "plots.hpp"

namespace examples {

void write_plot(const Options& options, const std::string& name, const std::vector<eigencoder::Series>& series,
                const eigencoder::LinePlotOptions& look) {
  write_svg(options.result(name), series, look);
}

}  // namespace examples
