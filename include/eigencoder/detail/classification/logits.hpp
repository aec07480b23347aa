#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/classification/class_evaluation.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>

/// @file
/// What the logits of a classifier say.
namespace eigencoder::detail {

/// The most probable class of a sample, the first of equals.
/// @param scores  its logits, `count` values
/// @throws DataError for one that is not finite, which parameters that are not, or are huge, lead to
template <class Scalar>
Index most_probable(const Scalar* scores, Index count, Index sample, const char* where) {
  Index best = 0;
  for (Index k = 0; k < count; ++k) {
    if (!std::isfinite(scores[k]))
      throw DataError(message({where, ": sample ", sample, ": the logit of class ", k, " is not finite"}));
    best = scores[k] > scores[best] ? k : best;
  }
  return best;
}

/// Compares logits, classes x samples, with the class of each sample, a number from 0 to classes - 1. The cross-entropy
/// is log sum_k exp(z_k) - z_label (Bishop, "Pattern Recognition and Machine Learning" (2006), eq. 4.108).
/// @throws DataError for no samples, and for a logit that is not finite
template <class Scalar>
[[gnu::cold]] ClassEvaluation evaluate_logits(View<Scalar> logits, std::span<const Index> labels) {
  if (logits.cols() == 0) throw DataError("eigencoder: evaluate: there are no samples");
  ClassEvaluation found;
  const Index classes = logits.rows();
  found.samples = logits.cols();
  found.confusion = MatrixX<Index>::Zero(classes, classes);
  Index right = 0;
  for (Index j = 0; j < found.samples; ++j) {
    const Scalar* const z = logits.column(j);
    const Index label = labels[static_cast<std::size_t>(j)], best = most_probable(z, classes, j, "evaluate");
    ++found.confusion(label, best);
    right += best == label ? 1 : 0;
    const double peak = z[best];
    double partition = 0;
    for (Index k = 0; k < classes; ++k) partition += std::exp(double{z[k]} - peak);
    found.cross_entropy += std::log(partition) + peak - double{z[label]};
  }
  const auto count = static_cast<double>(found.samples);
  found.accuracy = static_cast<double>(right) / count;
  found.cross_entropy /= count;
  return found;
}

}  // namespace eigencoder::detail
