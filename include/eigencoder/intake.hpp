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
  [[gnu::cold]] void check(Samples inputs, Samples targets, const char* inputs_name, const char* targets_name) const {
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
  void check(const Feed<Scalar>& feed, const char* inputs_name, const char* targets_name) const {
    if (const auto* all = feed.all()) check(all->inputs, all->targets, inputs_name, targets_name);
    else check_count(feed.rows(), feed.size(), inputs_name);
  }

  /// The samples at these places; throws where they have yet to be checked and are not such as can be learned.
  Columns<Scalar> fetch(Feed<Scalar>& feed, std::span<const std::uint32_t> places,
                        std::span<const std::uint32_t> next) const {
    const Columns<Scalar> batch = feed.fetch(places, next);
    if (!feed.all()) check_fetched(batch, places, "the source", "the targets of the source");
    return batch;
  }

 private:
  /// What a feed gave for these places.
  void check_fetched(const Columns<Scalar>& batch, std::span<const std::uint32_t> places, const char* inputs_name,
                     const char* targets_name) const {
    check_rows(batch.inputs, input.size(), inputs_name);
    check_rows(batch.targets, input.size(), targets_name);
    for (std::size_t k = 0; k < places.size(); ++k) {
      const auto j = static_cast<Index>(k);
      if (batch.column(j) >= std::min(batch.inputs.cols(), batch.targets.cols()))
        throw DataError(message({inputs_name, ": gave ", j, " of ", static_cast<Index>(places.size()), " samples"}));
      check_finite(batch.input(j), input.size(), places[k], inputs_name);
      if (batch.pairs()) check_finite(batch.target(j), input.size(), places[k], targets_name);
      check_range(batch.target(j), input.size(), loss, input.channels, places[k],
                  batch.pairs() ? targets_name : inputs_name);
    }
  }

  void check_count(Index rows, Index samples, const char* name) const {
    check_rows(Samples(nullptr, rows, samples), input.size(), name);
    if (static_cast<std::uint64_t>(samples) > std::numeric_limits<std::uint32_t>::max())
      throw DataError(message({name, ": ", samples, " samples, the most are 4294967295"}));
  }
};

}  // namespace eigencoder::detail
