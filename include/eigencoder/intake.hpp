#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/data/check.hpp>
#include <eigencoder/data/feed.hpp>
#include <limits>
#include <span>

namespace eigencoder::detail {

/// What a network lets in: samples of its input's shape and targets of its loss's range, every value finite.
template <class Scalar, class LossType>
struct Intake {
  using Samples = View<Scalar>;

  Shape input;
  LossType loss;

  /// Throws unless this network can learn or judge these pairs of inputs and targets; the names say whose they are.
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

  /// The same for a feed; where its samples are not in memory, of their sizes alone.
  void check_samples(const Feed<Scalar>& feed, const char* inputs_name, const char* targets_name) const {
    if (const auto* all = feed.all()) check_samples(all->inputs, all->targets, inputs_name, targets_name);
    else check_count(feed.rows(), feed.size(), inputs_name);
  }
  /// The same where targets do not matter.
  void check_inputs(const Feed<Scalar>& feed, const char* name) const {
    check_count(feed.rows(), feed.size(), name);
    if (const auto* all = feed.all()) check_finite(all->inputs, name);
  }

  /// The samples at these places; throws where they have yet to be checked and are not such as can be learned.
  Columns<Scalar> fetch(Feed<Scalar>& feed, std::span<const std::uint32_t> places,
                        std::span<const std::uint32_t> next) const {
    const Columns<Scalar> batch = fetch_inputs(feed, places, next);
    if (feed.all()) return batch;
    const char* name = batch.pairs() ? "the targets of the source" : feed.name();
    check_rows(batch.targets, input.size(), name);
    check_given(batch.targets, batch, places, name);
    for (std::size_t k = 0; k < places.size(); ++k) {
      const Scalar* target = batch.target(static_cast<Index>(k));
      const auto place = static_cast<Index>(places[k]);
      if (batch.pairs()) check_finite(target, input.size(), place, name);
      check_range(target, input.size(), loss, input.channels, place, name);
    }
    return batch;
  }
  /// The same where targets do not matter.
  Columns<Scalar> fetch_inputs(Feed<Scalar>& feed, std::span<const std::uint32_t> places,
                               std::span<const std::uint32_t> next) const {
    const Columns<Scalar> batch = feed.fetch(places, next);
    if (feed.all()) return batch;
    check_rows(batch.inputs, input.size(), feed.name());
    check_given(batch.inputs, batch, places, feed.name());
    for (std::size_t k = 0; k < places.size(); ++k)
      check_finite(batch.input(static_cast<Index>(k)), input.size(), static_cast<Index>(places[k]), feed.name());
    return batch;
  }

 private:
  /// Throws unless a feed gave as many columns as it was asked for.
  void check_given(Samples columns, const Columns<Scalar>& batch, std::span<const std::uint32_t> places,
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
