#pragma once

#include <cstddef>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// The activity of a code's units, in inference. A unit is active on a sample where its value in the code is not 0.
/// All functions throw for samples that do not fit the model what `Autoencoder::encode` throws.
namespace eigencoder {

/// For each unit of the code, the number of samples on which it is active.
/// @throws ShapeError, DataError as `Autoencoder::encode` does
template <class Model>
std::vector<Index> activation_counts(const Model& model, View<typename Model::Scalar> samples) {
  const auto codes = model.encode(samples);
  std::vector<Index> counts(static_cast<std::size_t>(codes.rows()));
  for (Index j = 0; j < codes.cols(); ++j)
    for (Index i = 0; i < codes.rows(); ++i) counts[static_cast<std::size_t>(i)] += codes(i, j) != 0;
  return counts;
}

/// The units that are active on none of the samples, in ascending order.
/// @throws ShapeError, DataError as `Autoencoder::encode` does
template <class Model>
std::vector<Index> dead_units(const Model& model, View<typename Model::Scalar> samples) {
  const std::vector<Index> counts = activation_counts(model, samples);
  std::vector<Index> dead;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] == 0) dead.push_back(static_cast<Index>(i));
  return dead;
}

/// The mean number of active units per sample: the L0 of sparse autoencoders.
/// @throws ShapeError, DataError as `Autoencoder::encode` does
template <class Model>
double mean_active_units(const Model& model, View<typename Model::Scalar> samples) {
  double sum = 0;
  for (const Index count : activation_counts(model, samples)) sum += static_cast<double>(count);
  return sum / static_cast<double>(samples.cols());
}

}  // namespace eigencoder
