#pragma once

#include <eigencoder/io/line_plot.hpp>
#include <string>
#include <vector>
#include "options.hpp"

namespace examples {

/// An SVG file among the results. @throws as `eigencoder::write_svg`
void write_plot(const Options& options, const std::string& name, const std::vector<eigencoder::Series>& series,
                const eigencoder::LinePlotOptions& look);

}  // namespace examples
