#pragma once

#include <string>
#include <vector>
#include "line_plot.hpp"
#include "options.hpp"

namespace examples {

/// An SVG file among the results. @throws as `write_svg`
void write_plot(const Options& options, const std::string& name, const std::vector<Series>& series,
                const LinePlotOptions& look);

}  // namespace examples
