#pragma once

#include <string_view>

namespace eigencoder {

/// What a term of a report is called, whether it is a part of the objective or told besides, and whether it can be told
/// of an evaluation too.
struct TermName {
  std::string_view name;
  bool in_objective = true;
  bool in_evaluation = true;
};

/// One named part of the objective besides the loss, such as a penalty's value, or something else worth telling of an
/// epoch (then not `counted`), such as the number of dead units.
struct Term {
  std::string_view name;
  double value;
  bool in_objective = true;
  bool at_end = false;  ///< of the weights at the epoch's end, not as met in training
};

}  // namespace eigencoder
