#pragma once

#include <eigencoder/extend/types.hpp>
#include <limits>

namespace eigencoder {

/// How well samples are classified.
struct ClassEvaluation {
  Index samples = 0;         ///< the number of samples
  double accuracy = 0;       ///< the fraction whose most probable class is their label
  double cross_entropy = 0;  ///< the mean of -log p(label) over the samples in nats, without class weights
  MatrixX<Index> confusion;  ///< samples by their label (row) and their most probable class (column)

  /// The fraction that is classified wrongly.
  double error() const { return 1 - accuracy; }
  /// Of the samples of class k the fraction that is found; NaN where there is none.
  double recall(Index k) const { return fraction(confusion(k, k), confusion.row(k).sum()); }
  /// Of the samples classified as k the fraction that belongs there; NaN where there is none.
  double precision(Index k) const { return fraction(confusion(k, k), confusion.col(k).sum()); }

 private:
  static double fraction(Index part, Index whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
  }
};

}  // namespace eigencoder
