#pragma once

#include <eigencoder/detail/bottleneck/nearest_code.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/view.hpp>

/// @file
/// What a `VectorQuantized` model has learned, and the indices that stand for its codes.
namespace eigencoder {

namespace detail {

template <class P>
inline constexpr bool quantizes = requires { requires P::quantizes; };

/// The codebook from the model's statistics, of which its own come last.
template <class Scalar>
struct HeldCodebook {
  Index codes, width;
  Buffer<Scalar> room;
  Codebook<Scalar> book;

  template <class Model>
  explicit HeldCodebook(const Model& model)
      : HeldCodebook(model.statistics().data(), *(model.layout().statistics_blocks().end() - 2),
                     model.layout().statistics_blocks().back()) {}

 private:
  template <class Block>
  HeldCodebook(const Scalar* statistics, const Block& counts, const Block& sums)
      : codes(counts.size), width(sums.size / codes), room(codebook_room(codes, width)),
        book(statistics + counts.offset, statistics + sums.offset, codes, width, room.data()) {}
};

}  // namespace detail

/// The codebook of a model with `VectorQuantized`: a code a column, code width x codes.
template <template <class...> class Model, class... Parts>
  requires(detail::quantizes<Parts> || ...)
auto codebook(const Model<Parts...>& model) {
  using Scalar = typename Model<Parts...>::Scalar;
  const detail::HeldCodebook<Scalar> held(model);
  MatrixX<Scalar> vectors(held.width, held.codes);
  for (Index k = 0; k < held.codes; ++k) held.book.copy(k, vectors.data() + k * held.width);
  return vectors;
}

/// Which codes stand for each sample, in the order of its vectors (the groups of a position side by side): indices into
/// the columns of `codebook`, vectors of a sample x samples. What it throws is what `Autoencoder::encode` throws.
template <template <class...> class Model, class... Parts>
  requires(detail::quantizes<Parts> || ...)
MatrixX<Index> code_indices(const Model<Parts...>& model, View<typename Model<Parts...>::Scalar> samples) {
  using Scalar = typename Model<Parts...>::Scalar;
  const MatrixX<Scalar> vectors = model.encode(samples);
  const detail::HeldCodebook<Scalar> held(model);
  MatrixX<Scalar> indices(vectors.rows() / held.width, vectors.cols());
  held.book.nearest(vectors.data(), indices.size(), indices.data());
  return indices.template cast<Index>();
}

}  // namespace eigencoder
