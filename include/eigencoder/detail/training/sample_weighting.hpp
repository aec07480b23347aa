#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>

namespace eigencoder::detail {

/// How much the loss of each sample counts in a training step, see `FitOptions::sample_weights` and `FitOptions::trim`.
struct SampleWeighting {
  const double* weights = nullptr;  ///< one for each sample of the data set, by its index; null: 1 for each
  double trim = 0;                  ///< the fraction of a batch, of the largest losses, that counts nothing; in [0, 1)

  /// Whether any loss may count otherwise than with the weight 1.
  bool applies() const { return weights != nullptr || trim > 0; }
  /// The weight of the sample of this index, before trimming.
  double of(std::uint32_t index) const { return weights ? weights[index] : 1; }
};

/// @throws ShapeError unless there is a weight for each sample, DataError for one that is negative, infinite or NaN;
/// `what` names the weights
[[gnu::cold]] inline void check_sample_weights(std::span<const double> weights, Index samples, const char* what) {
  const auto count = static_cast<Index>(weights.size());
  if (count != samples) throw ShapeError(message({what, ": ", count, " for ", samples, " samples"}));
  for (Index j = 0; j < count; ++j)
    if (const double weight = weights[static_cast<std::size_t>(j)]; !(weight >= 0 && std::isfinite(weight)))
      throw DataError(message({what, ": that of sample ", j,
                               weight < 0 ? " is negative" : weight > 0 ? " is infinite" : " is NaN"}));
}

/// @throws DataError if each of the samples to train on, of these indices, has the weight 0
[[gnu::cold]] inline void check_any_counts(SampleWeighting weighting, std::span<const std::uint32_t> indices) {
  bool any = false;
  for (const std::uint32_t index : indices) any |= weighting.of(index) != 0;
  if (!any) throw DataError("eigencoder: fit: FitOptions.sample_weights: every sample to train on has the weight 0");
}

}  // namespace eigencoder::detail
