#pragma once

#include <algorithm>
#include <eigencoder/extend/types.hpp>
#include <limits>

namespace eigencoder::detail {

/// How many codes lie side by side, value by value, in a codebook laid out for search.
inline constexpr Index codebook_lanes = 16;

/// How many values a codebook of `codes` vectors of `width` values takes.
inline Index codebook_room(Index codes, Index width) {
  return (codes + codebook_lanes - 1) / codebook_lanes * codebook_lanes * width;
}

/// The codebook of a `VectorQuantized` model, `codes` vectors of `width` values, from its running statistics, laid out
/// for search.
template <class Scalar>
class Codebook {
  static constexpr Index lanes = codebook_lanes, rows = 4;
  static constexpr double smoothing = 1e-5;

 public:
  /// Vector k is its sum over its count, e = m / N (van den Oord et al. 2017, appendix A.1). Laplace smoothing keeps
  /// the count off zero, and the total n of all: (N + s) n / (n + codes s) for N, s = 1e-5. `values` is room for it.
  Codebook(const Scalar* counts, const Scalar* sums, Index codes, Index width, Scalar* values)
      : codes_(codes), width_(width), values_(values) {
    double total = 0;
    for (Index k = 0; k < codes; ++k) total += static_cast<double>(counts[k]);
    std::fill_n(values, codebook_room(codes, width), Scalar(0));
    const double share = total / (total + static_cast<double>(codes) * smoothing);
    for (Index k = 0; k < codes; ++k) {
      const double count = (static_cast<double>(counts[k]) + smoothing) * share;
      for (Index i = 0; i < width; ++i)
        values[place(k, i)] = static_cast<Scalar>(static_cast<double>(sums[k * width + i]) / count);
    }
  }

  void copy(Index k, Scalar* to) const {
    for (Index i = 0; i < width_; ++i) to[i] = values_[place(k, i)];
  }

  /// For each of `count` vectors, side by side, the index of the nearest code; of equally near ones the first. The
  /// differences are squared, not the vectors multiplied: far from zero a product would drown them.
  void nearest(const Scalar* vectors, Index count, Scalar* indices) const {
    for (Index first = 0; first < count; first += rows) {
      const Scalar* z[rows];
      for (Index r = 0; r < rows; ++r) z[r] = vectors + (std::min)(first + r, count - 1) * width_;
      Scalar least[rows];
      Index at[rows] = {};
      std::fill_n(least, rows, std::numeric_limits<Scalar>::infinity());
      for (Index k = 0; k < codes_; k += lanes) {
        Lanes square[rows];
        measure(z, values_ + k * width_, square);
        const Index last = (std::min)(lanes, codes_ - k);
        for (Index r = 0; r < rows; ++r)
          for (Index lane = 0; lane < last; ++lane)
            if (square[r][lane] < least[r]) {
              least[r] = square[r][lane];
              at[r] = k + lane;
            }
      }
      for (Index r = 0; r < (std::min)(rows, count - first); ++r) indices[first + r] = static_cast<Scalar>(at[r]);
    }
  }

 private:
  using Lanes = Eigen::Array<Scalar, lanes, 1>;

  Index place(Index k, Index i) const { return (k / lanes * width_ + i) * lanes + k % lanes; }

  /// The squared distances of some vectors to neighboring codes. As whole arrays, or compilers keep them in memory.
  void measure(const Scalar* const (&z)[rows], const Scalar* e, Lanes (&square)[rows]) const {
    Lanes sum[rows] = {Lanes::Zero(), Lanes::Zero(), Lanes::Zero(), Lanes::Zero()};
    for (Index i = 0; i < width_; ++i) {
      const Eigen::Map<const Lanes> code(e + i * lanes);
      for (Index r = 0; r < rows; ++r) sum[r] += (code - z[r][i]).square();
    }
    for (Index r = 0; r < rows; ++r) square[r] = sum[r];
  }

  Index codes_, width_;
  Scalar* values_;
};

}  // namespace eigencoder::detail
