#pragma once

#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>
#include "cells.hpp"

namespace examples {

/// A column's part in the score of a row.
struct Reason {
  eigencoder::Index column;
  double share;        ///< of all contributions
  Cell value = {};     ///< in the row
  Cell expected = {};  ///< given the row's other values
};

/// The columns of the largest contributions to each row's score, at most `count` each, the largest first. Of equal ones
/// the first column comes first; what contributes nothing, as a missing cell, is no reason. Contributions are columns x
/// rows. The cells are not filled in.
std::vector<std::vector<Reason>> reasons_of(const eigencoder::MatrixX<double>& contributions,
                                            eigencoder::Index count = 3);

/// Reasons in words: "pressure 93 (expected 41), fuel diesel (expected electric)"; beside the first only those of a
/// tenth of the score or more.
std::string reason_text(const std::vector<Reason>& reasons, const std::vector<std::string>& names);

}  // namespace examples
