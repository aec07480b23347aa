#pragma once

#include <eigencoder/bottleneck/importance_weighted.hpp>
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/penalties/sparse.hpp>

/// @file
/// The well-known kinds of autoencoder by name. Each is an alias of `Autoencoder` with the policy or layer that defines
/// the kind: E is the encoder, D the decoder, L the loss, and further policies may follow.
///
///     VariationalAutoencoder<Encoder<Input<784>, Dense<400>, Relu, Dense<20>>> model;
namespace eigencoder {

/// The decoder is the mirror image of the encoder and shares its weights, transposed.
template <class E, class L = SquaredError, class... Policies>
using TiedAutoencoder = Autoencoder<E, Decoder<TiedMirror>, L, Policies...>;

/// Reconstructs samples from corrupted inputs: Vincent, Larochelle, Bengio & Manzagol 2008, "Extracting and composing
/// robust features with denoising autoencoders".
///
///     DenoisingAutoencoder<E, Decoder<Mirror>, SquaredError, GaussianNoise>
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class C = Masking, class... Policies>
using DenoisingAutoencoder = Autoencoder<E, D, L, Denoising<C>, Policies...>;

/// A penalty on the code keeps most of its units inactive.
///
///     SparseAutoencoder<E, Decoder<Mirror>, SquaredError, KlSparsity>
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class Penalty = L1, class... Policies>
using SparseAutoencoder = Autoencoder<E, D, L, Sparse<Penalty>, Policies...>;

/// Only the K largest values of the code stay: Makhzani & Frey 2013, "k-Sparse autoencoders".
template <Index K, class E, class D = Decoder<Mirror>, class L = SquaredError, class... Policies>
using KSparseAutoencoder = Autoencoder<typename E::template Append<TopK<K>>, D, L, Policies...>;

/// A penalty on the Jacobian of the code by the input: Rifai, Vincent, Muller, Glorot & Bengio 2011, "Contractive
/// auto-encoders".
///
///     ContractiveAutoencoder<E, Decoder<TiedMirror>, SquaredError, Probes>
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class Directions = Exact, class... Policies>
using ContractiveAutoencoder = Autoencoder<E, D, L, Contractive<Directions>, Policies...>;

/// Codes are drawn from a Gaussian posterior: Kingma & Welling 2014, "Auto-encoding variational Bayes".
template <class E, class D = Decoder<Mirror>, class L = Bernoulli, class... Policies>
using VariationalAutoencoder = Autoencoder<E, D, L, Variational<>, Policies...>;

/// A `VariationalAutoencoder`, whose beta is a value: Higgins et al. 2017, "beta-VAE".
///
///     BetaVariationalAutoencoder<E> model{Variational{KullbackLeibler{.beta = 4}}};
template <class E, class D = Decoder<Mirror>, class L = Bernoulli, class... Policies>
using BetaVariationalAutoencoder = VariationalAutoencoder<E, D, L, Policies...>;

/// Several codes per sample give a tighter bound: Burda, Grosse & Salakhutdinov 2016, "Importance weighted
/// autoencoders".
template <class E, class D = Decoder<Mirror>, class L = Bernoulli, class... Policies>
using ImportanceWeightedAutoencoder = Autoencoder<E, D, L, ImportanceWeighted, Policies...>;

/// The maximum mean discrepancy between codes and prior takes the place of the KL divergence: Tolstikhin, Bousquet,
/// Gelly & Schoelkopf 2018, "Wasserstein auto-encoders". With a likelihood as its loss it is an InfoVAE (Zhao, Song &
/// Ermon 2019).
template <class E, class D = Decoder<Mirror>, class L = SquaredError, class... Policies>
using WassersteinAutoencoder = Autoencoder<E, D, L, Variational<MaximumMeanDiscrepancy>, Policies...>;

/// Codes consist of vectors from a codebook of K: van den Oord, Vinyals & Kavukcuoglu 2017, "Neural discrete
/// representation learning".
template <Index K, class E, class D = Decoder<Mirror>, class L = SquaredError, class... Policies>
using VectorQuantizedAutoencoder = Autoencoder<E, D, L, VectorQuantized<K>, Policies...>;

}  // namespace eigencoder
