#include "reasons.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX;

std::vector<std::vector<Reason>> reasons_of(const MatrixX<double>& contributions, Index count) {
  std::vector<std::vector<Reason>> found;
  std::vector<Index> order(static_cast<std::size_t>(contributions.rows()));
  const auto most = static_cast<std::ptrdiff_t>((std::min)(count, contributions.rows()));
  for (Index j = 0; j < contributions.cols(); ++j) {
    std::iota(order.begin(), order.end(), Index{0});
    std::partial_sort(order.begin(), order.begin() + most, order.end(), [&](Index a, Index b) {
      const double of_a = contributions(a, j), of_b = contributions(b, j);
      return of_a > of_b || (of_a == of_b && a < b);
    });
    double sum = 0;  // in the same order wherever the column lies, so with the same bits
    for (Index i = 0; i < contributions.rows(); ++i) sum += contributions(i, j);
    found.emplace_back();
    for (std::ptrdiff_t k = 0; k < most; ++k) {
      const Index i = order[static_cast<std::size_t>(k)];
      if (contributions(i, j) > 0) found.back().push_back({i, contributions(i, j) / sum});
    }
  }
  return found;
}

std::string reason_text(const std::vector<Reason>& reasons, const std::vector<std::string>& names) {
  constexpr double least_share = 0.1;
  std::string text;
  for (const Reason& reason : reasons) {
    if (!text.empty() && reason.share < least_share) break;
    text += (text.empty() ? "" : ", ") + shortened(names[static_cast<std::size_t>(reason.column)], 40) + " " +
            pair_text(reason.value, reason.expected);
  }
  return text;
}

}  // namespace examples
