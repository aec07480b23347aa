#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/source.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/detail/data/statistics.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/unknown.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Scalings of streamed data: fitted in one pass, and applied to each sample when it is read:
///
///     Stream raw{NpySource{"all.npy"}};
///     const auto scaling = standard_scaling(raw);
///     Stream stream{Scaled{NpySource{"all.npy"}, scaling}};
namespace eigencoder {

/// `min_max_scaling` of the samples of a loader, such as a `Stream`, which are read once in order.
/// @throws DataError where there are no samples, or one holds infinity or, unless skipped, NaN
/// @throws OptionError unless low < high
template <class Scalar>
Scaling<Scalar> min_max_scaling(BatchLoader<Scalar>& loader, double low = 0, double high = 1,
                                Unknown unknown = Unknown::refused) {
  MatrixX<Scalar> bounds;  // the smallest and the largest values, as two samples: these have the same scaling
  detail::for_each_loaded_sample(loader, unknown, "min_max_scaling", [&](const Scalar* sample) {
    if (bounds.size() == 0) bounds = View<Scalar>(sample, loader.rows(), 1).matrix().replicate(1, 2);
    for (Index i = 0; i < bounds.rows(); ++i) {
      if (sample[i] < bounds(i, 0) || std::isnan(bounds(i, 0))) bounds(i, 0) = sample[i];
      if (sample[i] > bounds(i, 1) || std::isnan(bounds(i, 1))) bounds(i, 1) = sample[i];
    }
  });
  return min_max_scaling(bounds, low, high, unknown);
}

/// `standard_scaling` of the samples of a loader, such as a `Stream`, which are read once in order; computed in double.
/// Source: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4, 1962.
/// @throws DataError where there are no samples, one holds infinity or, unless skipped, NaN, or squares overflow a
///         double
template <class Scalar>
Scaling<Scalar> standard_scaling(BatchLoader<Scalar>& loader, Unknown unknown = Unknown::refused) {
  std::vector<detail::RunningMoments> moments(static_cast<std::size_t>(loader.rows()));
  detail::for_each_loaded_sample(loader, unknown, "standard_scaling", [&](const Scalar* sample) {
    for (std::size_t i = 0; i < moments.size(); ++i)
      if (!std::isnan(sample[i])) moments[i].add(static_cast<double>(sample[i]));
  });
  Scaling<Scalar> scaling;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (moments[i].count == 0)
      throw DataError(detail::message({"standard_scaling: value ", i, " is unknown in all samples"}));
    const auto stddev = static_cast<Scalar>(moments[i].stddev());
    if (!std::isfinite(stddev)) detail::throw_too_wide(i, "standard_scaling");
    scaling.scale.push_back(stddev > 0 ? stddev : Scalar{1});
    scaling.offset.push_back(static_cast<Scalar>(moments[i].mean));
  }
  return scaling;
}

/// `robust_scaling` of the samples of a loader, such as a `Stream`, which are read once in order. Of more than 65536
/// samples that many are drawn at random, by a seed that is always the same, so that memory is bounded: the quartiles
/// then stand at probabilities that are off by 0.002, one standard deviation.
/// @throws DataError where there are no samples, one holds infinity or, unless skipped, NaN, or the range of a value
///         overflows
template <class Scalar>
Scaling<Scalar> robust_scaling(BatchLoader<Scalar>& loader, Unknown unknown = Unknown::refused) {
  return robust_scaling(detail::draw_samples(loader, unknown, "robust_scaling"), unknown);
}

/// `quantile_scaling` of the samples of a loader, such as a `Stream`, from as many samples as `robust_scaling` takes.
/// @throws DataError, OptionError as the function of samples in memory does
template <class Scalar>
QuantileScaling<Scalar> quantile_scaling(BatchLoader<Scalar>& loader, const QuantileScalingOptions& options = {}) {
  return quantile_scaling(detail::draw_samples(loader, options.unknown, "quantile_scaling"), options);
}

/// A source that reads from another one and applies `Scaling::transform` to each sample. It satisfies the same concept,
/// `RandomAccessSource` or `SequentialSource`, as the other.
template <class Source, class Scalar = float>
class Scaled {
 public:
  /// @throws ShapeError where a sample has another number of values than the scaling
  Scaled(Source source, Scaling<Scalar> scaling) : source_(std::move(source)), scaling_(std::move(scaling)) {
    if (static_cast<Index>(scaling_.scale.size()) != rows() || static_cast<Index>(scaling_.offset.size()) != rows())
      throw ShapeError(detail::message({"Scaled: a scaling of ", scaling_.scale.size(),
                                        " values, the source's samples have ", rows()}));
  }

  /// As the source that it reads from.
  ///@{
  Index size() const { return source_.size(); }
  Index rows() const { return source_.rows(); }
  std::string name() const
    requires NamedSource<Source>
  {
    return source_.name();
  }
  void read(std::span<const std::uint32_t> indices, Scalar* out)
    requires RandomAccessSource<Source, Scalar>
  {
    source_.read(indices, out);
    scale(out, static_cast<Index>(indices.size()));
  }
  Index next(Scalar* out, Index count)
    requires SequentialSource<Source, Scalar>
  {
    const Index written = source_.next(out, count);
    scale(out, written);
    return written;
  }
  void rewind()
    requires SequentialSource<Source, Scalar>
  {
    source_.rewind();
  }
  ///@}

 private:
  void scale(Scalar* sample, Index count) const {
    for (; count > 0; --count, sample += rows()) scaling_.transform(sample, sample);
  }

  Source source_;
  Scaling<Scalar> scaling_;
};

}  // namespace eigencoder
