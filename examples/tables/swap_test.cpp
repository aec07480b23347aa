#include "swap_test.hpp"

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/random.hpp>
#include <numeric>
#include <span>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX;

SwappedRows swap_values(const MatrixX<float>& rows, const std::vector<double>& deviation, std::uint64_t seed,
                        Index most) {
  constexpr int draws = 200;
  eigencoder::Random random(seed, eigencoder::Purpose::user, 1);
  std::vector<Index> order(static_cast<std::size_t>(rows.cols()));
  std::iota(order.begin(), order.end(), Index{0});
  eigencoder::shuffle(std::span(order), random);
  const auto any_below = [&](Index n) { return static_cast<Index>(random.below(static_cast<std::uint32_t>(n))); };
  SwappedRows swapped;
  swapped.rows.resize(rows.rows(), (std::min)(most, rows.cols()));
  for (Index k = 0; k < swapped.rows.cols(); ++k) {
    const auto at = static_cast<Index>(swapped.columns.size());
    swapped.rows.col(at) = rows.col(order[static_cast<std::size_t>(k)]);
    for (int draw = 0; draw < draws; ++draw) {
      const Index i = any_below(rows.rows()), j = any_below(rows.cols());
      const double moved = static_cast<double>(rows(i, j)) - static_cast<double>(swapped.rows(i, at));
      if (!(std::abs(moved) >= deviation[static_cast<std::size_t>(i)])) continue;
      swapped.rows(i, at) = rows(i, j);
      swapped.columns.push_back(i);
      break;
    }
  }
  swapped.rows.conservativeResize(Eigen::NoChange, static_cast<Index>(swapped.columns.size()));
  return swapped;
}

double swaps_found(const SwappedRows& swapped, const MatrixX<double>& contributions) {
  double found = 0;
  for (Index k = 0; k < contributions.cols(); ++k) {
    Index largest = 0;
    contributions.col(k).maxCoeff(&largest);
    if (largest == swapped.columns[static_cast<std::size_t>(k)]) found += 1;
  }
  return found / static_cast<double>(contributions.cols());
}

}  // namespace examples
