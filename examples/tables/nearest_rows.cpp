#include "nearest_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX;

namespace {

/// Rows with 0 for unknown values, their squares, and 1 for known values: sums over the values that two rows know are
/// products of these.
struct MaskedRows {
  MatrixX<float> values, squares, known;

  explicit MaskedRows(const MatrixX<float>& rows)
      : values(rows.array().isNaN().select(0.F, rows)),
        squares(values.array().square()),
        known(rows.array().isNaN().select(0.F, MatrixX<float>::Ones(rows.rows(), rows.cols()))) {}
};

/// Squared distances, references x rows; infinite between rows that know no value in common.
MatrixX<float> distances(const MaskedRows& references, const MaskedRows& rows) {
  MatrixX<float> sums = references.squares.transpose() * rows.known;
  sums.noalias() += references.known.transpose() * rows.squares;
  sums.noalias() -= 2 * references.values.transpose() * rows.values;
  const MatrixX<float> common = references.known.transpose() * rows.known;
  const auto size = static_cast<float>(rows.values.rows());
  return (common.array() > 0).select(sums.array().max(0.F) * size / common.array(), INFINITY);
}

/// The nearest references that know a value, at most `count`, in no order.
std::vector<Index> nearest(const float* distance, const MatrixX<float>& known, Index value, std::size_t count) {
  std::vector<std::pair<float, Index>> heap;  // the farthest first; of equal ones the last
  for (Index r = 0; r < known.cols(); ++r) {
    if (known(value, r) == 0 || std::isinf(distance[r])) continue;
    const std::pair candidate{distance[r], r};
    if (heap.size() == count) {
      if (!(candidate < heap.front())) continue;
      std::pop_heap(heap.begin(), heap.end());
      heap.back() = candidate;
    } else {
      heap.push_back(candidate);
    }
    std::push_heap(heap.begin(), heap.end());
  }
  std::vector<Index> found;
  for (const auto& [far, r] : heap) found.push_back(r);
  return found;
}

}  // namespace

MatrixX<float> filled_by_neighbors(const MatrixX<float>& rows, const MatrixX<float>& references,
                                   const std::vector<Index>& sizes, std::size_t neighbors) {
  constexpr Index at_once = 256;
  const MaskedRows masked(references);
  MatrixX<float> filled = rows;
  for (Index start = 0; start < rows.cols(); start += at_once) {
    const Index count = (std::min)(at_once, rows.cols() - start);
    const MatrixX<float> distance = distances(masked, MaskedRows(rows.middleCols(start, count)));
    for (Index j = 0; j < count; ++j) {
      Index first = 0;
      for (const Index size : sizes) {
        auto values = filled.col(start + j).segment(first, size);
        if (std::isnan(values[0])) {
          const std::vector<Index> found = nearest(distance.col(j).data(), masked.known, first, neighbors);
          if (!found.empty()) values.setZero();
          for (const Index r : found)
            values += references.col(r).segment(first, size) / static_cast<float>(found.size());
        }
        first += size;
      }
    }
  }
  return filled;
}

}  // namespace examples
