#pragma once

#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/pretraining/contrastive_divergence.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <vector>

namespace eigencoder {

/// Pretrains each layer as a restricted Boltzmann machine, for `pretrain`: it learns the distribution of the codes that
/// the layers before it give, which are the probabilities or means of their units. Its weights become those of the
/// layer and, transposed, of the decoder's layer that undoes it; the biases of its hidden and visible units become
/// theirs.
///
///     pretrain(model, samples, GreedyRbms{.layers = {{.fit = {.epochs = 20, .batch_size = 100}}}});
///
/// For models of `Dense` layers with biases, each followed by `Sigmoid`, whose units are then `BernoulliUnits`, by
/// `Relu`, `RectifiedUnits`, or by nothing, `GaussianUnits`. The first machine's visible units are `BernoulliUnits`
/// under a `Bernoulli` loss or after a `Sigmoid`, `GaussianUnits` under `SquaredError` or `Gaussian`; those of the next
/// are `BernoulliUnits` after a `Sigmoid`, else `GaussianUnits`, whose variance is 1. A machine begins with the
/// parameters that `Rbm::initialize` draws from the seed of the layer, not with those of the model.
///
/// Machines of Gaussian units diverge at learning rates for Bernoulli units; with `Sgd` theirs is smaller by one or two
/// orders of magnitude (Hinton, "A practical guide to training restricted Boltzmann machines" (2010), section 13.2).
///
/// Sources: Hinton, Osindero & Teh, "A fast learning algorithm for deep belief nets" (2006), section 4; Hinton &
/// Salakhutdinov, "Reducing the dimensionality of data with neural networks" (2006); Nair & Hinton, "Rectified linear
/// units improve restricted Boltzmann machines" (2010).
template <class Sampling = ContrastiveDivergence, Optimizer O = Adam, class Scalar = float>
struct GreedyRbms {
  Sampling sampling = {};    ///< `ContrastiveDivergence` or `PersistentContrastiveDivergence`, of every machine
  O optimizer = {};          ///< of every machine
  double weight_decay = 0;   ///< as `WeightDecay::weight`, at least 0
  /// One for each layer, or one that serves all.
  std::vector<LayerOptions<Scalar>> layers = std::vector<LayerOptions<Scalar>>(1);
};

}  // namespace eigencoder
