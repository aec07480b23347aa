#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/extend/shape.hpp>
#include <limits>
#include <span>

namespace eigencoder::detail {

/// What a network lets in: samples of its input's shape and targets of its loss's range, every value finite.
template <class Scalar, class LossType>
struct InputValidation {
  using Samples = View<Scalar>;

  Shape input;
  LossType loss;

  /// Throws unless this network can learn or compute_loss these pairs of inputs and targets; the names say whose they are.
  [[gnu::cold]] void check_samples(Samples inputs, Samples targets, const char* inputs_name,
                                   const char* targets_name) const {
    check_count(inputs.rows(), inputs.cols(), inputs_name);
    check_finite(inputs, inputs_name);
    if (targets != inputs) {
      check_rows(targets, input.size(), targets_name);
      check_finite(targets, targets_name);
      if (targets.cols() != inputs.cols())
        throw ShapeError(message({targets_name, ": ", targets.cols(), " for ", inputs.cols(), " inputs"}));
    }
    check_range(targets, loss, input.channels, targets_name);
  }

  /// The same for a loader; where its samples are not in memory, of their sizes alone.
  void check_samples(const BatchLoader<Scalar>& loader, const char* inputs_name, const char* targets_name) const {
    if (const auto* all = loader.all()) check_samples(all->inputs, all->targets, inputs_name, targets_name);
    else check_count(loader.rows(), loader.size(), inputs_name);
  }
  /// The same where targets do not matter.
  void check_inputs(const BatchLoader<Scalar>& loader, const char* name) const {
    check_count(loader.rows(), loader.size(), name);
    if (const auto* all = loader.all()) check_finite(all->inputs, name);
  }

  /// The samples at these places; throws where they have yet to be checked and are not such as can be learned.
  Batch<Scalar> fetch(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> places,
                        std::span<const std::uint32_t> next) const {
    const Batch<Scalar> batch = fetch_inputs(loader, places, next);
    if (loader.all()) return batch;
    const char* name = batch.has_targets() ? "the targets of the source" : loader.name();
    check_rows(batch.targets, input.size(), name);
    check_given(batch.targets, batch, places, name);
    for (std::size_t k = 0; k < places.size(); ++k) {
      const Scalar* target = batch.target(static_cast<Index>(k));
      const auto place = static_cast<Index>(places[k]);
      if (batch.has_targets()) check_finite(target, input.size(), place, name);
      check_range(target, input.size(), loss, input.channels, place, name);
    }
    return batch;
  }
  /// The same where targets do not matter.
  Batch<Scalar> fetch_inputs(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> places,
                               std::span<const std::uint32_t> next) const {
    const Batch<Scalar> batch = loader.fetch(places, next);
    if (loader.all()) return batch;
    check_rows(batch.inputs, input.size(), loader.name());
    check_given(batch.inputs, batch, places, loader.name());
    for (std::size_t k = 0; k < places.size(); ++k)
      check_finite(batch.input(static_cast<Index>(k)), input.size(), static_cast<Index>(places[k]), loader.name());
    return batch;
  }

 private:
  /// Throws unless a feed gave as many columns as it was asked for.
  void check_given(Samples columns, const Batch<Scalar>& batch, std::span<const std::uint32_t> places,
                   const char* name) const {
    for (Index j = 0; j < static_cast<Index>(places.size()); ++j)
      if (batch.column(j) >= columns.cols())
        throw DataError(message({name, ": gave ", j, " of ", static_cast<Index>(places.size()), " samples"}));
  }

  void check_count(Index rows, Index samples, const char* name) const {
    check_rows(Samples(nullptr, rows, samples), input.size(), name);
    if (static_cast<std::uint64_t>(samples) > (std::numeric_limits<std::uint32_t>::max)())
      throw DataError(message({name, ": ", samples, " samples, the most are 4294967295"}));
  }
};

}  // namespace eigencoder::detail
