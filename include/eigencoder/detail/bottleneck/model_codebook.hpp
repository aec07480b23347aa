#pragma once

#include <eigencoder/detail/bottleneck/nearest_code.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

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
