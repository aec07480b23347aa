#pragma once

#include <eigencoder/bottleneck/importance_weighted.hpp>
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/squared_error.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/penalties/sparse.hpp>

/// @file
/// Short names for what people ask for by name. Each is an `Autoencoder` with the policy that makes it so; E is the
/// encoder, D the decoder, L the loss, and further policies may follow.
///
///     VariationalAutoencoder<Encoder<Input<784>, Dense<400>, Relu, Dense<20>>> model;
namespace eigencoder {

namespace detail {

/// An encoder with one more layer at its end.
template <class E, class Layer>
struct Extended;
template <class In, class... Layers, class Layer>
struct Extended<Encoder<In, Layers...>, Layer> {
  using type = Encoder<In, Layers..., Layer>;
};

}  // namespace detail

/// The decoder is the encoder's mirror image with the same weights, transposed.
template <class E, class L = SquaredError, class... Policies>
using TiedAutoencoder = Autoencoder<E, Decoder<TiedMirror>, L, Policies...>;

/// Vincent et al. 2008. `DenoisingAutoencoder<E, Decoder<Mirror>, SquaredError, GaussianNoise>`
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class C = Masking, class... Policies>
using DenoisingAutoencoder = Autoencoder<E, D, L, Denoising<C>, Policies...>;

/// Few units fire, by a penalty on the code. `SparseAutoencoder<E, Decoder<Mirror>, SquaredError, KlSparsity>`
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class Penalty = L1, class... Policies>
using SparseAutoencoder = Autoencoder<E, D, L, Sparse<Penalty>, Policies...>;

/// Makhzani & Frey 2013: the K largest values of the code fire.
template <Index K, class E, class D = Decoder<Mirror>, class L = SquaredError, class... Policies>
using KSparseAutoencoder = Autoencoder<typename detail::Extended<E, TopK<K>>::type, D, L, Policies...>;

/// Rifai et al. 2011. `ContractiveAutoencoder<E, Decoder<TiedMirror>, SquaredError, Probes>`
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class Directions = Exact, class... Policies>
using ContractiveAutoencoder = Autoencoder<E, D, L, Contractive<Directions>, Policies...>;

/// Kingma & Welling 2014.
template <class E, class D = Decoder<Mirror>, class L = Bernoulli, class... Policies>
using VariationalAutoencoder = Autoencoder<E, D, L, Variational<>, Policies...>;

/// Higgins et al. 2017: the same type, as beta is a value.
/// `BetaVariationalAutoencoder<E> model{Variational{KullbackLeibler{.beta = 4}}}`
template <class E, class D = Decoder<Mirror>, class L = Bernoulli, class... Policies>
using BetaVariationalAutoencoder = VariationalAutoencoder<E, D, L, Policies...>;

/// Burda, Grosse & Salakhutdinov 2016.
template <class E, class D = Decoder<Mirror>, class L = Bernoulli, class... Policies>
using ImportanceWeightedAutoencoder = Autoencoder<E, D, L, ImportanceWeighted, Policies...>;

/// Tolstikhin et al. 2018; InfoVAE (Zhao et al. 2019) with a likelihood for a loss.
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class... Policies>
using WassersteinAutoencoder = Autoencoder<E, D, L, Variational<MaximumMeanDiscrepancy>, Policies...>;

/// van den Oord, Vinyals & Kavukcuoglu 2017, with K vectors in the codebook.
template <Index K, class E, class D = Decoder<Mirror>, class L = SquaredError, class... Policies>
using VectorQuantizedAutoencoder = Autoencoder<E, D, L, VectorQuantized<K>, Policies...>;

}  // namespace eigencoder
