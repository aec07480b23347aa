#pragma once

#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

/// @file
/// The codebook that a `VectorQuantized` model has learned, and the discrete codes of samples.
namespace eigencoder {

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
