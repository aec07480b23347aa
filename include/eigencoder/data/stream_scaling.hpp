#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Scalings of data that are streamed, learned in one pass, and samples that are scaled on their way in:
///
///     Stream raw{NpySource{"all.npy"}};
///     const auto scaling = standard_scaling(raw);
///     Stream stream{Scaled{NpySource{"all.npy"}, scaling}};
namespace eigencoder {
namespace detail {

/// Calls `visit(sample)` for each of a feed's samples, in their order. @throws DataError for NaN or infinity in one
template <class Scalar, class Visit>
void each_sample(BatchLoader<Scalar>& loader, const char* what, const Visit& visit) {
  if (loader.size() == 0) throw DataError(message({what, ": no samples"}));
  for_each_run(iota(loader.size()), 256, [&](auto places, auto next) {
    const Batch<Scalar> columns = loader.fetch(places, next);
    for (Index j = 0; j < static_cast<Index>(places.size()); ++j) {
      check_finite(columns.input(j), loader.rows(), static_cast<Index>(places[static_cast<std::size_t>(j)]), loader.name());
      visit(columns.input(j));
    }
  });
}

}  // namespace detail

/// `min_max_scaling` of samples that are read once, from the first to the last.
/// @throws as there, and what reading throws
template <class Scalar>
Scaling<Scalar> min_max_scaling(BatchLoader<Scalar>& loader, double low = 0, double high = 1) {
  MatrixX<Scalar> bounds;  // smallest and largest: they are scaled as all samples are
  detail::each_sample(loader, "min_max_scaling", [&](const Scalar* sample) {
    if (bounds.size() == 0) bounds = View<Scalar>(sample, loader.rows(), 1).matrix().replicate(1, 2);
    for (Index i = 0; i < bounds.rows(); ++i) {
      if (sample[i] < bounds(i, 0)) bounds(i, 0) = sample[i];
      if (sample[i] > bounds(i, 1)) bounds(i, 1) = sample[i];
    }
  });
  return min_max_scaling(bounds, low, high);
}

/// `standard_scaling` of samples that are read once, from the first to the last, in double. Source: Welford, "Note on a
/// method for calculating corrected sums of squares and products", Technometrics 4, 1962.
/// @throws as there, and what reading throws; DataError also where squares overflow a double
template <class Scalar>
Scaling<Scalar> standard_scaling(BatchLoader<Scalar>& loader) {
  const auto rows = static_cast<std::size_t>(loader.rows());
  std::vector<double> mean(rows, 0.0), square(rows, 0.0);  // of the deviations from the mean, summed
  double n = 0;
  detail::each_sample(loader, "standard_scaling", [&](const Scalar* sample) {
    ++n;
    for (std::size_t i = 0; i < rows; ++i) {
      const double value = static_cast<double>(sample[i]), before = value - mean[i];
      mean[i] += before / n;
      square[i] += before * (value - mean[i]);
    }
  });
  Scaling<Scalar> scaling;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto stddev = static_cast<Scalar>(std::sqrt(square[i] / n));
    if (!std::isfinite(stddev)) detail::too_wide(i, "standard_scaling");
    scaling.scale.push_back(stddev > 0 ? stddev : Scalar{1});
    scaling.offset.push_back(static_cast<Scalar>(mean[i]));
  }
  return scaling;
}

/// A source whose samples come scaled, as `Scaling::transform` scales them; of the same sort as the one it reads.
template <class Source, class Scalar = float>
class Scaled {
 public:
  /// @throws ShapeError where a sample has another number of values than the scaling
  Scaled(Source source, Scaling<Scalar> scaling) : source_(std::move(source)), scaling_(std::move(scaling)) {
    if (static_cast<Index>(scaling_.scale.size()) != rows() || static_cast<Index>(scaling_.offset.size()) != rows())
      throw ShapeError(detail::message({"Scaled: a scaling of ", scaling_.scale.size(),
                                        " values, the source's samples have ", rows()}));
  }

  Index size() const { return source_.size(); }
  Index rows() const { return source_.rows(); }
  std::string name() const
    requires NamedSource<Source>
  {
    return source_.name();
  }

  void read(std::span<const std::uint32_t> places, Scalar* out)
    requires RandomAccessSource<Source, Scalar>
  {
    source_.read(places, out);
    scale(out, static_cast<Index>(places.size()));
  }
  Index next(Scalar* out, Index count)
    requires SequentialSource<Source, Scalar>
  {
    const Index got = source_.next(out, count);
    scale(out, got);
    return got;
  }
  void rewind()
    requires SequentialSource<Source, Scalar>
  {
    source_.rewind();
  }

 private:
  void scale(Scalar* sample, Index count) const {
    for (; count > 0; --count, sample += rows())
      for (std::size_t i = 0; i < scaling_.scale.size(); ++i)
        sample[i] = (sample[i] - scaling_.offset[i]) / scaling_.scale[i];
  }

  Source source_;
  Scaling<Scalar> scaling_;
};

}  // namespace eigencoder
