#pragma once

#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <vector>

namespace eigencoder {

/// Pretrains each layer as a denoising autoencoder of its own, for `pretrain`: it learns to reconstruct the codes that
/// the layers before it give, from corrupted ones. Without corruption, `NoCorruption{}`, these are the autoencoders of
/// Bengio et al. 2007.
///
///     pretrain(model, samples, GreedyAutoencoders{.corruption = Masking{.rate = 0.25},
///                                                 .layers = {{.fit = {.epochs = 20, .batch_size = 100}}}});
///
/// The autoencoder of a layer is made of the layer, what follows it up to the next one, and the part of the decoder
/// that undoes it, tied if the model's is. The first one has the model's loss. The others have `Bernoulli`, the
/// cross-entropy, if a `Sigmoid` gave the codes and the decoder gives them by a `Sigmoid` too, else `SquaredError`.
/// Training of a layer begins with the values that the model has.
///
/// Sources: Bengio, Lamblin, Popovici & Larochelle, "Greedy layer-wise training of deep networks" (2007), section 4;
/// Vincent et al., "Stacked denoising autoencoders" (2010), section 3, for corruption and, in section 4.1, for losses;
/// Masci et al., "Stacked convolutional auto-encoders" (2011), for convolutions.
template <Corruption C = Masking, Optimizer O = Adam, class Scalar = float>
struct GreedyAutoencoders {
  C corruption = {};  ///< of the samples, and of the codes from which each further layer learns
  O optimizer = {};   ///< of every layer
  /// One for each layer, or one that serves all.
  std::vector<LayerOptions<Scalar>> layers = std::vector<LayerOptions<Scalar>>(1);
};

}  // namespace eigencoder
