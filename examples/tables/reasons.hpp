#pragma once

#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>

namespace examples {

/// A column's part in the score of a row.
struct Reason {
  eigencoder::Index column;
  double share;        ///< of all contributions
  float value;         ///< in the row
  float expected = 0;  ///< given the row's other values
};

/// The columns of the largest contributions to each row's score, at most `count` each, the largest first. Of equal ones
/// the first column comes first. The matrices are columns x rows. `expected` is not filled in.
std::vector<std::vector<Reason>> reasons_of(const eigencoder::MatrixX<double>& contributions,
                                            const eigencoder::MatrixX<float>& rows, eigencoder::Index count = 3);

/// Reasons in words: "pressure 93 (expected 41), flow 2 (expected 5)"; beside the first only those of a tenth of the
/// score or more.
std::string reason_text(const std::vector<Reason>& reasons, const std::vector<std::string>& names);

}  // namespace examples
