#pragma once

#include <cstddef>
#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// What the codes of samples say, in inference: which units are active, and which vectors of a codebook were chosen. A
/// unit is active on a sample where its value in the code is not 0.
///
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

/// A bottleneck that chooses its code vectors from a codebook, as `VectorQuantized` does: its `quantizes` is true.
template <class B>
concept QuantizingBottleneck = requires { requires B::quantizes; };

/// The codebook of a model: code size x number of codes, one code per column.
template <template <class...> class Model, class... Parts>
  requires(QuantizingBottleneck<Parts> || ...)
auto codebook(const Model<Parts...>& model) {
  using Scalar = typename Model<Parts...>::Scalar;
  const detail::ModelCodebook<Scalar> book(model);
  MatrixX<Scalar> vectors(book.width(), book.codes());
  for (Index k = 0; k < book.codes(); ++k) book->copy(k, vectors.data() + k * book.width());
  return vectors;
}

/// The indices of the codes that the encoder chooses for each sample, as columns of `codebook`: vectors of a sample x
/// samples. Vectors are in the order of their values in the code, so the groups of a position are next to each other.
/// @throws ShapeError, DataError as `Autoencoder::encode` does
template <template <class...> class Model, class... Parts>
  requires(QuantizingBottleneck<Parts> || ...)
MatrixX<Index> code_indices(const Model<Parts...>& model, View<typename Model<Parts...>::Scalar> samples) {
  using Scalar = typename Model<Parts...>::Scalar;
  const MatrixX<Scalar> vectors = model.encode(samples);
  const detail::ModelCodebook<Scalar> book(model);
  MatrixX<Scalar> indices(vectors.rows() / book.width(), vectors.cols());
  book->nearest(vectors.data(), indices.size(), indices.data());
  return indices.template cast<Index>();
}

}  // namespace eigencoder
