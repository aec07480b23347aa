#pragma once

#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// Which units of a code fire (are not 0), in inference. What every function throws for samples that do not suit the
/// model is what `Autoencoder::encode` throws.
namespace eigencoder {

/// On how many of the samples each unit of the code fires.
template <class Model>
std::vector<Index> firing_counts(const Model& model, View<typename Model::Scalar> samples) {
  const auto codes = model.encode(samples);
  std::vector<Index> counts(static_cast<std::size_t>(codes.rows()));
  for (Index j = 0; j < codes.cols(); ++j)
    for (Index i = 0; i < codes.rows(); ++i) counts[static_cast<std::size_t>(i)] += codes(i, j) != 0;
  return counts;
}

/// The units that fire on none of the samples, in order.
template <class Model>
std::vector<Index> dead_units(const Model& model, View<typename Model::Scalar> samples) {
  const std::vector<Index> counts = firing_counts(model, samples);
  std::vector<Index> dead;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] == 0) dead.push_back(static_cast<Index>(i));
  return dead;
}

/// How many units fire on a sample, on the mean over the samples (the L0 of sparse autoencoders).
template <class Model>
double mean_active_units(const Model& model, View<typename Model::Scalar> samples) {
  double sum = 0;
  for (const Index count : firing_counts(model, samples)) sum += static_cast<double>(count);
  return sum / static_cast<double>(samples.cols());
}

}  // namespace eigencoder
