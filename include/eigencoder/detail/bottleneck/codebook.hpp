#pragma once

#include <algorithm>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>

namespace eigencoder::detail {

/// A packed codebook interleaves this many codes, value by value, so that a search compares them in one vector.
inline constexpr Index codebook_lanes = 16;

/// The number of values of a packed codebook of `codes` vectors of `width` values.
inline Index packed_codebook_size(Index codes, Index width) {
  return (codes + codebook_lanes - 1) / codebook_lanes * codebook_lanes * width;
}

/// The codebook of a `VectorQuantized` model, `codes` vectors of `width` values, computed from its running statistics
/// and packed for the search of nearest codes.
template <class Scalar>
class Codebook {
  static constexpr Index lanes = codebook_lanes;
  static constexpr Index rows = 4;  // vectors that are searched for together
  static constexpr double smoothing = 1e-5;

 public:
  /// Vector k is its sum divided by its count, e = m / N (van den Oord et al. 2017, appendix A.1). Laplace smoothing
  /// with s = 1e-5 replaces N by (N + s) n / (n + codes s), which is above 0 and keeps the total n of all counts.
  /// `values` holds `packed_codebook_size(codes, width)` values.
  Codebook(const Scalar* counts, const Scalar* sums, Index codes, Index width, Scalar* values)
      : codes_(codes), width_(width), values_(values) {
    double total = 0;
    for (Index k = 0; k < codes; ++k) total += static_cast<double>(counts[k]);
    std::fill_n(values, packed_codebook_size(codes, width), Scalar(0));
    const double share = total / (total + static_cast<double>(codes) * smoothing);
    for (Index k = 0; k < codes; ++k) {
      const double count = (static_cast<double>(counts[k]) + smoothing) * share;
      for (Index i = 0; i < width; ++i)
        values[index(k, i)] = static_cast<Scalar>(static_cast<double>(sums[k * width + i]) / count);
    }
  }

  /// Value i of vector k.
  Scalar value(Index k, Index i) const { return values_[index(k, i)]; }
  /// Writes vector k.
  void copy(Index k, Scalar* to) const {
    for (Index i = 0; i < width_; ++i) to[i] = values_[index(k, i)];
  }

  /// Writes the index of the nearest code, the first of equally near ones, for each of `count` contiguous vectors. The
  /// distances are sums of squared differences: products of the vectors would cancel far from zero.
  void nearest(const Scalar* vectors, Index count, Scalar* indices) const {
    for (Index first = 0; first < count; first += rows) {
      const Scalar* z[rows];
      for (Index r = 0; r < rows; ++r) z[r] = vectors + (std::min)(first + r, count - 1) * width_;
      Scalar least[rows];
      Index best[rows] = {};
      std::fill_n(least, rows, std::numeric_limits<Scalar>::infinity());
      for (Index k = 0; k < codes_; k += lanes) {
        Lanes square[rows];
        squared_distances(z, values_ + k * width_, square);
        const Index last = (std::min)(lanes, codes_ - k);
        for (Index r = 0; r < rows; ++r)
          for (Index lane = 0; lane < last; ++lane)
            if (square[r][lane] < least[r]) {
              least[r] = square[r][lane];
              best[r] = k + lane;
            }
      }
      for (Index r = 0; r < (std::min)(rows, count - first); ++r) indices[first + r] = static_cast<Scalar>(best[r]);
    }
  }

 private:
  using Lanes = Eigen::Array<Scalar, lanes, 1>;

  /// The position of value i of code k.
  Index index(Index k, Index i) const { return (k / lanes * width_ + i) * lanes + k % lanes; }

  /// The squared distances of `rows` vectors from `lanes` packed codes. The sums are local arrays, which compilers keep
  /// in registers.
  void squared_distances(const Scalar* const (&z)[rows], const Scalar* e, Lanes (&square)[rows]) const {
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

/// The codebook of a model, computed from its running statistics: counts and sums of the codes are the last two blocks.
template <class Scalar>
class ModelCodebook {
 public:
  template <class Model>
  explicit ModelCodebook(const Model& model)
      : ModelCodebook(model.layout(), model.statistics().data()) {}
  /// The codebook in statistics of this layout.
  ModelCodebook(const ParameterLayout& layout, const Scalar* statistics)
      : ModelCodebook(statistics, *(layout.statistics_blocks().end() - 2), layout.statistics_blocks().back()) {}

  /// The number of codes.
  Index codes() const { return codes_; }
  /// The number of values of a code.
  Index width() const { return width_; }
  /// Value i of all codes, one code after another.
  Scalar value(Index i) const { return book_.value(i / width_, i % width_); }
  const Codebook<Scalar>* operator->() const { return &book_; }

 private:
  ModelCodebook(const Scalar* statistics, const StatisticsBlock& counts, const StatisticsBlock& sums)
      : codes_(counts.size),
        width_(sums.size / codes_),
        values_(packed_codebook_size(codes_, width_)),
        book_(statistics + counts.offset, statistics + sums.offset, codes_, width_, values_.data()) {}

  Index codes_, width_;
  Buffer<Scalar> values_;
  Codebook<Scalar> book_;
};

}  // namespace eigencoder::detail
