#pragma once

#include <string_view>

namespace eigencoder {

/// How a term appears in reports.
struct TermName {
  std::string_view name;      ///< what it is called
  bool in_objective = true;   ///< a part of the objective, not only a measurement
  bool in_evaluation = true;  ///< reported of evaluations too
};

/// A named value of a report: a part of the objective besides the loss, such as a penalty, or a measurement, such as
/// the number of dead units.
struct Term {
  std::string_view name;     ///< what it is called
  double value;              ///< its value, a mean over samples
  bool in_objective = true;  ///< a part of the objective, not only a measurement
  bool at_end = false;       ///< computed from the weights at the epoch's end, not averaged over its steps
};

}  // namespace eigencoder
