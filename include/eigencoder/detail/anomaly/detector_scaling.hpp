#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/unknown.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <utility>
#include <vector>

/// @file
/// A detector's scaling: its parameters are doubles, so that a slow drift of large values is not lost in rounding.
namespace eigencoder::detail {

/// What NaN in a detector's samples means: that depends on its models.
template <class Model>
inline constexpr Unknown unknown_of = Model::allows_missing ? Unknown::skipped : Unknown::refused;

/// A fitted scaling in double.
template <class Scalar>
Scaling<double> widen(const Scaling<Scalar>& scaling) {
  return {{scaling.offset.begin(), scaling.offset.end()}, {scaling.scale.begin(), scaling.scale.end()}};
}

/// The scaling of this kind that fits samples in memory, or those of a loader.
template <class Scalar, class Samples>
Scaling<double> fit_scaling(DetectorScaling kind, Samples& samples, Index values, Unknown unknown) {
  switch (kind) {
    case DetectorScaling::standard:
      return widen<Scalar>(standard_scaling(samples, unknown));
    case DetectorScaling::robust:
      return widen<Scalar>(robust_scaling(samples, unknown));
    case DetectorScaling::min_max:
      return widen<Scalar>(min_max_scaling(samples, 0, 1, unknown));
    case DetectorScaling::none:
      break;
  }
  const auto size = static_cast<std::size_t>(values);
  return {std::vector<double>(size, 0.0), std::vector<double>(size, 1.0)};
}

/// Writes a scaled sample, whose index is `index`.
/// @throws DataError for NaN (see `Unknown`), infinity, and a value that the scalar cannot hold once it is scaled
template <class Scalar>
void scale_sample(const Scaling<double>& scaling, const Scalar* from, Scalar* to, Index index, Unknown unknown,
                  const char* what) {
  const auto size = static_cast<Index>(scaling.scale.size());
  check_sample(from, size, index, unknown, what, needs_missing_values);
  for (Index i = 0; i < size; ++i) {
    const auto k = static_cast<std::size_t>(i);
    to[i] = static_cast<Scalar>((static_cast<double>(from[i]) - scaling.offset[k]) / scaling.scale[k]);
  }
  if (is_finite(to, size)) return;
  for (Index i = 0; i < size; ++i)
    if (std::isinf(to[i]))
      throw DataError(message({what, ": sample ", index, ": value ", i, " is too large once it is scaled"}));
}

/// Some samples of a loader, scaled as they are fetched. Indices must ascend where the loader reads from first to last;
/// they are then shuffled in blocks so small that none spans more than two of the loader's.
template <class Scalar>
class SubsetLoader final : public BatchLoader<Scalar> {
 public:
  /// A null scaling leaves the samples as they are.
  SubsetLoader(BatchLoader<Scalar>& loader, std::vector<std::uint32_t> indices, const Scaling<double>* scaling,
               Unknown unknown)
      : loader_(loader), indices_(std::move(indices)), scaling_(scaling), unknown_(unknown) {
    window_ = loader.shuffle_window();
    while (window_ > 1 && !spans_two_blocks_at_most(window_)) window_ /= 2;
  }

  Index size() const override { return static_cast<Index>(indices_.size()); }
  Index rows() const override { return loader_.rows(); }
  bool has_targets() const override { return false; }
  const char* name() const override { return loader_.name(); }
  Index shuffle_window() const override { return window_; }

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    map(indices, wanted_);
    map(next, upcoming_);
    const Batch<Scalar> batch = loader_.fetch(wanted_, upcoming_);
    samples_.resize(rows(), static_cast<Index>(indices.size()));
    for (Index j = 0; j < samples_.cols(); ++j) {
      if (batch.column(j) >= batch.inputs.cols() || batch.inputs.rows() != rows())
        throw DataError(message({name(), ": gave ", j, " of ", samples_.cols(), " samples"}));
      const auto index = static_cast<Index>(wanted_[static_cast<std::size_t>(j)]);
      Scalar* const to = samples_.col(j).data();
      if (scaling_) {
        scale_sample(*scaling_, batch.input(j), to, index, unknown_, name());
      } else {
        check_sample(batch.input(j), rows(), index, unknown_, name(), needs_missing_values);
        std::copy_n(batch.input(j), rows(), to);
      }
    }
    return {samples_, samples_, nullptr};
  }

 private:
  bool spans_two_blocks_at_most(Index window) const {
    const auto block_of = [&](Index k) {
      return static_cast<Index>(indices_[static_cast<std::size_t>(k)]) / loader_.shuffle_window();
    };
    for (Index first = 0; first < size(); first += window)
      if (block_of((std::min)(first + window, size()) - 1) - block_of(first) > 1) return false;
    return true;
  }

  void map(std::span<const std::uint32_t> from, std::vector<std::uint32_t>& to) const {
    to.clear();
    for (const std::uint32_t k : from) to.push_back(indices_[k]);
  }

  BatchLoader<Scalar>& loader_;
  Index window_ = 0;
  std::vector<std::uint32_t> indices_, wanted_, upcoming_;
  const Scaling<double>* scaling_;
  Unknown unknown_;
  MatrixX<Scalar> samples_;
};

}  // namespace eigencoder::detail
