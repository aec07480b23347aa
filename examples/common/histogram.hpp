#pragma once

#include <cstddef>
#include <string>
#include <vector>
#include "line_plot.hpp"

namespace examples {

/// Values of one kind, such as scores.
struct NamedValues {
  std::string name;
  std::vector<double> values;
};

/// The unit of a histogram.
enum class Tally {
  percent,  ///< of the values of a kind
  count     ///< of values
};

/// The outlines of one histogram for each kind, over bins that they share. A kind without values is left out.
std::vector<Series> histograms(const std::vector<NamedValues>& kinds, std::size_t bins = 40,
                               Tally tally = Tally::percent);

}  // namespace examples
